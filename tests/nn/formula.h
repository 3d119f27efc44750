// SPDX-License-Identifier: MIT
/*
 * Weights, inputs and labels that the tests share with PyTorch: an integer hash of (stream, index),
 * the same as in reference.py. Every value is exact in single precision.
 */
#ifndef FMNIST_TESTS_NN_FORMULA_H
#define FMNIST_TESTS_NN_FORMULA_H

#include <stddef.h>
#include <stdint.h>

#include "fmnist/nn/network.h"

/* Streams of the hash. Parameter number i of a case with salt s has stream s * 1000 + i. */
enum {
    STREAMS_OF_SALT = 1000,
    STREAM_INPUT = 900,
    STREAM_LABELS,
    STREAM_OUTPUT_GRADIENT,
    STREAM_PROJECTION = 950, /* of salt 0: plus the projection's number */
    STREAM_SAMPLE = 960,     /* of salt 0 */
};

uint32_t hash_bits(uint32_t stream, size_t index);

/* A multiple of 2^-23 in [-1, 1). */
double hash_uniform(uint32_t stream, size_t index);

/* A multiple of 1/4 in [-1, 1): few values, so that some are equal and some zero. */
double hash_quarters(uint32_t stream, size_t index);

/* Pixels in [0, 1), batch x 1 x 28 x 28. */
void formula_images(uint32_t salt, size_t batch, real *pixels);

/* Labels below NETWORK_CLASSES. */
void formula_labels(uint32_t salt, size_t batch, uint8_t *labels);

/* Every weight and bias, scaled to +-1/sqrt(fan in). */
void formula_parameters(uint32_t salt, struct network *network);

#endif
