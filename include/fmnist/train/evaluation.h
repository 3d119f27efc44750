// SPDX-License-Identifier: MIT
/*
 * What a network answered on a whole set of images. Built by the trainer, then immutable and
 * counted by reference, so that any thread may read it.
 *
 * Of a run that is watched the figures may be known without the answers: then all arrays are NULL
 * and `mistake_count` is 0.
 */
#ifndef FMNIST_TRAIN_EVALUATION_H
#define FMNIST_TRAIN_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/data/dataset.h"

enum evaluation_part { EVALUATION_VALIDATION, EVALUATION_TEST };

/* Per-class figures in [0, 1]; 0 where the denominator is 0. */
struct class_score {
    size_t support; /* images of the class */
    double precision, recall, f1;
};

struct evaluation {
    enum evaluation_part part;
    uint64_t step; /* training steps that the network had made */
    double epoch;  /* the same in epochs; whole after a complete one */
    size_t count;  /* images */
    size_t correct;
    double loss;     /* mean cross-entropy */
    double accuracy; /* correct / count */
    const uint32_t
        *images; /* count: index in the part of the data set (training part for validation) */
    const uint8_t *labels;       /* count: the true classes */
    const uint8_t *predicted;    /* count */
    const float *probabilities;  /* count x 10 */
    const uint16_t *wrong_since; /* count: epoch (from 1) since which the image is misclassified, 0:
                                    it is right */
    const uint16_t *forgotten;   /* count: how often it went from right to wrong between evaluations
                                    (forgetting events: Toneva et al., ICLR 2019) */
    size_t mistake_count;
    const uint32_t
        *mistakes; /* mistake_count positions in the arrays above, surest mistake first */
    size_t confusion[DATASET_CLASSES][DATASET_CLASSES]; /* [true][predicted] */
    struct class_score classes[DATASET_CLASSES];
};

/* An evaluation from what was kept of one: `kept` gives part, step, epoch, count, loss and the
 * arrays but for `mistakes`, all of which are copied; all else is computed anew. With one
 * reference. NULL with `err` set where a class is none or memory is short. Any thread. */
const struct evaluation *evaluation_restore(const struct evaluation *kept, struct error *err);

/* The same of the figures alone: `kept` gives part, step, epoch, count, loss and the confusion
 * matrix. NULL with `err` set where that does not hold `count` images, or memory is short. */
const struct evaluation *evaluation_restore_figures(const struct evaluation *kept,
                                                    struct error *err);

/* Whether the answers are there, too. */
static inline bool evaluation_answered(const struct evaluation *evaluation)
{
    return evaluation->images;
}

/* One more reference; returns its argument. NULL is fine. */
const struct evaluation *evaluation_share(const struct evaluation *evaluation);

/* One reference less; the last one frees it. NULL is fine. */
void evaluation_release(const struct evaluation *evaluation);

#endif
