// SPDX-License-Identifier: MIT
/*
 * Requests turned into the trainer's commands. Commands take effect a moment after they were sent,
 * so this remembers what was asked for: a second key pressed in between goes on from there, and the
 * screen can say at once what is about to happen. Main thread only.
 */
#ifndef FMNIST_TUI_STEERING_H
#define FMNIST_TUI_STEERING_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/train/trainer.h"
#include "tui/request.h"

enum { STEERING_NOTICE_SIZE = 96 };

enum steering_wish { WISH_NONE, WISH_RUN, WISH_PAUSE };

struct steering {
    struct trainer *trainer;           /* the caller's */
    enum steering_wish wish;           /* asked for, not in a snapshot yet */
    const struct network_spec *model;  /* the one asked for last; NULL: not known yet */
    double learning_rate;              /* asked for last, 0 once a snapshot shows it */
    char notice[STEERING_NOTICE_SIZE]; /* one line for the user; empty: none */
    enum request awaited;              /* whose effect makes the notice stale */
};

/* Sets the notice (printf-like); it goes with the next key, and before that when the effect of
 * `awaited` shows (REQUEST_PAUSE or REQUEST_SWITCH_MODEL; REQUEST_NONE otherwise). */
void steering_notice(struct steering *steering, enum request awaited, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Compares what was asked for with what is now. */
void steering_update(struct steering *steering, const struct snapshot *snapshot);

/* Sends the commands for a request and sets `notice`; false where the request is not about
 * training. */
bool steering_act(struct steering *steering, enum request request, const struct snapshot *snapshot);

/* Whether training goes on, or is about to. */
bool steering_runs(const struct steering *steering, const struct snapshot *snapshot);

/* Whether quitting would lose something: a run that is not at its end. */
bool steering_unfinished(const struct snapshot *snapshot);

void steering_pause(struct steering *steering);
void steering_resume(struct steering *steering);

#endif
