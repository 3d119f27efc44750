// SPDX-License-Identifier: MIT
/*
 * A stored run as a learner of a snapshot. While it goes on it is read piece by piece as it grows;
 * once it has ended it can be seen as it was after any step. Watcher's thread.
 */
#ifndef FMNIST_STORE_WATCHED_H
#define FMNIST_STORE_WATCHED_H

#include "fmnist/store/store.h"
#include "fmnist/train/snapshot.h"

/* Zeroed, it is empty. */
struct watched {
    const struct network_spec *spec; /* NULL: no run */
    struct run_row row;
    bool followed; /* somebody trains it, and not to its end yet; else it is seen after step
                      `cursor` */

    /* All that the store has of it. */
    struct history *history;
    struct history_counts counts;
    const struct archive *archive;     /* while it goes on, figures; answers come when asked for */
    const struct evaluation *answered; /* while it goes on: the newest with answers */
    double answered_at;                /* clock_seconds() of the last look for newer answers */
    const struct evaluation *test;
    const struct anatomy *anatomy;
    double anatomy_at; /* clock_seconds() of the last look for a newer one */

    uint64_t cursor;
    size_t cursor_epochs;                 /* evaluations up to there, */
    const struct archive *cursor_archive; /* and those of them whose answers are kept */
};

/* Reads a run into an empty place; one that has ended is seen at its end. False with `err` set. */
bool watched_open(struct watched *watched, struct store *store, const struct run_row *row,
                  struct error *err);

/* Gives all references back; empty then. */
void watched_close(struct watched *watched);

/* Reads what is new. A run that ends meanwhile is seen at its end from then on. False with `err`
 * set; what was read before stays. */
bool watched_refresh(struct watched *watched, struct store *store, struct error *err);

/* Reads the answers that somebody wants to see and that are not there yet, those of the newest
 * evaluation at most about once a second: `newest` for those, `step` for those after that step of
 * the run (0: none). Sets *news where there are more now. False with `err` set. */
bool watched_read_answers(struct watched *watched, struct store *store, bool newest, uint64_t step,
                          bool *news, struct error *err);

/* Moves the cursor, at most to the run's last step; of a run that has ended. */
bool watched_move(struct watched *watched, struct store *store, uint64_t step, struct error *err);

bool watched_at_end(const struct watched *watched);

/* What a trainer would say of its state: TRAINING, PAUSED, WAITING or FINISHED. */
enum trainer_state watched_state(const struct watched *watched);

/* Writes what a snapshot says of it, with references for the snapshot to release. */
void watched_describe(const struct watched *watched, struct learner_snapshot *snapshot);

#endif
