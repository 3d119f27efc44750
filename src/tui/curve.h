// SPDX-License-Identifier: MIT
/*
 * The training curve of one history, reduced to a bounded number of buckets as it grows, so that a
 * frame costs the same after a million steps as after a hundred. Every bucket keeps the extremes of
 * its steps, so no spike is lost. Main thread.
 */
#ifndef FMNIST_TUI_CURVE_H
#define FMNIST_TUI_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/train/history.h"

enum { CURVE_BUCKETS = 1024 };

enum curve_value { CURVE_LOSS, CURVE_ACCURACY, CURVE_VALUES };

/* Some consecutive steps. The values of steps that are not finite are left out of all but `broken`.
 */
struct curve_bucket {
    float low[CURVE_VALUES], high[CURVE_VALUES];
    float smooth[CURVE_VALUES]; /* debiased moving average after the last step, factor 0.98 */
    bool broken;                /* a value was not finite */
    bool empty;                 /* no value was finite */
};

struct curve {
    const struct history *history; /* with a reference; NULL at the start */
    size_t steps;                  /* taken in so far */
    size_t width;                  /* steps a bucket */
    size_t count;                  /* buckets, the last one may be incomplete */
    double average[CURVE_VALUES];  /* biased to zero at the start */
    double weight;                 /* what the average's weights sum to */
    struct curve_bucket buckets[CURVE_BUCKETS];
};

/* Takes in what is new: the first `steps` points of the history (NULL: none). Another history than
 * before starts the curve anew. A zeroed curve is an empty one. */
void curve_update(struct curve *curve, const struct history *history, size_t steps);

/* Gives the reference to the history back. */
void curve_release(struct curve *curve);

#endif
