// SPDX-License-Identifier: MIT
/*
 * Who keeps what a trainer does beyond its own life. The trainer calls these operations on its
 * thread; none of them blocks: what they are given is shared by reference and written elsewhere.
 *
 * A learner's life goes from its initial weights (or from where it was resumed) to its restart or
 * the end of the program: lives of a model are numbered from 0. What is recorded of a life is a
 * run.
 */
#ifndef FMNIST_TRAIN_RECORDER_H
#define FMNIST_TRAIN_RECORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/train/checkpoint.h"
#include "fmnist/train/evaluation.h"
#include "fmnist/train/snapshot.h"

struct recorder_operations {
    /* Takes in a snapshot (a reference is taken where it is kept). One comes at least for each
     * change of state, with the histories of steps and events in it. */
    void (*publish)(void *self, const struct snapshot *snapshot);

    /* Takes in a finished evaluation of the learner's life (likewise). */
    void (*evaluated)(void *self, size_t model, unsigned life, const struct evaluation *evaluation);

    /* Takes in a checkpoint to write (likewise). One that is still to be written may give way to
     * it, but not the best one to one that is not. */
    void (*save)(void *self, size_t model, unsigned life, const struct checkpoint *checkpoint);

    /* Whether a checkpoint would have to wait now: then none is taken within an epoch. */
    bool (*busy)(void *self);

    /* Whether training may go on; else `why` says what it has to wait for, such as room on the
     * disk. After that the recorder calls trainer_refresh() when it may. */
    bool (*ready)(void *self, struct error *why);

    /* Tells what is recorded of the learner's life. */
    struct learner_record (*describe)(void *self, size_t model, unsigned life);
};

struct recorder {
    const struct recorder_operations *operations; /* NULL: nothing is recorded */
    void *self;
};

#endif
