// SPDX-License-Identifier: MIT
/*
 * A stored run behind the screens: a session (train/session.h) without a trainer. A run of another
 * process is shown as it goes on, less than a second behind; one that has ended is replayed: it is
 * seen as it was after any of its steps, the last one at first, and commands move through it.
 *
 * A thread looks at the store four times a second, which costs next to nothing while nothing has
 * changed. Functions are for the main thread and never wait for it.
 */
#ifndef FMNIST_STORE_WATCHER_H
#define FMNIST_STORE_WATCHER_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/store/store.h"
#include "fmnist/train/session.h"

struct watcher;

struct watcher_settings {
    const char *store;          /* its folder; NULL: as store_open() */
    int64_t run;                /* the one that is shown */
    int64_t other;              /* one of another model, for comparison; 0: none */
    bool steer;                 /* commands go to the program that trains the run */
    const char *data_directory; /* where the images are; NULL: where the run had them */
    bool sample;                /* they are the embedded sample */
};

/* Opens the store, finds the runs and starts the thread, which loads the images. NULL with `err`
 * set where there is no such run, or the two are of one model or of different data. Images that are
 * not there make the session fail (TRAINER_FAILED). */
struct watcher *watcher_create(const struct watcher_settings *settings, struct error *err);

/* Ends the thread. Snapshots' pointers to the data set are dead after it. */
void watcher_destroy(struct watcher *watcher);

/* Of commands it takes
 *   - RUN_SWITCH to the other model, where that is watched, and RUN_OPEN;
 *   - in a replay those that mean a step of the run: RUN_RESUME plays, from the start where it is
 *     at the end, RUN_PAUSE, RUN_STEP, RUN_REACH, RUN_END_EPOCH, RUN_RESTART;
 *   - with `steer` all others, for the program that trains the run.
 * What it does not take a notice tells. */
struct session watcher_session(struct watcher *watcher);

#endif
