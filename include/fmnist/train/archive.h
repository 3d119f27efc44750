// SPDX-License-Identifier: MIT
/*
 * The evaluations of a run so far, oldest first, so that a screen can go back through the epochs.
 * Immutable and counted by reference: adding one makes a new archive, which shares the evaluations.
 *
 * An archive holds ARCHIVE_MAX evaluations at most. Then each new one costs an old one: the one
 * whose neighbours lie closest together, never the first or the best, so that what is left covers
 * the run evenly.
 */
#ifndef FMNIST_TRAIN_ARCHIVE_H
#define FMNIST_TRAIN_ARCHIVE_H

#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/train/evaluation.h"

enum { ARCHIVE_MAX = 32 };

struct archive {
    size_t count;
    const struct evaluation *evaluations[ARCHIVE_MAX]; /* of one part, by rising step */
};

/* An archive of what `before` (NULL: nothing) holds and `evaluation`, which it takes a reference
 * to; one of the same step is replaced. With one reference for the caller; `before` keeps its own.
 * NULL with `err` set where memory is short. */
const struct archive *archive_add(const struct archive *before, const struct evaluation *evaluation,
                                  struct error *err);

/* An archive of what `before` holds, with `evaluation`, which it takes a reference to, in place of
 * the one of that step; where there is none it holds the same. As above. */
const struct archive *archive_replace(const struct archive *before,
                                      const struct evaluation *evaluation, struct error *err);

/* The evaluation of that step; NULL where there is none, also where `archive` is NULL. */
const struct evaluation *archive_find(const struct archive *archive, uint64_t step);

/* One more reference; returns its argument. NULL is fine. */
const struct archive *archive_share(const struct archive *archive);

/* One reference less; the last one frees it. NULL is fine. */
void archive_release(const struct archive *archive);

#endif
