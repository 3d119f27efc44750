// SPDX-License-Identifier: MIT
/* An image beside what a network takes it for, as lines of text: for commands without a screen. */
#ifndef FMNIST_CLI_PORTRAIT_H
#define FMNIST_CLI_PORTRAIT_H

#include <stdio.h>

#include "fmnist/data/dataset.h"
#include "tui/look.h"

enum { PORTRAIT_CLASSES = 3 }; /* the likeliest, which are named */

struct portrait {
    const char *title;          /* a line above it */
    const uint8_t *pixels;      /* 28 x 28 */
    const float *probabilities; /* 10 */
    const char *const *names;   /* 10: of the classes */
    size_t truth;               /* its class; DATASET_CLASSES: not known */
};

/* Writes the classes by falling probability to `order`, 10. */
void portrait_sort(const float *probabilities, size_t order[DATASET_CLASSES]);

/* Draws it for a stream of so many columns; false with `err` set where memory is short. */
bool portrait_write(FILE *out, const struct portrait *portrait, int columns,
                    const struct look *look, struct error *err);

#endif
