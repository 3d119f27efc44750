// SPDX-License-Identifier: MIT
/* The evaluations of the stored runs that are looked at, read once and again when there are more.
 * Main thread. */
#ifndef FMNIST_TUI_RUN_CURVES_H
#define FMNIST_TUI_RUN_CURVES_H

#include "fmnist/store/store.h"
#include "tui/run_chart.h"
#include "tui/run_table.h"

/* What was read of a run; zeroed, nothing. */
struct run_curve {
    int64_t run;
    uint64_t step; /* of the run when it was read */
    unsigned resumes;
    struct run_chart_point *points;
    size_t count;
};

/* Zeroed, it is empty. */
struct run_curves {
    struct run_curve curves[RUN_MARKS_MAX];
    size_t count;
};

void run_curves_clear(struct run_curves *curves);

/* Makes them those of the given runs, in that order; reads from the store what is not there yet.
 * Runs that cannot be read have no points. */
void run_curves_follow(struct run_curves *curves, struct store *store,
                       const struct run_row *const *runs, size_t count);

#endif
