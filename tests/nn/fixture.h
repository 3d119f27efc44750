// SPDX-License-Identifier: MIT
/*
 * Reader of the files in tests/nn/fixtures, which fixtures.py writes and describes, and the measure
 * of agreement with them.
 */
#ifndef FMNIST_TESTS_NN_FIXTURE_H
#define FMNIST_TESTS_NN_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "nn/layer.h"

enum {
    FIXTURE_NAME_SIZE = 64,
    FIXTURE_LAYERS_MAX = 8,
    FIXTURE_TENSORS_MAX = 128,
    FIXTURE_NUMBERS_MAX = 64,
    FIXTURE_PROJECTIONS = 4,
};

/* A tensor in full, or a summary of it. */
struct fixture_tensor {
    char name[FIXTURE_NAME_SIZE]; /* "gradient/classifier.0.weight" */
    size_t count;                 /* elements of the tensor */
    size_t stored;                /* elements in `elements` */
    double sum, absolute_sum, norm, projections[FIXTURE_PROJECTIONS]; /* where stored < count */
    double elements[FIXTURE_NUMBERS_MAX];
};

struct fixture {
    char name[FIXTURE_NAME_SIZE];
    uint32_t salt;
    size_t batch;
    struct shape input;
    double gain; /* of the input */
    bool coarse; /* input in quarters */
    size_t layer_count;
    struct layer_spec layers[FIXTURE_LAYERS_MAX];
    char layer_names[FIXTURE_LAYERS_MAX][FIXTURE_NAME_SIZE];
    size_t tensor_count;
    struct fixture_tensor tensors[FIXTURE_TENSORS_MAX];
};

/* Opens a file of fixtures, to be closed with fclose(); fails the test where it is missing. */
FILE *fixture_open(const char *name);

/* Reads the next case; false at the end. A broken file fails the test. `fixture` must stay where it
 * is while its layers are in use. */
bool fixture_read(FILE *file, struct fixture *fixture);

/* Finds the tensor "KIND/NAME", or "KIND" where NAME is NULL; fails the test without it. */
const struct fixture_tensor *fixture_find(const struct fixture *fixture, const char *kind,
                                          const char *name);

/*
 * How far `values` (count elements) are from the tensor t, relative:
 *   of elements, the largest difference over the largest magnitude;
 *   of sums, the difference over the sum of magnitudes;
 *   of norms and of hash-weighted sums, in which every element counts, the difference over the norm
 *   (errors that are independent of one another add up to less than their norm there).
 * The largest of all that apply; infinite where something is not a number.
 */
double fixture_error(const struct fixture_tensor *tensor, const real *values, size_t count);

/* The position of stored element `sample` in a tensor of which `stored` elements are stored. */
size_t fixture_sample_position(size_t count, size_t stored, size_t sample);

#endif
