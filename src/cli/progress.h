// SPDX-License-Identifier: MIT
/*
 * What a training without screens tells while it runs: a line about the run, then a line an epoch,
 * and on a terminal a line with a bar below it that is written anew in place. Main thread.
 */
#ifndef FMNIST_CLI_PROGRESS_H
#define FMNIST_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "fmnist/train/snapshot.h"

struct progress {
    FILE *out;
    bool live;           /* `out` is a terminal: the line with the bar */
    bool line_shown;     /* it stands there */
    bool introduced;     /* the run was described */
    bool waits;          /* it was said what the training waits for */
    size_t epochs_shown; /* validation points that have their line */
    double shown_at;     /* clock_seconds() of the last line with a bar */
};

/* `epochs_shown` validation points are known already. */
void progress_begin(struct progress *progress, FILE *out, size_t epochs_shown);

/* Writes what is new in the snapshot. */
void progress_update(struct progress *progress, const struct snapshot *snapshot);

/* Takes the line with the bar away. */
void progress_end(struct progress *progress);

/* Writes seconds as m:ss or h:mm:ss to `text`; returns it. */
const char *progress_duration(double seconds, char *text, size_t size);

#endif
