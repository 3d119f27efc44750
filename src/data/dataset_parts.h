// SPDX-License-Identifier: MIT
/* What dataset.c and dataset_copy.c share. */
#ifndef DATA_DATASET_PARTS_H
#define DATA_DATASET_PARTS_H

#include "data/classes.h"
#include "fmnist/data/dataset.h"
#include "fmnist/data/idx.h"

enum {
    DATASET_FILES = 4,
    DATASET_PATH_SIZE = 4096,
    DATASET_HEX_SIZE = 2 * IDX_SHA256_SIZE + 1,
};

struct dataset {
    struct idx files[DATASET_FILES];
    struct image_set train;
    struct image_set test;
    struct classes classes;
    bool sample;
    char sha256[DATASET_HEX_SIZE];
    char source[DATASET_PATH_SIZE];
};

#endif
