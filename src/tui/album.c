// SPDX-License-Identifier: MIT
#include "tui/album.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *const ORDER_NAMES[ALBUM_ORDERS] = {
    [ALBUM_SUREST] = "surest first",
    [ALBUM_LEAST_SURE] = "least sure first",
    [ALBUM_LONGEST_WRONG] = "longest wrong first",
    [ALBUM_MOST_FORGOTTEN] = "most forgotten first",
    [ALBUM_CLASS] = "by class",
    [ALBUM_IMAGE] = "by number",
};

const char *album_order_name(enum album_order order)
{
    return ORDER_NAMES[order];
}

/* A place with what it is sorted by, small first; equal keys stay in the order of places. */
struct entry {
    double key;
    uint32_t place;
};

static double entry_key(const struct evaluation *evaluation, enum album_order order, uint32_t place)
{
    size_t cell = (size_t)place * DATASET_CLASSES + evaluation->predicted[place];
    switch (order) {
    case ALBUM_SUREST:
        return -(double)evaluation->probabilities[cell];
    case ALBUM_LEAST_SURE:
        return (double)evaluation->probabilities[cell];
    case ALBUM_LONGEST_WRONG:
        return evaluation->wrong_since[place] ? evaluation->wrong_since[place] : UINT16_MAX + 1.0;
    case ALBUM_MOST_FORGOTTEN:
        return -(double)evaluation->forgotten[place];
    case ALBUM_CLASS:
        return evaluation->labels[place] * DATASET_CLASSES + evaluation->predicted[place];
    default:
        return evaluation->images[place];
    }
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static bool is_wanted(const struct evaluation *evaluation, const struct album_wish *wish,
                      uint32_t place)
{
    size_t label = evaluation->labels[place], predicted = evaluation->predicted[place];
    const struct filter_subject subject = {evaluation, place, wish->answers};
    bool whole = wish->all || (wish->filter && wish->filter->whole);
    if (wish->pair.chosen && (label != wish->pair.label || predicted != wish->pair.predicted))
        return false;
    if (!wish->pair.chosen && !whole && label == predicted)
        return false;
    return !wish->filter || filter_matches(wish->filter, &subject);
}

static size_t collect(const struct evaluation *evaluation, const struct album_wish *wish,
                      struct entry *entries)
{
    size_t count = 0;
    for (uint32_t place = 0; place < evaluation->count; place++)
        if (is_wanted(evaluation, wish, place))
            entries[count++] = (struct entry){entry_key(evaluation, wish->order, place), place};
    return count;
}

static bool album_reserve(struct album *album, size_t count)
{
    if (count <= album->capacity)
        return true;
    free(album->places);
    album->places = memory_array(count, sizeof *album->places, NULL);
    album->capacity = album->places ? count : 0;
    return album->places;
}

static bool asks_models(const struct album_wish *wish)
{
    return wish->filter && wish->filter->asks_models;
}

static bool wishes_equal(const struct album_wish *a, const struct album_wish *b)
{
    if (a->order != b->order || a->all != b->all || a->filtered != b->filtered)
        return false;
    if (asks_models(b) && memcmp(a->answers, b->answers, sizeof a->answers) != 0)
        return false;
    return a->pair.chosen == b->pair.chosen && a->pair.label == b->pair.label &&
           a->pair.predicted == b->pair.predicted;
}

/* Keeps the wish, and what it refers to as long as that is needed to tell it from another. */
static void take_wish(struct album *album, const struct album_wish *wish)
{
    struct album_wish before = album->wish;
    album->wish = *wish;
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        album->wish.answers[model] =
            asks_models(wish) ? evaluation_share(wish->answers[model]) : NULL;
        evaluation_release(before.answers[model]);
    }
}

bool album_fill(struct album *album, const struct evaluation *evaluation,
                const struct album_wish *wish)
{
    if (album->evaluation == evaluation && wishes_equal(&album->wish, wish))
        return false;
    evaluation_release(album->evaluation);
    album->evaluation = evaluation_share(evaluation);
    take_wish(album, wish);
    album->count = 0;
    struct entry *entries =
        evaluation ? memory_array(evaluation->count, sizeof *entries, NULL) : NULL;
    if (!entries || !album_reserve(album, evaluation->count)) {
        free(entries);
        return true;
    }
    album->count = collect(evaluation, wish, entries);
    qsort(entries, album->count, sizeof *entries, compare_entries);
    for (size_t index = 0; index < album->count; index++)
        album->places[index] = entries[index].place;
    free(entries);
    return true;
}

void album_clear(struct album *album)
{
    evaluation_release(album->evaluation);
    take_wish(album, &(struct album_wish){.all = false});
    free(album->places);
    *album = (struct album){0};
}
