// SPDX-License-Identifier: MIT
/*
 * The stored runs as the user wants to see them: those that a filter takes, in some order, one
 * selected, some marked. Needs no terminal. Main thread only.
 *
 * A filter is some words, all of which a run must match: a part of its name, number, model, state,
 * data or host, or one of val, test and epochs with <, > or = and a number, such as val>88.5.
 */
#ifndef FMNIST_TUI_RUN_TABLE_H
#define FMNIST_TUI_RUN_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/store/run.h"

enum run_order {
    RUN_ORDER_NEWEST,
    RUN_ORDER_BEST, /* on validation images */
    RUN_ORDER_TEST,
    RUN_ORDER_TIME, /* longest training first */
    RUN_ORDER_NAME,
    RUN_ORDERS,
};

enum { RUN_FILTER_SIZE = 256, RUN_MARKS_MAX = 8 };

/* Zeroed, it is empty. */
struct run_table {
    struct run_row *runs; /* by rising id */
    size_t count;
    size_t *order; /* those that are shown: their places in `runs` */
    size_t shown;
    size_t selected; /* place in `order` */
    enum run_order sort;
    char filter[RUN_FILTER_SIZE]; /* as typed; empty: all */
    int64_t marks[RUN_MARKS_MAX]; /* ids, in the order of marking */
    size_t mark_count;
};

void run_table_clear(struct run_table *table);

/* Takes the store's newest list over, which the table frees; the selection stays on its run, and
 * marks of runs that are gone go. False with `err` set where memory is short; the table is as it
 * was then. */
bool run_table_take(struct run_table *table, struct run_row *runs, size_t count, struct error *err);

/* The run that is shown at a place; the selected one, NULL where none is shown. */
const struct run_row *run_table_at(const struct run_table *table, size_t place);
const struct run_row *run_table_selected(const struct run_table *table);

/* Moves the selection, at most to the first or the last run. */
void run_table_move(struct run_table *table, long distance);
void run_table_select(struct run_table *table, size_t place);

/* The next order. */
void run_table_sort_next(struct run_table *table);
const char *run_table_order_name(enum run_order order);

/* Takes another filter. False with `err` set where it makes no sense, and the filter as it was. */
bool run_table_set_filter(struct run_table *table, const char *text, struct error *err);

/* Marks the selected run, or takes its mark away; false where RUN_MARKS_MAX are marked. */
bool run_table_mark(struct run_table *table);

/* Marks all that are shown, as many as can be; or, where something is marked, takes all marks
 * away. */
void run_table_mark_all(struct run_table *table);
bool run_table_is_marked(const struct run_table *table, int64_t id);

/* The runs to look at together: the marked ones, in the order of marking, else the selected one.
 * `runs` has room for RUN_MARKS_MAX; returns how many. */
size_t run_table_chosen(const struct run_table *table, const struct run_row **runs);

#endif
