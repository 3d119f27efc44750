// SPDX-License-Identifier: MIT
/*
 * One model on its way through a run: network, optimizer, place in the data, history. It advances
 * by units, a training step or a batch of an evaluation. A unit changes nothing before its last
 * action, so one that was interrupted is simply begun again. Trainer's thread only.
 */
#ifndef FMNIST_TRAIN_LEARNER_H
#define FMNIST_TRAIN_LEARNER_H

#include "fmnist/base/pool.h"
#include "fmnist/data/split.h"
#include "fmnist/train/recorder.h"
#include "fmnist/train/trainer.h"
#include "train/observer.h"

/* What all learners of a trainer share; they outlive the learners. */
struct learner_base {
    const struct trainer_settings *settings;
    const struct dataset *dataset;
    const struct split *split;
    struct pool *pool;
    struct comm *team;               /* of those who divide the work; NULL: this process, or host */
    const struct recorder *recorder; /* NULL: nothing is recorded */
};

enum learner_event {
    LEARNER_STEPPED,     /* a training step was made */
    LEARNER_EVALUATED,   /* a batch of an evaluation was made */
    LEARNER_COMPLETED,   /* the last batch of one */
    LEARNER_INTERRUPTED, /* the pool's poll function interrupted the unit */
    LEARNER_DIVERGED,    /* the loss is not finite; nothing was changed; `err` is set */
    LEARNER_FAILED,      /* `err` says why */
};

struct learner;

/* Builds network and optimizer. NULL with `err` set where memory is short or the data too small. */
struct learner *learner_create(const struct network_spec *spec, const struct learner_base *base,
                               struct error *err);
void learner_destroy(struct learner *learner);

/* Of several ranks: gives this one all that the others have, for learner_capture(). */
bool learner_exchange(struct learner *learner, struct error *err);

/* All that the learner is now, with one reference; NULL with `err` set where memory is short. */
const struct checkpoint *learner_capture(struct learner *learner, struct error *err);

/* Goes on from the past's checkpoint, bit for bit, with what the past knows of the run: its history
 * becomes the learner's own. Of a learner that has not trained yet. False with `err` set where the
 * checkpoint is of another network, seed, batch or data; the learner is of no use then. */
bool learner_resume(struct learner *learner, struct learner_past *past, struct error *err);

/* Restarts so far: recorder.h. */
unsigned learner_life(const struct learner *learner);

/* Rises with each change that a checkpoint would show. */
uint64_t learner_changes(const struct learner *learner);

/* Between two epochs, with nothing trained of the next one. */
bool learner_at_epoch_end(const struct learner *learner);

/* The newest evaluation is of this step, and the best of the run: none was as good before. */
bool learner_at_best(const struct learner *learner);

/* Back to the initial weights, with a new history. */
bool learner_restart(struct learner *learner, struct error *err);

/* Makes one unit. Not to be called when learner_idle(). */
enum learner_event learner_advance(struct learner *learner, struct error *err);

/* Asks for an evaluation on the validation part before the next training step. */
void learner_request_evaluation(struct learner *learner);
void learner_set_rate(struct learner *learner, double learning_rate);

/* Records that the training was paused. */
void learner_note_pause(struct learner *learner);
/* How many epochs to make in all. False with `err` set where more have begun, or it is more than
 * TRAINER_EPOCHS_MAX. */
bool learner_set_epochs(struct learner *learner, size_t epochs, struct error *err);

/* Training steps made, and how many there will be at the end of the epoch under way; the same
 * number while that end is being evaluated. */
uint64_t learner_step(const struct learner *learner);
uint64_t learner_epoch_end(const struct learner *learner);

/* All epochs are done and evaluated, and nothing was asked for. */
bool learner_idle(const struct learner *learner);

/* The next unit belongs to an evaluation. */
bool learner_evaluating(const struct learner *learner);

/* An evaluation that somebody asked for is not ready yet. */
bool learner_evaluation_requested(const struct learner *learner);

enum evaluation_part learner_evaluation_part(const struct learner *learner);
double learner_evaluation_progress(const struct learner *learner); /* 0 to 1 */

/* What to look at beside training, as observer_ask(); and makes the next step's update measured. */
void learner_observe(struct learner *learner, const struct observation *wish);
void learner_hurry_observation(struct learner *learner);

/* Looks at the network as observer_look() does. */
enum observer_event learner_look(struct learner *learner, bool resting, struct error *err);

/* Writes what a snapshot says of the learner, with references for the snapshot to release. */
void learner_describe(const struct learner *learner, struct learner_snapshot *snapshot);

#endif
