// SPDX-License-Identifier: MIT
/* The names of a data set's classes: full ones, and short ones of two columns. */
#ifndef DATA_CLASSES_H
#define DATA_CLASSES_H

#include <stdbool.h>

#include "fmnist/base/error.h"
#include "fmnist/data/dataset.h"

enum { CLASSES_SHORT_SIZE = 3 };

struct classes {
    char names[DATASET_CLASSES][DATASET_CLASS_NAME_SIZE];
    char short_names[DATASET_CLASSES][CLASSES_SHORT_SIZE];
};

/* Fashion-MNIST's names. */
void classes_set_fashion(struct classes *classes);

/* "0" to "9". */
void classes_set_digits(struct classes *classes);

/* Reads ten lines of UTF-8 from `path`, if it is there: then *found. False with `err` set (message
 * begins with the path) where it cannot be read or is not ten fitting lines. */
bool classes_read(struct classes *classes, const char *path, bool *found, struct error *err);

#endif
