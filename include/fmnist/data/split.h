// SPDX-License-Identifier: MIT
/*
 * Which images are trained on, which validate, and in what order an epoch visits them. All of it is
 * a function of the seed.
 */
#ifndef FMNIST_DATA_SPLIT_H
#define FMNIST_DATA_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/data/dataset.h"

/* Indices into the training part; immutable after split_create(). */
struct split {
    size_t train_count;
    size_t validation_count;
    uint32_t *train;
    uint32_t *validation;
};

/* Deals `count` images at random into nine tenths for training and one tenth for validation (54,000
 * and 6,000 of 60,000). NULL with `err` set where count < 10 or memory is short. */
struct split *split_create(size_t count, uint64_t seed, struct error *err);
void split_destroy(struct split *split);

/* Writes the order in which epoch `epoch` (from 0) visits the training images to `order`
 * (train_count items, indices into the training part). It depends on seed and epoch alone. */
void split_shuffle(const struct split *split, uint64_t seed, uint32_t epoch, uint32_t *order);

/* Copies the labels of `count` images to `labels`. `indices` are positions in `set`. */
void batch_labels(const struct image_set *set, const uint32_t *indices, size_t count,
                  uint8_t *labels);

#endif
