// SPDX-License-Identifier: MIT
/* The curves of a run: written within a transaction, cut, and read. */
#ifndef STORE_STORE_CURVES_H
#define STORE_STORE_CURVES_H

#include "fmnist/store/store.h"
#include "store/database.h"

/* Where curves end: with the steps up to `step`, and so many points of the others. */
struct curve_end {
    uint64_t step;
    uint64_t epochs, events;
};

/* Writes the history's points from those of `from` on to those of `to`. */
bool curves_write(struct database *database, int64_t run, const struct history *history,
                  struct history_counts from, struct history_counts to, struct error *err);

/* Drops the points beyond that. */
bool curves_cut(struct database *database, int64_t run, struct curve_end end, struct error *err);

/* Appends what the run has beyond *counts up to that end. */
bool curves_read(struct database *database, int64_t run, struct curve_end end,
                 struct history *history, struct history_counts *counts, struct error *err);

/* Adds an event that is no point of the curves. */
bool event_write(struct database *database, int64_t run, const struct run_event *event,
                 struct error *err);

#endif
