// SPDX-License-Identifier: MIT
#include "fmnist/train/archive.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The archive is the first member, so that a pointer to it is one to this. */
struct counted_archive {
    struct archive archive;
    atomic_size_t references;
};

static struct counted_archive *archive_counted(const struct archive *archive)
{
    return (struct counted_archive *)(uintptr_t)archive;
}

static size_t best_place(const struct archive *archive)
{
    size_t best = 0;
    for (size_t place = 1; place < archive->count; place++)
        if (archive->evaluations[place]->accuracy > archive->evaluations[best]->accuracy)
            best = place;
    return best;
}

/* The evaluation that is missed least once `next` follows the last one. */
static size_t dispensable_place(const struct archive *archive, const struct evaluation *next)
{
    size_t best = best_place(archive), chosen = 0;
    double least = INFINITY;
    for (size_t place = 1; place < archive->count; place++) {
        const struct evaluation *after =
            place + 1 < archive->count ? archive->evaluations[place + 1] : next;
        double gap = after->epoch - archive->evaluations[place - 1]->epoch;
        if (place != best && gap < least) {
            least = gap;
            chosen = place;
        }
    }
    return chosen;
}

static void archive_drop(struct archive *archive, size_t place)
{
    archive->count--;
    memmove(&archive->evaluations[place], &archive->evaluations[place + 1],
            (archive->count - place) * sizeof archive->evaluations[0]);
}

const struct archive *archive_add(const struct archive *before, const struct evaluation *evaluation,
                                  struct error *err)
{
    struct counted_archive *counted = memory_array(1, sizeof *counted, err);
    if (!counted)
        return NULL;
    struct archive *archive = &counted->archive;
    atomic_init(&counted->references, 1);
    if (before)
        *archive = *before;
    if (archive->count > 0 && archive->evaluations[archive->count - 1]->step == evaluation->step)
        archive->count--;
    if (archive->count == ARCHIVE_MAX)
        archive_drop(archive, dispensable_place(archive, evaluation));
    archive->evaluations[archive->count++] = evaluation;
    for (size_t place = 0; place < archive->count; place++)
        (void)evaluation_share(archive->evaluations[place]);
    return archive;
}

const struct archive *archive_replace(const struct archive *before,
                                      const struct evaluation *evaluation, struct error *err)
{
    struct counted_archive *counted = memory_array(1, sizeof *counted, err);
    if (!counted)
        return NULL;
    struct archive *archive = &counted->archive;
    atomic_init(&counted->references, 1);
    *archive = *before;
    for (size_t place = 0; place < archive->count; place++) {
        if (archive->evaluations[place]->step == evaluation->step)
            archive->evaluations[place] = evaluation;
        (void)evaluation_share(archive->evaluations[place]);
    }
    return archive;
}

const struct evaluation *archive_find(const struct archive *archive, uint64_t step)
{
    for (size_t place = 0; archive && place < archive->count; place++)
        if (archive->evaluations[place]->step == step)
            return archive->evaluations[place];
    return NULL;
}

const struct archive *archive_share(const struct archive *archive)
{
    if (archive)
        atomic_fetch_add_explicit(&archive_counted(archive)->references, 1, memory_order_relaxed);
    return archive;
}

void archive_release(const struct archive *archive)
{
    if (!archive || atomic_fetch_sub(&archive_counted(archive)->references, 1) > 1)
        return;
    for (size_t place = 0; place < archive->count; place++)
        evaluation_release(archive->evaluations[place]);
    free(archive_counted(archive));
}
