// SPDX-License-Identifier: MIT
/*
 * Records what a trainer does in a run store: a struct recorder with a thread that writes. The
 * trainer never waits for it; what it is given is shared by reference or, where new of the same
 * kind comes faster than it can be written, replaced by it. When the disk is full or the database
 * cannot be written (or is locked for long) recorder_operations.ready() becomes false, so that the
 * trainer waits, until that has passed.
 *
 * Order of calls, all but what the trainer calls on one thread: run_recorder_create(),
 * trainer_create() with run_recorder_interface(), run_recorder_connect() with trainer_session(),
 * ..., run_recorder_connect(NULL), trainer_destroy(), run_recorder_finish().
 */
#ifndef FMNIST_STORE_RUN_RECORDER_H
#define FMNIST_STORE_RUN_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/store/store.h"
#include "fmnist/train/recorder.h"
#include "fmnist/train/session.h"

struct run_recorder;

/* A run that a model's first life goes on with, from its checkpoint of that step. */
struct run_resumed {
    int64_t run; /* 0: none, a new run */
    uint64_t step;
};

struct run_recorder_settings {
    const struct store *store; /* opened for writing; the recorder opens its folder anew */
    const char *name;          /* of new runs; NULL: none */
    size_t keep;               /* checkpoints of a run beside the best and the last */
    struct run_resumed resumed[SNAPSHOT_MODELS_MAX]; /* by number of the network */
};

enum { RUN_RECORDER_KEEP = 0 }; /* what `keep` is where nobody says otherwise */

/* Opens the store and starts the thread; takes the resumed runs into its hands. Nothing is written
 * before the trainer has published something. NULL with `err` set where that is not possible, such
 * as when another program has a resumed run. */
struct run_recorder *run_recorder_create(const struct run_recorder_settings *settings,
                                         struct error *err);

/* For struct trainer_settings; good until run_recorder_finish(). */
struct recorder run_recorder_interface(struct run_recorder *recorder);

/* Tells where to send commands: RUN_REFRESH when the trainer should look at its recorder again, and
 * what other programs left in the store for the active model. They are sent on the recorder's
 * thread. NULL: nowhere; then the session that was set before is not used any more after return. */
void run_recorder_connect(struct run_recorder *recorder, const struct session *session);

/* After the trainer has ended: writes what is left, says in the store how each run ended
 * (`interrupted`: by a signal), ends the thread and frees all. `runs` (may be NULL) gets the run of
 * each model's last life, 0 where there is none. False with `err` set where something
 * is not in the store that should be, such as a last checkpoint that could not be written. */
bool run_recorder_finish(struct run_recorder *recorder, bool interrupted,
                         int64_t runs[SNAPSHOT_MODELS_MAX], struct error *err);

#endif
