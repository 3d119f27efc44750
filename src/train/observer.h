// SPDX-License-Identifier: MIT
/*
 * Looks at a learner's network while it trains, without changing a bit of what it learns.
 *
 * About once a second a training step's update is measured, together with the times of layers since
 * the time before. On request images are sent through a probe, for idle units or for one layer's
 * feature maps. Either is done at most so often that it takes a 400th of the time, and the latter
 * at once when training rests. The probe exists only as long as somebody wants it. Trainer's
 * thread.
 */
#ifndef FMNIST_TRAIN_OBSERVER_H
#define FMNIST_TRAIN_OBSERVER_H

#include "fmnist/data/split.h"
#include "fmnist/nn/adam.h"
#include "fmnist/train/anatomy.h"
#include "fmnist/train/study.h"

struct observer;

/* The three must outlive it. NULL with `err` set where memory is short. */
struct observer *observer_create(struct network *network, const struct dataset *dataset,
                                 const struct split *split, struct error *err);
void observer_destroy(struct observer *observer);

/* Forgets what it saw: the network has new weights. False where memory is short. */
bool observer_reset(struct observer *observer, struct error *err);

/* Makes the next update be measured. */
void observer_hurry(struct observer *observer);

/* Whether the update at this moment is to be measured, and where its norms go. */
bool observer_due(const struct observer *observer, double now);
struct adam_norms *observer_norms(struct observer *observer);

/* Takes an update that was measured, took so many seconds, and ended at `now`. */
void observer_count_measured(struct observer *observer, double seconds, double now);

/* Counts a training step of so many seconds. */
void observer_count_step(struct observer *observer, double seconds);

/* The network has worked on something else than whole training steps. */
void observer_forget_times(struct observer *observer);

/* What is wanted from now on; a layer or image that there is not counts as none. */
void observer_ask(struct observer *observer, const struct observation *wish);

enum observer_event {
    OBSERVER_NOTHING,     /* there was nothing to look at */
    OBSERVER_SAW,         /* there is a newer anatomy or study */
    OBSERVER_INTERRUPTED, /* by the pool's poll function; it is due still */
    OBSERVER_FAILED,      /* `err` says why */
};

/* Does what is due after `step` training steps; `resting`: no step follows at once. */
enum observer_event observer_look(struct observer *observer, uint64_t step, bool resting,
                                  struct error *err);

/* The newest; the observer keeps its reference. The study is NULL where none is wanted. */
const struct anatomy *observer_anatomy(const struct observer *observer);
const struct study *observer_study(const struct observer *observer);

#endif
