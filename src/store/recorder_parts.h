// SPDX-License-Identifier: MIT
/*
 * What the files of the recorder share: run_recorder.c (its life, and what the trainer's thread
 * calls), recorder_inbox.c (what it was given and has not been written yet), recorder_writer.c
 * (its thread: when to write, and what to do where that fails), recorder_rows.c (a transaction),
 * recorder_learner.c (a learner's part in it), recorder_saves.c (checkpoints).
 */
#ifndef STORE_RECORDER_PARTS_H
#define STORE_RECORDER_PARTS_H

#include <pthread.h>

#include "fmnist/store/run_recorder.h"
#include "store/waiting_saves.h"

/* Training waits where half as many items wait. */
enum { INBOX_MAX = 128 };

/* Something that is to be written, in the order in which it came. */
struct recorder_item {
    size_t model;
    unsigned life;
    const struct evaluation *evaluation; /* a finished one; or NULL: the life has ended, */
    const struct snapshot *last;         /* as this shows last, */
    struct waiting_saves saves;          /* with these checkpoints. */
    int64_t run;                         /* of a life that has ended, once that is written; */
    int lock;                            /* and its lock; else 0 and -1 */
    bool written;                        /* the rows are; its checkpoints may be left */
};

/* What is only there while a snapshot with the data set is published. */
struct recorder_facts {
    bool known;
    char data_name[RUN_DATA_NAME_SIZE], data_source[RUN_PATH_SIZE], data_sha256[RUN_HASH_SIZE];
};

/* What came from the trainer and waits. Guarded by its lock. */
struct recorder_inbox {
    pthread_mutex_t lock;
    pthread_cond_t arrived; /* something, or `stop` */
    struct recorder_facts facts;
    const struct snapshot *newest; /* with a reference; NULL before the first */
    struct recorder_item items[INBOX_MAX];
    size_t item_count;
    size_t batch_count; /* items that were taken and are not written yet */
    bool draining;      /* too many waited, and not all have been written */
    struct waiting_saves saves[SNAPSHOT_MODELS_MAX];
    bool saving;     /* some were taken and are not written yet */
    double saves_at; /* when it is time for those that are not urgent; clock.h */
    bool stop;

    double commands_at;   /* when to look for others' commands; infinite: never */
    struct error blocked; /* why training has to wait; or ERROR_NONE */
    struct learner_record records[SNAPSHOT_MODELS_MAX];
    unsigned record_lives[SNAPSHOT_MODELS_MAX];
};

/* What the writer knows of a model's life that it records. */
struct recorded_life {
    int64_t run;   /* 0: none yet */
    unsigned life; /* of that run */
    int lock;      /* of the run; -1: none */
    bool taken_up; /* a run that is resumed is ready to go on */
    bool swept;    /* no files of forgotten checkpoints are left */
    struct history_counts written;
    struct run_row row;             /* as it was written last, but for moments */
    uint64_t norms_step, idle_step; /* of the anatomy that was written last */
    double step_seconds;
};

struct run_recorder {
    struct store *store; /* writer's thread */
    char name[RUN_NAME_SIZE];
    size_t keep;
    struct run_resumed resumed[SNAPSHOT_MODELS_MAX];
    struct recorder_inbox inbox;
    pthread_t thread;
    bool interrupted; /* set before `inbox.stop` */

    pthread_mutex_t session_lock; /* guards the next two */
    bool connected;
    struct session session;

    /* Writer's thread, and who has joined it. */
    struct recorder_facts facts;
    struct recorded_life lives[SNAPSHOT_MODELS_MAX];
    struct recorder_item batch[INBOX_MAX];
    size_t batch_count;
    const struct snapshot *snapshot;                 /* that is being written, with a reference */
    struct waiting_saves saves[SNAPSHOT_MODELS_MAX]; /* taken with it, so not ahead of it */
    bool notice_told; /* the snapshot's notice is recorded as an event */
    size_t active;    /* model of the snapshot written last */
    bool active_known;
    double rows_at, retry_at; /* when each is to be done again; clock.h */
    struct error failure;     /* what lost something for good; or ERROR_NONE */
};

bool inbox_create(struct recorder_inbox *inbox, struct error *err);
void inbox_destroy(struct recorder_inbox *inbox); /* releases what waits */

/* Trainer's thread. */
void inbox_publish(struct recorder_inbox *inbox, const struct snapshot *snapshot);
void inbox_evaluated(struct recorder_inbox *inbox, size_t model, unsigned life,
                     const struct evaluation *evaluation);
void inbox_save(struct recorder_inbox *inbox, size_t model, unsigned life,
                const struct checkpoint *checkpoint);
bool inbox_busy(struct recorder_inbox *inbox);
bool inbox_ready(struct recorder_inbox *inbox, struct error *why);
struct learner_record inbox_describe(struct recorder_inbox *inbox, size_t model, unsigned life);

void item_release(struct recorder_item *item);

/* Writes the batch and the snapshot in one transaction; the lives are as before where that fails.
 * Writer's thread. */
bool recorder_write_rows(struct run_recorder *recorder, struct error *err);

/* Makes sure that the life of a model which the snapshot shows has a run. */
bool recorder_ensure_run(struct run_recorder *recorder, const struct snapshot *snapshot,
                         size_t model, struct error *err);

/* Writes how far a learner has come, where that is news. */
bool recorder_write_learner(struct run_recorder *recorder, const struct snapshot *snapshot,
                            size_t model, struct error *err);

/* Adds an event of now to the life's run. */
bool recorder_add_event(struct run_recorder *recorder, const struct recorded_life *life,
                        const char *kind, const char *detail, struct error *err);

/* Writes how each run ended, in another. */
bool recorder_write_ends(struct run_recorder *recorder, struct error *err);

/* Of which models to take what waits: of those with a best checkpoint that has not failed, of those
 * with any such one, of all. */
enum recorder_share { RECORDER_URGENT, RECORDER_NEW, RECORDER_ALL };

/* Takes checkpoints that wait in the inbox, whose lock is held. */
void recorder_take_saves(struct run_recorder *recorder, enum recorder_share share);

/* Writes the checkpoints of lives that have ended, and those that were taken, after the rows. False
 * with `err` set where there was no room for one, which waits on then. Other failures are recorded.
 * Sets *changed where learner records have changed. */
bool recorder_write_saves(struct run_recorder *recorder, bool *changed, struct error *err);

/* Puts back into the inbox what was taken and not written, as far as that is still of use. */
void recorder_return_saves(struct run_recorder *recorder);

/* The thread. */
void *recorder_main(void *recorder);

#endif
