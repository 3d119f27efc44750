// SPDX-License-Identifier: MIT
/*
 * Where the time of a network's passes goes. Each worker of the pool adds up, by layer and kind of
 * work, the time between its laps; a lap costs one reading of the clock, some 25 ns.
 *
 *     layer_clock_start(clock, worker);                                 at the start of a task
 *     ...
 *     layer_clock_lap(clock, worker, layer, LAYER_FORWARD);             as often as need be
 *
 * Owned by the network. A worker touches only its own counters; sums are taken between passes.
 */
#ifndef FMNIST_NN_LAYER_CLOCK_H
#define FMNIST_NN_LAYER_CLOCK_H

#include <stddef.h>

#include "base/clock.h"
#include "fmnist/base/error.h"
#include "fmnist/nn/network.h"

/* The counters of one worker, `stride` numbers apart so that no two share a cache line. */
struct layer_clock {
    size_t layers;
    unsigned workers;
    size_t stride;
    double *counters; /* a worker: when the last lap ended, then layers x LAYER_WORKS, in seconds */
    size_t *stages;   /* of each layer the first of those that are computed together with it */
};

/* NULL with `err` set where memory is short. */
struct layer_clock *layer_clock_create(size_t layers, unsigned workers, struct error *err);
void layer_clock_destroy(struct layer_clock *clock);

/* Says that `count` layers from `first` are computed together and counted as `first`. */
void layer_clock_fuse(struct layer_clock *clock, size_t first, size_t count);

void layer_clock_reset(struct layer_clock *clock);

/* Seconds that all workers together spent. */
double layer_clock_sum(const struct layer_clock *clock, size_t layer, enum layer_work work);

/* Adds seconds, from whichever part of the worker's time, to one counter. */
static inline void layer_clock_add(struct layer_clock *clock, unsigned worker, size_t layer,
                                   enum layer_work work, double seconds)
{
    clock->counters[worker * clock->stride + 1 + layer * LAYER_WORKS + work] += seconds;
}

static inline void layer_clock_start(struct layer_clock *clock, unsigned worker)
{
    clock->counters[worker * clock->stride] = clock_seconds();
}

/* Counts the time since this worker's last lap or start. */
static inline void layer_clock_lap(struct layer_clock *clock, unsigned worker, size_t layer,
                                   enum layer_work work)
{
    double *since = &clock->counters[worker * clock->stride], now = clock_seconds();
    layer_clock_add(clock, worker, layer, work, now - *since);
    *since = now;
}

#endif
