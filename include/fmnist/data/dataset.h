// SPDX-License-Identifier: MIT
/*
 * A data set of 28x28 grey images in ten classes: a training part and a test part, as bytes. It is
 * immutable once loaded, so any thread may read it; its creator destroys it after the last reader.
 *
 * Where it comes from, first found: the directory asked for, $FMNIST_DATA,
 * $XDG_DATA_HOME/fmnist-tui/data, /usr/share/datasets/fashion-mnist, the sample in the program. A
 * directory that is named (by the caller or in $FMNIST_DATA) must hold the four files; the two
 * others are passed over where they do not exist.
 */
#ifndef FMNIST_DATA_DATASET_H
#define FMNIST_DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

enum {
    DATASET_CLASSES = 10,
    DATASET_HEIGHT = 28,
    DATASET_WIDTH = 28,
    DATASET_PIXELS = DATASET_HEIGHT * DATASET_WIDTH,
    DATASET_CLASS_NAME_SIZE = 32, /* bytes, terminating zero included */
};

/* One part: `count` images and their labels. */
struct image_set {
    size_t count;
    const uint8_t *pixels; /* count x 28 x 28, 0 background to 255 ink */
    const uint8_t *labels; /* count, each below DATASET_CLASSES */
};

struct dataset;

/* Called from dataset_load() on its thread; `fraction` rises from 0 to 1. */
typedef void (*dataset_progress)(void *context, double fraction);

/* Loads the data set; `directory` NULL for the search described above. NULL with `err` set (one
 * line: path, what is wrong, what to do) on failure. `progress` may be NULL. */
struct dataset *dataset_load(const char *directory, dataset_progress progress, void *context,
                             struct error *err);

/* Loads the sample that is part of the program: 6,000 training and 1,000 test images. */
struct dataset *dataset_load_sample(struct error *err);

void dataset_destroy(struct dataset *dataset);

/* A copy in memory that processes share: how many bytes it takes, making it, and the data set that
 * reads it and must end before it; NULL with `err` set where memory is short. */
size_t dataset_copy_size(const struct dataset *dataset);
void dataset_copy(const struct dataset *dataset, void *memory);
struct dataset *dataset_at(const void *memory, struct error *err);

const struct image_set *dataset_train(const struct dataset *dataset);
const struct image_set *dataset_test(const struct dataset *dataset);

/* "Fashion-MNIST" where the content's SHA-256 says so, "Fashion-MNIST sample" for the embedded
 * one, else the directory's last component. */
const char *dataset_name(const struct dataset *dataset);

/* The directory it was read from, or "embedded sample". */
const char *dataset_source(const struct dataset *dataset);

bool dataset_is_sample(const struct dataset *dataset);

/* Name of class `label` in UTF-8, from classes.txt beside the files where there is one. */
const char *dataset_class_name(const struct dataset *dataset, size_t label);

/* A name of two columns for narrow tables, unique in the data set: "Ts", "Tr", ... */
const char *dataset_class_short_name(const struct dataset *dataset, size_t label);

/* Hexadecimal SHA-256 over the four files' decompressed SHA-256 digests, in the order train images,
 * train labels, test images, test labels: names the content. */
const char *dataset_sha256(const struct dataset *dataset);

#endif
