// SPDX-License-Identifier: MIT
/*
 * The training curve of one history, reduced to a bounded number of buckets as it grows, so that a
 * frame costs the same after a million steps as after a hundred. Every bucket keeps the extremes of
 * its steps, so no spike is lost. One thread at a time.
 */
#ifndef FMNIST_TRAIN_CURVE_H
#define FMNIST_TRAIN_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/train/history.h"

enum { CURVE_BUCKETS = 1024 };

/* Of the moving average, in percent. */
enum { CURVE_FACTOR_PERCENT = 98 };

enum curve_value { CURVE_LOSS, CURVE_ACCURACY, CURVE_VALUES };

/* Some consecutive steps. The values of steps that are not finite are left out of all but `broken`.
 */
struct curve_bucket {
    float low[CURVE_VALUES], high[CURVE_VALUES];
    float smooth[CURVE_VALUES]; /* debiased moving average after the last step */
    float seconds;              /* of training, after the last step */
    bool broken;                /* a value was not finite */
    bool empty;                 /* no value was finite */
};

/* A moving average of the values so far. */
struct curve_average {
    double values[CURVE_VALUES]; /* biased to zero at the start */
    double weight;               /* what the average's weights sum to */
};

struct curve {
    const struct history *history; /* with a reference; NULL at the start */
    size_t steps;                  /* taken in so far */
    size_t width;                  /* steps a bucket */
    size_t count;                  /* buckets, the last one may be incomplete */
    struct curve_average average;
    struct curve_bucket buckets[CURVE_BUCKETS];
    struct curve_bucket detail[CURVE_BUCKETS]; /* what curve_part() read last */
};

/* Some buckets of a curve, or what is as good. */
struct curve_part {
    const struct curve_bucket *buckets;
    size_t first; /* step before the first bucket, counted from 0 */
    size_t width; /* steps a bucket */
    size_t count;
    size_t steps; /* of the whole curve, where the last bucket ends at the latest */
};

/* Takes in what is new: the first `steps` points of the history (NULL: none). Another history than
 * before, or fewer steps of it, start the curve anew. A zeroed curve is an empty one. */
void curve_update(struct curve *curve, const struct history *history, size_t steps);

/* The steps from number `from` to number `to` (from 1; `to` at most the curve's steps), and perhaps
 * some around them: step by step where no more than CURVE_BUCKETS are asked for. Valid until the
 * next call. */
struct curve_part curve_part(struct curve *curve, size_t from, size_t to);

/* The step at which a bucket ends. */
size_t curve_part_end(const struct curve_part *part, size_t index);

/* Gives the reference to the history back. */
void curve_release(struct curve *curve);

#endif
