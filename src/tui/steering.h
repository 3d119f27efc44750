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
#include <stdint.h>

#include "fmnist/nn/network.h"
#include "fmnist/train/session.h"
#include "tui/request.h"

enum { STEERING_NOTICE_SIZE = 256, STEERING_RATES_MAX = 32 };

enum steering_wish { WISH_NONE, WISH_RUN, WISH_PAUSE };

/* The learning rates that a model had before each change, oldest first. */
struct steering_rates {
    double before[STEERING_RATES_MAX];
    size_t count;
};

struct steering {
    struct session session;
    enum steering_wish wish;          /* asked for, not in a snapshot yet */
    const struct network_spec *model; /* the one asked for last; NULL: not known yet */
    double learning_rate;             /* asked for last, 0 once a snapshot shows it */
    struct steering_rates rates[SNAPSHOT_MODELS_MAX]; /* by number of the model, for undoing */
    char notice[STEERING_NOTICE_SIZE];                /* one line for the user; empty: none */
    enum request awaited;                             /* whose effect makes the notice stale */
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

/* What commands with a number or a name ask for. Each sends it, or sets a notice that says why it
 * makes no sense now. */
void steering_set_rate(struct steering *steering, const struct snapshot *snapshot, double rate);
void steering_set_epochs(struct steering *steering, const struct snapshot *snapshot,
                         uint64_t epochs);
void steering_advance(struct steering *steering, const struct snapshot *snapshot, uint64_t steps);
void steering_reach(struct steering *steering, const struct snapshot *snapshot, uint64_t step);
void steering_switch_to(struct steering *steering, const struct network_spec *model);

/* Starts the chosen model anew, at the learning rate of the settings. */
void steering_restart(struct steering *steering);

/* Ends the training of a run that is watched. */
void steering_stop(struct steering *steering, const struct snapshot *snapshot);

void steering_pause(struct steering *steering);
void steering_resume(struct steering *steering);

#endif
