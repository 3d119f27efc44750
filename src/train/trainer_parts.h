// SPDX-License-Identifier: MIT
/* What the files of the trainer share: trainer.c (its life and its thread), trainer_obey.c (what
 * commands do), trainer_report.c (snapshots), trainer_save.c (when checkpoints are taken),
 * trainer_send.c (commands on their way), trainer_data.c (what is trained on), trainer_team.c
 * (several ranks) and trainer_unite.c (those of a host). All functions: trainer's thread. */
#ifndef FMNIST_TRAIN_TRAINER_PARTS_H
#define FMNIST_TRAIN_TRAINER_PARTS_H

#include <pthread.h>

#include "fmnist/train/mailbox.h"
#include "fmnist/train/queue.h"
#include "fmnist/train/trainer.h"
#include "train/learner.h"

/* What a checkpoint was taken of. */
struct saved_place {
    bool taken;
    unsigned life;
    uint64_t changes; /* learner_changes() */
};

/* All but queue and mailbox, which have locks of their own, belongs to the trainer's thread once it
 * runs. */
struct trainer {
    struct trainer_settings settings; /* with a data directory of its own */
    struct queue *inbox;              /* what the trainer is told */
    struct queue *queue;        /* what it obeys: the same, or what all ranks have agreed on */
    bool records;               /* there is a recorder, on this rank or another one */
    struct learner_record told; /* by the rank that has it: what is kept of the active learner */
    struct mailbox *mailbox;
    pthread_t thread;
    bool thread_runs; /* creator's thread only */

    struct pool *pool;
    struct comm *team; /* who divides the work: all ranks, or their hosts; NULL: nobody */
    struct dataset *dataset;
    struct arena *dataset_memory; /* of several ranks of a host, where they share it */
    struct split *split;
    struct learner_base base;
    struct learner *learners[SNAPSHOT_MODELS_MAX]; /* by number of the network; NULL: not started */
    size_t active;

    enum trainer_state phase; /* LOADING, STOPPED, FAILED, or TRAINING for all that lies between */
    bool paused;
    bool stepping; /* paused, but for the way to `goal` */
    bool far;      /* that way is longer than a step: the pause at its end is recorded */
    uint64_t goal; /* step of the active learner to stop after, with the evaluation that is due */
    bool stop;
    bool waiting; /* the recorder is not ready; `notice` says why */
    struct saved_place saved[SNAPSHOT_MODELS_MAX];
    double saved_at; /* when the last checkpoint of any was taken */
    struct error notice;
    struct observation observation; /* what somebody wants to see of the active learner */
    double load_progress;

    bool unpublished;   /* something has changed since the newest snapshot */
    uint64_t published; /* number of snapshots */
    double published_at;
    enum trainer_state published_state;
    struct snapshot *spare; /* so that the end can be told when memory is short */
};

static inline struct learner *trainer_learner(const struct trainer *trainer)
{
    return trainer->learners[trainer->active];
}

/* A unit of work may be done now. */
bool trainer_runnable(const struct trainer *trainer);

enum trainer_state trainer_state(const struct trainer *trainer);

/* Writes the trainer's state into an empty snapshot. */
void trainer_describe(const struct trainer *trainer, struct snapshot *snapshot);

void trainer_publish(struct trainer *trainer);

/* The same unless that was done just now and the state is the same. */
void trainer_publish_some(struct trainer *trainer);

/* Makes sure that the active learner is there. */
bool trainer_start_learner(struct trainer *trainer, struct error *err);

void trainer_observe_as(struct trainer *trainer, const struct observation *observation);

/* On its way to a goal that was more than a step away. */
bool trainer_travels(const struct trainer *trainer);

/* Pauses, which is recorded unless the training stood still already. */
void trainer_hold(struct trainer *trainer);

/* Carries out what waits in the queue; false with `err` set where the run cannot go on. */
bool trainer_obey_all(struct trainer *trainer, struct error *err);

/* Asked by the pool between two tasks: whether to give up the unit under way. */
bool trainer_poll(void *context);

/* Hands a checkpoint of the active learner to the recorder, unless there is none or nothing has
 * changed since the last one. Where memory is short a notice says so. */
void trainer_save(struct trainer *trainer);

/* The same where it is time: after an evaluation at the end of an epoch or one that is the best so
 * far, or some time after the last one. */
void trainer_save_some(struct trainer *trainer, enum learner_event event);

/* It has been long enough since the last checkpoint, and the recorder has written all. */
bool trainer_save_due(struct trainer *trainer);

/* Whether it is one of several ranks. */
static inline bool trainer_shares(const struct trainer *trainer)
{
    const struct comm *comm = trainer->settings.comm;
    return comm && comm_size(comm) > 1;
}

/* Of several ranks: makes sure that all have loaded, as `loaded` says of this one, and the same;
 * gives all the checkpoint that rank 0 goes on from; takes over what rank 0 was told. All return
 * false with `err` set where the run cannot go on; alone, the first returns `loaded` and the others
 * true. */
bool trainer_meet(struct trainer *trainer, bool loaded, struct error *err);
bool trainer_share_past(struct trainer *trainer, size_t model, struct error *err);
bool trainer_agree(struct trainer *trainer, struct error *err);

/* Of several ranks: makes the pools of those that share a host one. */
bool trainer_unite(struct trainer *trainer, struct error *err);

/* Loads the data set; of several ranks of a host that want the same one, for all of them. */
bool trainer_load_data(struct trainer *trainer, struct error *err);

/* Whether another rank is gone, and what was being computed not finished. */
bool trainer_lost(const struct trainer *trainer, struct error *err);

/* Waits for a command, or until others are to be told that this rank is there. */
void trainer_wait(struct trainer *trainer);

/* Looks whether the recorder holds the training up. */
void trainer_check_recorder(struct trainer *trainer);

#endif
