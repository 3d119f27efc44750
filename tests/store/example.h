// SPDX-License-Identifier: MIT
/* A file of tensors for tests: one of each type, of several ranks. */
#ifndef FMNIST_TESTS_STORE_EXAMPLE_H
#define FMNIST_TESTS_STORE_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/store/safetensors.h"

enum { EXAMPLE_TENSORS = 6, EXAMPLE_FACTS = 2, EXAMPLE_WEIGHTS = 60 };

struct example {
    float weights[EXAMPLE_WEIGHTS]; /* 2 x 3 x 5 x 2: element i is i / 8 - 3 */
    double number;                  /* no sizes */
    int64_t steps[1];
    int32_t order[3];
    uint8_t bytes[5];
    float nothing[1]; /* 0 x 4 */
    struct safetensors_tensor tensors[EXAMPLE_TENSORS];
    struct safetensors_fact facts[EXAMPLE_FACTS];
};

void example_fill(struct example *example);

/* Prepares and writes the example. */
bool example_write(const struct example *example, const char *path, struct error *err);

/* Whether the file has the example's tensors and facts, bit for bit. */
bool example_is(const struct example *example, const struct safetensors *file, struct error *err);

#endif
