// SPDX-License-Identifier: MIT
/*
 * Where the time of a network's passes goes. Each worker of the pool adds up, by layer and kind of
 * work, the time between its laps. A lap counts ticks of the processor's counter, which takes a
 * quarter of the time that the system's clock takes; how long a tick is comes out between a reset
 * and a sum.
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
#include <stdint.h>

#include "base/clock.h"
#include "fmnist/base/error.h"
#include "fmnist/nn/network.h"

/* What one worker counted for one layer and kind of work. */
struct layer_count {
    uint64_t ticks;
    double seconds;
};

/* The counters of workers are `stride` items apart so that no two share a cache line. */
struct layer_clock {
    size_t layers;
    unsigned workers;
    size_t stride;
    struct layer_count *counters; /* a worker: ticks at the last lap, then layers x LAYER_WORKS */
    size_t *stages; /* of each layer the first of those that are computed together with it */
    struct layer_count start; /* of counting, by both clocks */
};

/* The processor's counter where it has one that runs evenly, else nanoseconds. */
static inline uint64_t layer_clock_ticks(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return (uint64_t)(clock_seconds() * 1e9);
#endif
}

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
    clock->counters[worker * clock->stride + 1 + layer * LAYER_WORKS + work].seconds += seconds;
}

static inline void layer_clock_start(struct layer_clock *clock, unsigned worker)
{
    clock->counters[worker * clock->stride].ticks = layer_clock_ticks();
}

/* Counts the time since this worker's last lap or start. */
static inline void layer_clock_lap(struct layer_clock *clock, unsigned worker, size_t layer,
                                   enum layer_work work)
{
    struct layer_count *counters = &clock->counters[worker * clock->stride];
    uint64_t now = layer_clock_ticks();
    counters[1 + layer * LAYER_WORKS + work].ticks += now - counters->ticks;
    counters->ticks = now;
}

#endif
