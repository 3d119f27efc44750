// SPDX-License-Identifier: MIT
#include "fmnist/train/history.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

enum {
    SERIES_FIRST_BLOCK =
        1024,               /* points; each further block holds twice as many as the one before */
    SERIES_BLOCKS_MAX = 22, /* together as many points as steps can be counted in 32 bits */
};

/* Points of one kind in blocks that never move. */
struct series {
    size_t item_size;
    size_t count; /* trainer's thread only */
    void *blocks[SERIES_BLOCKS_MAX];
};

struct history {
    atomic_size_t references;
    struct series steps, epochs, events;
};

/* Block and place in it of a point. */
struct place {
    size_t block, offset;
};

static struct place series_place(size_t index)
{
    size_t block = 0, first = 0;
    while (index - first >= (size_t)SERIES_FIRST_BLOCK << block)
        first += (size_t)SERIES_FIRST_BLOCK << block++;
    return (struct place){block, index - first};
}

/* Room for one more point; NULL with `err` set where there is none. */
static void *series_append(struct series *series, struct error *err)
{
    struct place place = series_place(series->count);
    if (place.block >= SERIES_BLOCKS_MAX) {
        error_set(err, ERROR_MEMORY, "the history of this run is full");
        return NULL;
    }
    if (!series->blocks[place.block])
        series->blocks[place.block] =
            memory_array((size_t)SERIES_FIRST_BLOCK << place.block, series->item_size, err);
    if (!series->blocks[place.block])
        return NULL;
    series->count++;
    return (char *)series->blocks[place.block] + place.offset * series->item_size;
}

static const void *series_at(const struct series *series, size_t index)
{
    struct place place = series_place(index);
    return (const char *)series->blocks[place.block] + place.offset * series->item_size;
}

static void series_free(struct series *series)
{
    for (size_t block = 0; block < SERIES_BLOCKS_MAX; block++)
        free(series->blocks[block]);
}

struct history *history_create(struct error *err)
{
    struct history *history = memory_array(1, sizeof *history, err);
    if (!history)
        return NULL;
    atomic_init(&history->references, 1);
    history->steps.item_size = sizeof(struct step_point);
    history->epochs.item_size = sizeof(struct epoch_point);
    history->events.item_size = sizeof(struct event_point);
    return history;
}

/* The count of references is the one thing that readers change. */
static struct history *history_counted(const struct history *history)
{
    return (struct history *)(uintptr_t)history;
}

const struct history *history_share(const struct history *history)
{
    atomic_fetch_add_explicit(&history_counted(history)->references, 1, memory_order_relaxed);
    return history;
}

void history_release(const struct history *history)
{
    if (!history || atomic_fetch_sub(&history_counted(history)->references, 1) > 1)
        return;
    struct history *last = history_counted(history);
    series_free(&last->steps);
    series_free(&last->epochs);
    series_free(&last->events);
    free(last);
}

bool history_add_step(struct history *history, const struct step_point *point, struct error *err)
{
    struct step_point *place = series_append(&history->steps, err);
    if (place)
        *place = *point;
    return place;
}

bool history_add_epoch(struct history *history, const struct epoch_point *point, struct error *err)
{
    struct epoch_point *place = series_append(&history->epochs, err);
    if (place)
        *place = *point;
    return place;
}

bool history_add_event(struct history *history, const struct event_point *event, struct error *err)
{
    if (history->events.count >= HISTORY_EVENTS_MAX)
        return false;
    struct event_point *place = series_append(&history->events, err);
    if (place)
        *place = *event;
    return place;
}

const struct step_point *history_step(const struct history *history, size_t index)
{
    return series_at(&history->steps, index);
}

const struct epoch_point *history_epoch(const struct history *history, size_t index)
{
    return series_at(&history->epochs, index);
}

const struct event_point *history_event(const struct history *history, size_t index)
{
    return series_at(&history->events, index);
}
