// SPDX-License-Identifier: MIT
/*
 * The curves of one run: a point a training step and a point an evaluation, and what the user did
 * to it meanwhile. The trainer appends; readers hold a reference and a count (from a snapshot) and
 * read only the points below it, which never change and never move, so no lock is needed. Nothing
 * is thinned out.
 */
#ifndef FMNIST_TRAIN_HISTORY_H
#define FMNIST_TRAIN_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

/* After training step `step` (from 1). */
struct step_point {
    uint32_t step;
    float loss;     /* mean cross-entropy of the batch */
    float accuracy; /* top-1 in the batch, 0 to 1 */
    float learning_rate;
    float seconds; /* of training, pauses excluded */
};

/* After an evaluation on the validation part. */
struct epoch_point {
    uint32_t step;                    /* training steps made by then */
    float epoch;                      /* the same in epochs */
    float loss;                       /* validation, mean cross-entropy */
    float accuracy;                   /* validation, top-1, 0 to 1 */
    float train_loss, train_accuracy; /* debiased moving averages over the steps before */
    float learning_rate;              /* of the next update */
    float images_per_second;          /* training; 0: not known */
    float seconds;                    /* of training, pauses excluded */
};

enum event_kind {
    EVENT_RATE,  /* the learning rate was changed */
    EVENT_PAUSE, /* the training was paused */
};

/* Between training step `step` and the next. */
struct event_point {
    enum event_kind kind;
    uint32_t step;
    float seconds;     /* of training, pauses excluded */
    float rate_before; /* EVENT_RATE */
    float rate;
};

/* Later events are not recorded. */
enum { HISTORY_EVENTS_MAX = 1024 };

struct history;

/* An empty history with one reference, or NULL with `err` set. */
struct history *history_create(struct error *err);
const struct history *history_share(const struct history *history);
void history_release(const struct history *history);

/* Trainer's thread only. False with `err` set where memory is short (nothing is appended). */
bool history_add_step(struct history *history, const struct step_point *point, struct error *err);
bool history_add_epoch(struct history *history, const struct epoch_point *point, struct error *err);

/* The same for an event; false, too, where HISTORY_EVENTS_MAX are there (`err` is not set then). */
bool history_add_event(struct history *history, const struct event_point *event, struct error *err);

/* Point `index`, which must lie below a count that came with a snapshot. Any thread. */
const struct step_point *history_step(const struct history *history, size_t index);
const struct epoch_point *history_epoch(const struct history *history, size_t index);
const struct event_point *history_event(const struct history *history, size_t index);

#endif
