// SPDX-License-Identifier: MIT
#include "tui/agreement.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/train/statistics.h"

const double AGREEMENT_LEVEL = 0.05;

/* An image with what it is sorted by: cell, then how sure the answer is. */
struct entry {
    enum agreement_cell cell;
    float probability;
    uint32_t place;
};

static bool is_right(const struct evaluation *evaluation, size_t place)
{
    return evaluation->labels[place] == evaluation->predicted[place];
}

static enum agreement_cell cell_of(const struct agreement *agreement, size_t place)
{
    bool first = is_right(agreement->first, place), second = is_right(agreement->second, place);
    if (first)
        return second ? AGREEMENT_BOTH_RIGHT : AGREEMENT_FIRST_ONLY;
    return second ? AGREEMENT_SECOND_ONLY : AGREEMENT_BOTH_WRONG;
}

/* Whose answers a cell shows. */
static const struct evaluation *cell_evaluation(const struct agreement *agreement,
                                                enum agreement_cell cell)
{
    return cell == AGREEMENT_FIRST_ONLY ? agreement->second : agreement->first;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->probability != b->probability)
        return a->probability > b->probability ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* Counts the cells, and fills `entries` where there is memory for them. */
static void count_cells(struct agreement *agreement, struct entry *entries)
{
    for (uint32_t place = 0; place < agreement->first->count; place++) {
        enum agreement_cell cell = cell_of(agreement, place);
        const struct evaluation *shown = cell_evaluation(agreement, cell);
        size_t answer = (size_t)place * DATASET_CLASSES + shown->predicted[place];
        agreement->counts[cell]++;
        if (entries)
            entries[place] = (struct entry){cell, shown->probabilities[answer], place};
    }
}

static void compare(struct agreement *agreement)
{
    size_t count = agreement->first->count;
    struct entry *entries = memory_array(count, sizeof *entries, NULL);
    agreement->places = memory_array(count, sizeof *agreement->places, NULL);
    count_cells(agreement, entries);
    agreement->probability = statistics_mcnemar(agreement->counts[AGREEMENT_FIRST_ONLY],
                                                agreement->counts[AGREEMENT_SECOND_ONLY]);
    if (entries && agreement->places) {
        qsort(entries, count, sizeof *entries, compare_entries);
        for (size_t index = 0; index < count; index++)
            agreement->places[index] = entries[index].place;
    } else {
        free(agreement->places);
        agreement->places = NULL;
    }
    free(entries);
}

void agreement_update(struct agreement *agreement, const struct evaluation *first,
                      const struct evaluation *second)
{
    bool comparable =
        first && second && first->part == second->part && first->count == second->count &&
        memcmp(first->images, second->images, first->count * sizeof *first->images) == 0;
    if (!comparable)
        first = second = NULL;
    if (agreement->first == first && agreement->second == second)
        return;
    agreement_clear(agreement);
    agreement->first = evaluation_share(first);
    agreement->second = evaluation_share(second);
    if (comparable)
        compare(agreement);
}

void agreement_clear(struct agreement *agreement)
{
    evaluation_release(agreement->first);
    evaluation_release(agreement->second);
    free(agreement->places);
    *agreement = (struct agreement){0};
}

struct gallery_list agreement_list(const struct agreement *agreement, enum agreement_cell cell)
{
    size_t before = 0;
    if (!agreement->places)
        return (struct gallery_list){.evaluation = agreement->first};
    for (enum agreement_cell other = 0; other < cell; other++)
        before += agreement->counts[other];
    return (struct gallery_list){cell_evaluation(agreement, cell), agreement->places + before,
                                 agreement->counts[cell]};
}
