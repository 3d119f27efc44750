// SPDX-License-Identifier: MIT
/*
 * The kernels of the fast path for LeNet-5's geometry: a convolution of 28x28 images, one of 12x12
 * maps, each 5x5 with tanh and 2x2 average pooling after it, then dense layers.
 *
 * The kernels are written once, in row_conv.h, tile_conv.h, dense.h and softmax.h, and compiled for
 * each instruction set in a file of its own, which contributes a struct lane_kernels. How they
 * arrange what they keep for themselves (products, points, unpooled outputs) differs from one to
 * another; what passes between layers is C x H x W of one image, or rows of numbers.
 *
 * The convolutions take one image at a time, all lanes at work on it, so that neither the size of a
 * batch nor how it is shared between threads leaves lanes idle. Arrays begin at a multiple of 64
 * bytes.
 */
#ifndef FMNIST_NN_LANES_LANES_H
#define FMNIST_NN_LANES_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/nn/real.h"

/* The first convolution: 1 x 28 x 28 to 6 x 24 x 24, pooled to 6 x 12 x 12. */
enum {
    ROW_SIZE = 28,
    ROW_IMAGE = ROW_SIZE * ROW_SIZE + 16, /* numbers: the last row is read past its end */
    ROW_CHANNELS = 6,
    ROW_WEIGHTS = ROW_CHANNELS * 25,
    ROW_TILES = 6,                              /* of 4 rows of the output */
    ROW_POINTS = ROW_TILES * 8 * 32,            /* numbers that forward keeps for backward */
    ROW_OUTPUT = ROW_CHANNELS * 24 * 24,        /* and these */
    ROW_PRODUCTS = 8 * 5 * ROW_CHANNELS,        /* transformed weights */
    ROW_SUMS = (8 * 5 + 1) * ROW_CHANNELS * 16, /* sums for the gradients, by lane */
};

/* The second convolution: 6 x 12 x 12 to 16 x 8 x 8, pooled to 16 x 4 x 4. A row of its input takes
 * MAP_STRIDE numbers. */
enum {
    TILE_SIZE = 12,
    MAP_STRIDE = 16,
    TILE_IN = 6,
    TILE_OUT = 16,
    TILE_WEIGHTS = TILE_IN * TILE_OUT * 25,
    TILE_MAP = TILE_IN * TILE_SIZE * MAP_STRIDE,
    TILE_POINTS = 4 * 64 * TILE_IN,          /* numbers that forward keeps for backward */
    TILE_OUTPUT = TILE_OUT * 64,             /* and these */
    TILE_GRADIENT = 4 * 64 * TILE_OUT,       /* transformed gradients of the output */
    TILE_PRODUCTS = 64 * TILE_IN * TILE_OUT, /* transformed weights */
    TILE_POOLED = TILE_OUT * 16,
};

/* A fully connected layer. */
struct lane_dense {
    size_t in, out;
    bool tanh; /* after it */
};

enum {
    DENSE_IN_MIN = 32, /* inputs a dense layer has at least */
    DENSE_STRIDE = 32, /* rows of outputs are padded to a multiple of this */
};

static inline size_t dense_stride(size_t count)
{
    return (count + DENSE_STRIDE - 1) / DENSE_STRIDE * DENSE_STRIDE;
}

/* Adam's factors for one update; see adam.h. */
struct adam_factors {
    real beta1, beta2, epsilon;
    real rest1, rest2;     /* 1 - beta, rounded once: 1 - (float)0.999 is off by 5e-5 */
    real step_size;        /* learning rate / (1 - beta1^t) */
    real root_correction2; /* sqrt(1 - beta2^t) */
};

struct lane_kernels {
    const char *name; /* of the instruction set */

    /* pixels = bytes / 255, correctly rounded; `count` a multiple of 16. */
    void (*pixels)(const uint8_t *bytes, size_t count, float *pixels);

    /* Transforms the first convolution's weights (6 x 5 x 5). */
    void (*row_weights)(const float *weight, float products[ROW_PRODUCTS]);

    /* map = average pooling of tanh(conv(image) + bias), rows MAP_STRIDE apart. */
    void (*row_forward)(const float image[ROW_IMAGE], const float products[ROW_PRODUCTS],
                        const float *bias, float points[ROW_POINTS], float output[ROW_OUTPUT],
                        float map[TILE_MAP]);

    /* Adds one image's part, from d(loss)/d(map), to `sums`. */
    void (*row_backward)(const float points[ROW_POINTS], const float output[ROW_OUTPUT],
                         const float map_gradient[TILE_MAP], float sums[ROW_SUMS]);

    /* The gradients of weight and bias from the sums. */
    void (*row_gradients)(const float sums[ROW_SUMS], float *weight, float *bias);

    /* Transforms the second convolution's weights (16 x 6 x 5 x 5). */
    void (*tile_weights)(const float *weight, float products[TILE_PRODUCTS]);

    /* pooled = average pooling of tanh(conv(map) + bias), 16 x 4 x 4. */
    void (*tile_forward)(const float map[TILE_MAP], const float products[TILE_PRODUCTS],
                         const float *bias, float points[TILE_POINTS], float output[TILE_OUTPUT],
                         float pooled[TILE_POOLED]);

    /* From d(loss)/d(pooled): d(loss)/d(map), and `gradient`, what tile_gradients() takes. */
    void (*tile_backward)(const float output[TILE_OUTPUT], const float pooled[TILE_POOLED],
                          const float products[TILE_PRODUCTS], float gradient[TILE_GRADIENT],
                          float map_gradient[TILE_MAP]);

    /* The gradients of weight and bias, summed over `images` images. */
    void (*tile_gradients)(size_t images, const float *points, const float *gradient, float *weight,
                           float *bias);

    /* columns (in x dense_stride(out)) = the weights (out x in) transposed, for inputs from `first`
     * (a multiple of 8) to below `end`. */
    void (*dense_columns)(const struct lane_dense *dense, const float *weight, size_t first,
                          size_t end, float *columns);

    /* output (images x dense_stride(out)) = columns input + bias, or tanh of that; `input` has rows
     * of dense_stride(in). */
    void (*dense_forward)(const struct lane_dense *dense, size_t images, const float *columns,
                          const float *bias, const float *input, float *output);

    /* d(loss)/d(input); where `tanh` is not NULL it is the input, which was made by tanh, and the
     * result is d(loss)/d(input of tanh). */
    void (*dense_input_gradient)(const struct lane_dense *dense, size_t images, const float *weight,
                                 const float *gradient, const float *tanh, float *input_gradient);

    /* Gradients of the weights (out x in) and biases of outputs `first` to below `end`, summed over
     * all images. */
    void (*dense_weight_gradient)(const struct lane_dense *dense, size_t images, const float *input,
                                  const float *gradient, size_t first, size_t end, float *weight,
                                  float *bias);

    /* A row of logits, 10 of 16 numbers used: their cross-entropy, and its gradient times `scale`
     * in the same place, 16 numbers; *correct: whether the largest logit is the label's. */
    double (*cross_entropy)(const float logits[16], size_t label, float scale, float gradient[16],
                            bool *correct);

    /* sum += part; */
    void (*add)(size_t count, const float *part, float *sum);

    /* One update of `count` numbers. */
    void (*adam)(const struct adam_factors *factors, size_t count, const float *gradient,
                 float *first_moment, float *second_moment, float *value);
};

#endif
