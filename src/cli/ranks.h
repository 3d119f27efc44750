// SPDX-License-Identifier: MIT
/*
 * Training on several ranks (fmnist/comm/comm.h) as a user of mpirun meets it: how many threads a
 * rank takes, what is wrong with how they are bound to CPUs, and what the exchange took.
 */
#ifndef FMNIST_CLI_RANKS_H
#define FMNIST_CLI_RANKS_H

#include <stdio.h>

#include "cli/options.h"

/* Sets the rank's threads unless they were given, and says on `out` who takes part and what keeps
 * them from using the host's CPUs. All ranks must call it; one that is not rank 0 writes nothing.
 * False with `err` set where the ranks cannot talk. */
bool ranks_prepare(struct trainer_settings *settings, bool threads_given, FILE *out,
                   struct error *err);

/* How long a path can be that ranks tell one another. */
enum { RANKS_PATH_SIZE = 4096 };

/* Gives all ranks the settings that rank 0 has found, `good` telling whether it has; all ranks must
 * call it. A run that goes on takes its data from where they were, unless a rank's options name
 * others; `directory` is to live as long as the settings. False where not, with `err` set on the
 * others. */
bool ranks_share(const struct options *options, struct trainer_settings *settings, bool good,
                 char directory[RANKS_PATH_SIZE], struct error *err);

/* Says what was sent and how long ranks waited, of a run of so many seconds; nothing where there is
 * one rank. */
void ranks_report(const struct comm *comm, double seconds, FILE *out);

#endif
