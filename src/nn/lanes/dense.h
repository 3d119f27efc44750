// SPDX-License-Identifier: MIT
/*
 * Fully connected layers: three matrix products of a block of results that stays in registers, some
 * images (or outputs) times two vectors, while the third dimension goes by. Each step loads two
 * vectors and spreads one number for each row of the block.
 *
 * Forward the lanes are outputs, which needs the weights transposed (columns); in both gradients
 * they are inputs, and the weights are read and written as PyTorch has them. Where the inputs do
 * not fill the last block, it begins earlier and computes some results twice.
 */
#ifndef FMNIST_NN_LANES_DENSE_H
#define FMNIST_NN_LANES_DENSE_H

#include "nn/lanes/lanes.h"
#include "nn/lanes/vector.h"

enum {
    DENSE_VECTORS = 2,
    DENSE_BLOCK = DENSE_VECTORS * LANES,
    DENSE_IMAGES = KERNEL_REGISTERS >= 32 ? 10 : 5,
    DENSE_ROWS = KERNEL_REGISTERS >= 32 ? 12 : 6, /* outputs whose weights' gradients are a block */
    DENSE_ROWS_FEW = KERNEL_REGISTERS >= 32 ? 5 : 4,
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void dense_columns(const struct lane_dense *dense, const float *weight, size_t first,
                          size_t end, float *columns)
{
    size_t stride = dense_stride(dense->out);
    for (size_t in = first; in < end; in += 8) {
        size_t from = smaller(in, dense->in - 8);
        for (size_t out = 0; out < dense->out; out += LANES) {
            vector block[8];
            UNROLL
            for (size_t row = 0; row < 8; row++) {
                /* Rows that do not exist are copies of the last, and nobody asks what becomes of
                 * them. */
                const float *upper = weight + smaller(out + row, dense->out - 1) * dense->in;
                const float *lower = weight + smaller(out + row + 8, dense->out - 1) * dense->in;
                block[row] = load_halves(upper + from, lower + from);
            }
            transpose(block);
            UNROLL
            for (size_t column = 0; column < 8; column++)
                store(columns + (from + column) * stride + out, block[column]);
        }
    }
}

INLINE void dense_forward_block(const struct lane_dense *dense, const int images,
                                const float *columns, const float *bias, const float *input,
                                float *output)
{
    size_t in_stride = dense_stride(dense->in), out_stride = dense_stride(dense->out);
    for (size_t out = 0; out < dense->out; out += DENSE_BLOCK) {
        float padded[DENSE_BLOCK] = {0};
        vector sums[DENSE_IMAGES][DENSE_VECTORS];
        memcpy(padded, bias + out, smaller(DENSE_BLOCK, dense->out - out) * sizeof *padded);
        UNROLL
        for (int image = 0; image < images; image++) {
            UNROLL
            for (int index = 0; index < DENSE_VECTORS; index++)
                sums[image][index] = load(padded + index * LANES);
        }
        for (size_t in = 0; in < dense->in; in++) {
            vector factors[DENSE_VECTORS];
            UNROLL
            for (int index = 0; index < DENSE_VECTORS; index++)
                factors[index] = load(columns + in * out_stride + out + index * LANES);
            UNROLL
            for (int image = 0; image < images; image++) {
                vector value = spread(input[(size_t)image * in_stride + in]);
                UNROLL
                for (int index = 0; index < DENSE_VECTORS; index++)
                    sums[image][index] += factors[index] * value;
            }
        }
        UNROLL
        for (int image = 0; image < images; image++) {
            UNROLL
            for (int index = 0; index < DENSE_VECTORS; index++)
                store(output + (size_t)image * out_stride + out + index * LANES,
                      dense->tanh ? vector_tanh(sums[image][index]) : sums[image][index]);
        }
    }
}

INLINE void dense_input_block(const struct lane_dense *dense, const int images, const float *weight,
                              const float *gradient, const float *tanh, float *input_gradient)
{
    size_t in_stride = dense_stride(dense->in), out_stride = dense_stride(dense->out);
    for (size_t block = 0; block < dense->in; block += DENSE_BLOCK) {
        size_t in = smaller(block, dense->in - DENSE_BLOCK);
        vector sums[DENSE_IMAGES][DENSE_VECTORS];
        UNROLL
        for (int index = 0; index < images * DENSE_VECTORS; index++)
            sums[index / DENSE_VECTORS][index % DENSE_VECTORS] = spread(0);
        for (size_t out = 0; out < dense->out; out++) {
            vector factors[DENSE_VECTORS];
            UNROLL
            for (int index = 0; index < DENSE_VECTORS; index++)
                factors[index] = load(weight + out * dense->in + in + index * LANES);
            UNROLL
            for (int image = 0; image < images; image++) {
                vector value = spread(gradient[(size_t)image * out_stride + out]);
                UNROLL
                for (int index = 0; index < DENSE_VECTORS; index++)
                    sums[image][index] += factors[index] * value;
            }
        }
        UNROLL
        for (int index = 0; index < images * DENSE_VECTORS; index++) {
            size_t place = (size_t)(index / DENSE_VECTORS) * in_stride + in +
                           (size_t)(index % DENSE_VECTORS) * LANES;
            vector sum = sums[index / DENSE_VECTORS][index % DENSE_VECTORS];
            if (tanh)
                sum -= sum * load(tanh + place) * load(tanh + place);
            store(input_gradient + place, sum);
        }
    }
}

/* Calls FUNCTION(dense, N, ...) with a constant N for each block of images. */
#define DENSE_CASE(n, call)                                                                        \
    case n:                                                                                        \
        if (n <= DENSE_IMAGES) {                                                                   \
            enum { IMAGES = n <= DENSE_IMAGES ? n : 1 };                                           \
            call;                                                                                  \
        }                                                                                          \
        break;
#define DENSE_SWITCH(images, call)                                                                 \
    switch (images) {                                                                              \
        DENSE_CASE(1, call)                                                                        \
        DENSE_CASE(2, call)                                                                        \
        DENSE_CASE(3, call)                                                                        \
        DENSE_CASE(4, call)                                                                        \
        DENSE_CASE(5, call)                                                                        \
        DENSE_CASE(6, call)                                                                        \
        DENSE_CASE(7, call)                                                                        \
        DENSE_CASE(8, call)                                                                        \
        DENSE_CASE(9, call)                                                                        \
        DENSE_CASE(10, call)                                                                       \
    }

static void dense_forward(const struct lane_dense *dense, size_t images, const float *columns,
                          const float *bias, const float *input, float *output)
{
    for (size_t first = 0, count; first < images; first += count) {
        count = smaller(images - first, DENSE_IMAGES);
        const float *from = input + first * dense_stride(dense->in);
        float *to = output + first * dense_stride(dense->out);
        DENSE_SWITCH(count, dense_forward_block(dense, IMAGES, columns, bias, from, to))
    }
}

static void dense_input_gradient(const struct lane_dense *dense, size_t images, const float *weight,
                                 const float *gradient, const float *tanh, float *input_gradient)
{
    for (size_t first = 0, count; first < images; first += count) {
        count = smaller(images - first, DENSE_IMAGES);
        const float *from = gradient + first * dense_stride(dense->out);
        const float *value = tanh ? tanh + first * dense_stride(dense->in) : NULL;
        float *to = input_gradient + first * dense_stride(dense->in);
        DENSE_SWITCH(count, dense_input_block(dense, IMAGES, weight, from, value, to))
    }
}

/* The weights' gradients of `rows` outputs from `out`. */
INLINE void dense_weight_rows(const struct lane_dense *dense, size_t images, const float *input,
                              const float *gradient, const int rows, size_t out, float *weight)
{
    size_t in_stride = dense_stride(dense->in), out_stride = dense_stride(dense->out);
    for (size_t block = 0; block < dense->in; block += DENSE_BLOCK) {
        size_t in = smaller(block, dense->in - DENSE_BLOCK);
        vector sums[DENSE_ROWS][DENSE_VECTORS];
        UNROLL
        for (int index = 0; index < rows * DENSE_VECTORS; index++)
            sums[index / DENSE_VECTORS][index % DENSE_VECTORS] = spread(0);
        for (size_t image = 0; image < images; image++) {
            vector values[DENSE_VECTORS];
            UNROLL
            for (int index = 0; index < DENSE_VECTORS; index++)
                values[index] = load(input + image * in_stride + in + index * LANES);
            UNROLL
            for (int row = 0; row < rows; row++) {
                vector factor = spread(gradient[image * out_stride + out + (size_t)row]);
                UNROLL
                for (int index = 0; index < DENSE_VECTORS; index++)
                    sums[row][index] += values[index] * factor;
            }
        }
        UNROLL
        for (int index = 0; index < rows * DENSE_VECTORS; index++)
            store(weight + (out + (size_t)(index / DENSE_VECTORS)) * dense->in + in +
                      (size_t)(index % DENSE_VECTORS) * LANES,
                  sums[index / DENSE_VECTORS][index % DENSE_VECTORS]);
    }
}

static void dense_weight_gradient(const struct lane_dense *dense, size_t images, const float *input,
                                  const float *gradient, size_t first, size_t end, float *weight,
                                  float *bias)
{
    size_t out = first;
    for (; out + DENSE_ROWS <= end; out += DENSE_ROWS)
        dense_weight_rows(dense, images, input, gradient, DENSE_ROWS, out, weight);
    for (; out + DENSE_ROWS_FEW <= end; out += DENSE_ROWS_FEW)
        dense_weight_rows(dense, images, input, gradient, DENSE_ROWS_FEW, out, weight);
    for (; out < end; out++)
        dense_weight_rows(dense, images, input, gradient, 1, out, weight);
    memset(bias + first, 0, (end - first) * sizeof *bias);
    for (size_t image = 0; image < images; image++)
        for (out = first; out < end; out++)
            bias[out] += gradient[image * dense_stride(dense->out) + out];
}

#endif
