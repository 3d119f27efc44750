// SPDX-License-Identifier: MIT
/*
 * The trainer: a thread that loads the data, owns one learner per model (weights, optimizer,
 * history) and trains the chosen one. The other side sends commands and reads snapshots; neither
 * ever waits for the other.
 *
 * A command interrupts the training step under way; a step changes nothing before its last action
 * (the optimizer's update), so it is given up and begun again later with the same result. Thus
 * every command takes effect within 100 ms, and `paused` always means between two steps. Changing
 * the learning rate does not interrupt: it holds from the next update.
 *
 * Commands may be sent from any one thread; functions never block on training.
 */
#ifndef FMNIST_TRAIN_TRAINER_H
#define FMNIST_TRAIN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/comm/comm.h"
#include "fmnist/nn/network.h"
#include "fmnist/train/checkpoint.h"
#include "fmnist/train/recorder.h"
#include "fmnist/train/session.h"
#include "fmnist/train/snapshot.h"

/* What is known of a run that goes on, up to its checkpoint. */
struct learner_past {
    const struct checkpoint *checkpoint;            /* NULL: no such run */
    struct history *history;                        /* NULL: not known */
    size_t step_points, epoch_points, event_points; /* in the history */
    const struct archive *archive; /* evaluations on the validation part; NULL: none */
    const struct evaluation *test; /* NULL: none */
};

/* Gives all references back; the past is empty then. */
void learner_past_release(struct learner_past *past);

struct trainer_settings {
    const struct network_spec *model; /* the first to train */
    size_t epochs;
    size_t batch; /* images a step */
    double learning_rate;
    uint64_t seed;
    unsigned threads;
    enum isa isa;               /* must be supported */
    const char *data_directory; /* NULL: search as dataset.h says; copied */
    const char *data_sha256;    /* what dataset_sha256() must say; NULL: anything; copied */
    bool sample;                /* use the embedded sample and nothing else */
    struct comm *comm;          /* the ranks to train with, which must all have the same settings
                                   but for threads, data_directory and recorder; outlives the
                                   trainer, whose thread uses it; NULL: alone */
    bool fast_reduce;           /* ranks add up gradients: bits depend on their number */
    struct recorder recorder;   /* must outlive the trainer; operations NULL: none */
    double save_seconds;        /* between two checkpoints within an epoch */
    struct learner_past past[SNAPSHOT_MODELS_MAX]; /* where learners go on, by number of the
                                                      network; trainer_create() takes the references
                                                      over, also where it fails */
};

enum { TRAINER_BATCH_MAX = 10000, TRAINER_EPOCHS_MAX = 100000 };

extern const struct trainer_settings
    TRAINER_DEFAULTS; /* the reference recipe; model, threads and isa unset */

struct trainer;

/* Of several ranks: whether all have these settings (but for threads, directory and recorder) and
 * the same program; else `err` names who differs, on all of them. All ranks must call it. A trainer
 * checks that, too, with the data. */
bool trainer_settings_agree(const struct trainer_settings *settings, struct error *err);

/* Checks the settings and starts the thread, which begins to load and then to train. NULL with
 * `err` set (ERROR_USAGE for settings that make no sense) where it cannot. */
struct trainer *trainer_create(const struct trainer_settings *settings, struct error *err);

/* Stops training at once and waits for the thread, which hands a last checkpoint to the recorder.
 * After it the last snapshot can still be read, and nothing comes to the recorder any more. */
void trainer_end(struct trainer *trainer);

/* Ends the trainer where that was not done, and frees all. Snapshots' pointers to the data set are
 * dead after it. */
void trainer_destroy(struct trainer *trainer);

/* The newest snapshot, with a reference for the caller: end it with snapshot_release(). Never NULL.
 */
const struct snapshot *trainer_snapshot(struct trainer *trainer);

/* A descriptor that becomes readable when a newer snapshot is there: at most one each 20 ms and one
 * at every change of state. trainer_acknowledge() makes it unreadable again; call that before
 * trainer_snapshot(). */
int trainer_descriptor(const struct trainer *trainer);
void trainer_acknowledge(struct trainer *trainer);

void trainer_pause(struct trainer *trainer);
void trainer_resume(struct trainer *trainer); /* when finished: nothing */

/* Trains on and then pauses: after one batch, after that many, after that step of the chosen model
 * (at once where it was made already), at the end of the epoch under way. An evaluation that falls
 * due on the last step is made before the pause; the end of the run ends it, too. Pausing,
 * resuming, switching and restarting call it off. */
void trainer_step(struct trainer *trainer);
void trainer_advance(struct trainer *trainer, uint64_t steps);
void trainer_reach(struct trainer *trainer, uint64_t step);
void trainer_end_epoch(struct trainer *trainer);

/* To the other model, which is built where it is new; when memory is short for that a notice says
 * so, and the run goes on with this one. */
void trainer_switch(struct trainer *trainer, const struct network_spec *model);
void trainer_evaluate(struct trainer *trainer); /* on the validation part, now, even when paused */
void trainer_restart(struct trainer *trainer);  /* the chosen model, from its initial weights */
void trainer_set_learning_rate(struct trainer *trainer,
                               double learning_rate); /* > 0; the chosen model's */

/* What to look at from now on beside training, see anatomy.h and study.h; of the chosen model. A
 * switch to another model ends looking at a layer. False where the queue is full: then nothing has
 * changed. */
bool trainer_observe(struct trainer *trainer, const struct observation *observation);
/* How many epochs the chosen model makes in all. A finished run goes on where that is more than it
 * has made; as many as it has made finish it. A notice tells where the number is not possible. */
void trainer_set_epochs(struct trainer *trainer, size_t epochs);
/* Has a checkpoint of the chosen model written now. */
void trainer_save_checkpoint(struct trainer *trainer);

/* Has the trainer look whether its recorder is ready. Any thread. */
void trainer_refresh(struct trainer *trainer);

/* The trainer as the screens see it. */
struct session trainer_session(struct trainer *trainer);

void trainer_stop(
    struct trainer *trainer); /* ends the thread; the last snapshot says TRAINER_STOPPED */

#endif
