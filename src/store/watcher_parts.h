// SPDX-License-Identifier: MIT
/* What the files of the watcher share: watcher.c (its life and its thread), watcher_obey.c (what
 * commands do), watcher_survey.c (looks into the network) and watcher_report.c (snapshots, and the
 * data they refer to). All functions: the
 * watcher's thread, or its creator before that runs. */
#ifndef FMNIST_STORE_WATCHER_PARTS_H
#define FMNIST_STORE_WATCHER_PARTS_H

#include <pthread.h>

#include "fmnist/store/watcher.h"
#include "store/run_data.h"
#include "store/survey.h"
#include "store/watched.h"

/* The number in a RUN_STOP that is for the program which trains the run: 0 ends the watcher. */
enum { WATCHER_STOP_RUN = 1 };

/* Data sets that were loaded stay until the end: snapshots may refer to them. */
struct loaded_data {
    struct loaded_data *next;
    struct dataset *dataset;
};

/* All but queue and mailbox, which have locks of their own, belongs to the thread once it runs. */
struct watcher {
    struct queue *queue;
    struct mailbox *mailbox;
    pthread_t thread;
    bool thread_runs; /* creator's thread only */

    struct store *store;
    struct store *writer; /* NULL: nothing is steered */
    char *directory;
    struct run_data_place place;

    struct watched runs[SNAPSHOT_MODELS_MAX]; /* by number of the network */
    size_t active;
    struct loaded_data *data;
    const struct dataset *dataset; /* of the runs; NULL: not loaded yet */
    double load_progress;

    enum trainer_state phase; /* LOADING, FAILED, or TRAINING for all else */
    bool stop;
    double looked_at;        /* clock_seconds() of the last look at the store */
    struct observation wish; /* what is wanted beside the figures */
    struct survey *survey;
    struct survey_order ordered; /* of it, last */
    struct survey_result seen;   /* what came of that or an order before for the same run */
    bool unseen;                 /* there is nothing to look into */
    double survey_at;            /* when newer weights are to be read, clock_seconds() */

    bool playing;       /* the active run, which has ended, */
    double played_at;   /* since then, */
    uint64_t play_from; /* from that step on */
    struct error notice;
    double notice_until; /* clock_seconds() */
    bool unpublished;    /* something has changed since the newest snapshot */
    uint64_t published;  /* number of snapshots */
};

static inline struct watched *watcher_active(struct watcher *watcher)
{
    return &watcher->runs[watcher->active];
}

/* Sets the notice for a while. */
void watcher_notice(struct watcher *watcher, const struct error *notice);

/* Tells that a run which was followed has ended, and how. */
void watcher_tell_end(struct watcher *watcher, const struct watched *watched);

/* Puts a run into its model's place and makes it the one that is shown. False with `err` set, and
 * the place as it was. */
bool watcher_open_run(struct watcher *watcher, const struct run_row *row, struct error *err);

/* Whether a run can be shown beside those that are open. */
bool watcher_check_pair(const struct watcher *watcher, const struct run_row *row,
                        struct error *err);

/* Takes what the survey has seen, and orders what is wanted and not seen yet. */
void watcher_look_into(struct watcher *watcher);

/* Adds what was seen to the active model's snapshot. */
void watcher_describe_look(const struct watcher *watcher, struct learner_snapshot *learner);

void watcher_obey(struct watcher *watcher, const struct run_command *command);

/* Makes the run's data the watcher's, from those that are loaded or from where they are. */
bool watcher_load_data(struct watcher *watcher, const struct run_row *row, struct error *err);
void watcher_release_data(struct watcher *watcher);

/* Writes the watcher's state into an empty snapshot. */
void watcher_describe(const struct watcher *watcher, struct snapshot *snapshot);

void watcher_publish(struct watcher *watcher);

#endif
