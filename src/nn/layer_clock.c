// SPDX-License-Identifier: MIT
#include "nn/layer_clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LINE = ARENA_ALIGNMENT / sizeof(struct layer_count) };

struct layer_clock *layer_clock_create(size_t layers, unsigned workers, struct error *err)
{
    struct layer_clock *clock = memory_array(1, sizeof *clock, err);
    if (!clock)
        return NULL;
    clock->layers = layers;
    clock->workers = workers;
    /* one line more than is needed, for an array that begins within one */
    clock->stride = (1 + layers * LAYER_WORKS + LINE - 1) / LINE * LINE + LINE;
    clock->counters = memory_array(workers, clock->stride * sizeof *clock->counters, err);
    clock->stages = clock->counters ? memory_array(layers, sizeof *clock->stages, err) : NULL;
    if (!clock->stages) {
        layer_clock_destroy(clock);
        return NULL;
    }
    for (size_t layer = 0; layer < layers; layer++)
        clock->stages[layer] = layer;
    layer_clock_reset(clock);
    return clock;
}

void layer_clock_destroy(struct layer_clock *clock)
{
    if (!clock)
        return;
    free(clock->stages);
    free(clock->counters);
    free(clock);
}

void layer_clock_fuse(struct layer_clock *clock, size_t first, size_t count)
{
    for (size_t layer = first; layer < first + count; layer++)
        clock->stages[layer] = first;
}

void layer_clock_reset(struct layer_clock *clock)
{
    memset(clock->counters, 0, clock->workers * clock->stride * sizeof *clock->counters);
    clock->start = (struct layer_count){layer_clock_ticks(), clock_seconds()};
}

double layer_clock_sum(const struct layer_clock *clock, size_t layer, enum layer_work work)
{
    double seconds = 0;
    uint64_t ticks = 0;
    for (unsigned worker = 0; worker < clock->workers; worker++) {
        const struct layer_count *count =
            &clock->counters[worker * clock->stride + 1 + layer * LAYER_WORKS + work];
        ticks += count->ticks;
        seconds += count->seconds;
    }
    uint64_t passed = layer_clock_ticks() - clock->start.ticks;
    double tick = passed ? (clock_seconds() - clock->start.seconds) / (double)passed : 0;
    return seconds + (double)ticks * tick;
}
