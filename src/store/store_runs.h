// SPDX-License-Identifier: MIT
/* Writing rows of runs, within a transaction. */
#ifndef STORE_STORE_RUNS_H
#define STORE_STORE_RUNS_H

#include "fmnist/store/run.h"
#include "store/database.h"

/* Adds a run's settings and state, and sets run->id. */
bool run_insert(struct database *database, struct run_row *run, struct error *err);

/* Says that the run goes on here: host, program, kernels, threads. */
bool run_take_up(struct database *database, const struct run_row *run, struct error *err);

/* Writes state and progress. */
bool run_update(struct database *database, const struct run_row *run, struct error *err);

#endif
