// SPDX-License-Identifier: MIT
#include "cli/resuming.h"

#include <stdbool.h>
#include <stdlib.h>

#include "cli/shell_word.h"

/* What has started the ranks: mpirun tells the library so; Slurm alone leaves only its own word. */
static const char *launcher(void)
{
    bool slurm =
        getenv("SLURM_STEP_ID") && !getenv("OMPI_COMM_WORLD_SIZE") && !getenv("MPI_LOCALNRANKS");
    return slurm ? "srun" : "mpirun";
}

void resuming_write(FILE *out, const struct comm *comm, const char *store, const char *run)
{
    if (comm && comm_size(comm) > 1)
        (void)fprintf(out, "%s -n %u fmnist-tui-mpi train", launcher(), comm_size(comm));
    else
        (void)fputs("fmnist-tui", out);
    (void)fprintf(out, " --resume %s", run);
    shell_word_option(out, "store", store);
    (void)fputc('\n', out);
}
