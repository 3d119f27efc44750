// SPDX-License-Identifier: MIT
/* Evaluations of a network that nobody trains at the moment, such as one read from a file. On the
 * thread that owns the network and its pool. */
#ifndef FMNIST_TRAIN_EVALUATE_H
#define FMNIST_TRAIN_EVALUATE_H

#include "fmnist/nn/network.h"
#include "fmnist/train/evaluation.h"

/* Which images to answer, and what to tell while that goes on. */
struct evaluate_task {
    enum evaluation_part part; /* validation for images of the training part, test for the others */
    const struct image_set *set;
    const uint32_t *indices;                          /* into the set; NULL: its first ones */
    size_t count;                                     /* 1 or more */
    void (*progress)(void *context, double fraction); /* 0 to 1, after each batch; may be NULL */
    void *context;
};

/* Evaluates, in batches as large as the network takes. With one reference; step and epoch are 0.
 * NULL with `err` set where memory is short or the network's outputs are no finite numbers. */
const struct evaluation *evaluate_network(struct network *network, const struct evaluate_task *task,
                                          struct error *err);

/* Writes the logits of the classes, count x 10, for the first `count` images of `pixels` (count x
 * 28 x 28). False with `err` set as above. */
bool evaluate_images(struct network *network, const uint8_t *pixels, size_t count, float *logits,
                     struct error *err);

#endif
