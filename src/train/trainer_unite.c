// SPDX-License-Identifier: MIT
/* Ranks that share a host, and what becomes of them. */
#include <stdlib.h>
#include <string.h>

#include "fmnist/comm/unite.h"
#include "train/trainer_parts.h"

/* Whether this rank may share: adding up is not left to MPI, and it was not told to send messages.
 */
static bool is_willing(const struct trainer *trainer)
{
    const char *wish = getenv("FMNIST_SHARE");
    return !trainer->settings.fast_reduce && !(wish && strcmp(wish, "no") == 0);
}

bool trainer_unite(struct trainer *trainer, struct error *err)
{
    return !trainer_shares(trainer) || comm_unite(trainer->settings.comm, trainer->pool,
                                                  is_willing(trainer), &trainer->team, err);
}

bool trainer_lost(const struct trainer *trainer, struct error *err)
{
    struct comm *comm = trainer->settings.comm;
    unsigned process;
    if ((comm && comm_failed(comm, err)) || (trainer->team && comm_failed(trainer->team, err)))
        return true;
    if (!trainer->pool || !pool_lost(trainer->pool, &process))
        return false;
    unsigned rank = 0; /* the host's first */
    while (strcmp(comm_host(comm, rank), comm_host(comm, comm_rank(comm))) != 0)
        rank++;
    if (process < comm_local_size(comm))
        comm_blame(comm, rank + process, err);
    else
        error_set(err, ERROR_SYSTEM, "another rank on %s misses one that has not answered",
                  comm_host(comm, rank));
    return true;
}
