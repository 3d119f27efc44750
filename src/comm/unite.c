// SPDX-License-Identifier: MIT
#include "fmnist/comm/unite.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What each rank tells the others. */
struct partner {
    bool willing;
    unsigned threads;
};

/* Whether there is somebody to share with, and all may. */
static bool agreed(const struct comm *comm, const struct partner *all)
{
    unsigned hosts = comm_host_count(comm);
    bool willing = hosts > 0 && hosts < comm_size(comm);
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        willing = willing && all[rank].willing;
    return willing;
}

static void *map_shared(void *context, size_t bytes, struct error *err)
{
    return comm_share(context, bytes, err);
}

static struct pool_partners count_partners(struct comm *comm, const struct partner *all)
{
    unsigned own = comm_rank(comm);
    struct pool_partners partners = {.limit = comm_limit(comm),
                                     .hurried_at = comm_hurried(comm),
                                     .map = map_shared,
                                     .context = comm};
    for (unsigned rank = 0; rank < comm_size(comm); rank++) {
        if (strcmp(comm_host(comm, rank), comm_host(comm, own)) != 0)
            continue;
        if (rank == own) {
            partners.process = partners.processes;
            partners.first = partners.workers;
        }
        partners.processes++;
        partners.workers += all[rank].threads;
    }
    return partners;
}

static bool meet_partners(void *context)
{
    return pool_meet(context);
}

static void give_up(void *context)
{
    pool_give_up(context);
}

/* Makes the pools common and divides work among hosts, where the ranks can have memory for it. */
static bool join(struct comm *comm, struct pool *pool, const struct partner *all,
                 struct comm **team, struct error *err)
{
    struct pool_partners partners = count_partners(comm, all);
    /* Where there is none they send messages; if ranks were lost, that will tell. */
    partners.memory =
        comm_share(comm, pool_partners_size(partners.processes, partners.workers), NULL);
    if (!partners.memory)
        return true;
    pool_join(pool, &partners);
    *team = NULL;
    if (comm_host_count(comm) == 1)
        return true;
    const struct comm_mates mates = {meet_partners, give_up, pool};
    *team = comm_hosts(comm, &mates, err);
    return *team;
}

bool comm_unite(struct comm *comm, struct pool *pool, bool willing, struct comm **team,
                struct error *err)
{
    *team = comm;
    struct partner *all = memory_array(comm_size(comm), sizeof *all, err);
    if (!all)
        return false;
    all[comm_rank(comm)] = (struct partner){willing, pool_threads(pool)};
    bool good = comm_gather(comm, all, sizeof *all) &&
                (!agreed(comm, all) || join(comm, pool, all, team, err));
    free(all);
    return good && !comm_failed(comm, err);
}
