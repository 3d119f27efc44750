// SPDX-License-Identifier: MIT
/* What the command `runs` writes, for people and for programs. */
#ifndef FMNIST_CLI_RUNS_H
#define FMNIST_CLI_RUNS_H

#include <stdbool.h>
#include <stdio.h>

#include "fmnist/base/error.h"
#include "fmnist/store/store.h"
#include "tui/look.h"
#include "tui/run_table.h"

/* All there is to tell of one run. */
struct run_report {
    struct run_row row;
    struct run_evaluation *evaluations;
    struct run_event *events;
    struct run_checkpoint *checkpoints;
    size_t evaluation_count, event_count, checkpoint_count;
};

/* Writes the runs that the table shows, those of one run, or where some differ, as wide as the
 * terminal is. */
bool runs_write_list(FILE *out, const struct run_table *table, const struct look *look,
                     struct error *err);
bool runs_write_report(FILE *out, const struct run_report *report, struct error *err);
bool runs_write_comparison(FILE *out, const struct run_row *const *runs, size_t count,
                           struct error *err);

/* The same as one JSON document each, as the man page describes them: all figures of the runs. */
bool runs_write_list_json(FILE *out, const struct run_table *table, struct error *err);
bool runs_write_report_json(FILE *out, const struct run_report *report, struct error *err);
bool runs_write_comparison_json(FILE *out, const struct run_row *const *runs, size_t count,
                                struct error *err);

#endif
