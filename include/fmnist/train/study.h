// SPDX-License-Identifier: MIT
/*
 * One layer seen closely: its filters, and its output for one image (feature maps), as bytes to
 * make pictures of. Built on the trainer's thread when somebody asked for it, then immutable and
 * counted by reference, so that any thread may read it.
 */
#ifndef FMNIST_TRAIN_STUDY_H
#define FMNIST_TRAIN_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/nn/network.h"
#include "fmnist/train/evaluation.h"

/* What the trainer is to look at beside training. */
struct observation {
    bool watched; /* dead and saturated units */
    bool opened;  /* one layer closely: */
    size_t layer;
    enum evaluation_part part; /* the image is one of the training part for EVALUATION_VALIDATION */
    uint32_t image;

    /* Of runs of other processes; a trainer has them all: */
    bool answers;          /* of the newest evaluations, to each image; */
    uint64_t answers_step; /* and those after that step of the active model; 0: of no other */
};

struct study {
    struct observation subject; /* what was asked for */
    uint64_t step;              /* training steps made by then */

    /* channels x height x width, of a linear layer's output 1 x 1 each; 0 is `low`, 255 is `high`
     */
    struct shape maps;
    float low, high;
    const uint8_t *map_pixels;

    /* A convolution's, else all zero: filters x inputs x kernel x kernel. 255 and 0 are the
     * greatest magnitude in the filter and its negative; what is between lies between in
     * proportion. */
    size_t filters, inputs, kernel;
    const float *magnitudes; /* filters */
    const uint8_t *filter_pixels;
};

bool observation_equal(const struct observation *a, const struct observation *b);

/* One more reference; returns its argument. NULL is fine. */
const struct study *study_share(const struct study *study);

/* One reference less; the last one frees it. NULL is fine. */
void study_release(const struct study *study);

#endif
