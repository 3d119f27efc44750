// SPDX-License-Identifier: MIT
/*
 * The stages of a runner: what the kernels do in one go, a convolution with its tanh and pooling or
 * a dense layer with its tanh. Made from a network's layers; no memory of its own.
 */
#ifndef FMNIST_NN_LANES_STAGE_H
#define FMNIST_NN_LANES_STAGE_H

#include "nn/lanes/lanes.h"
#include "nn/layer.h"

/* Places are offsets in numbers, all multiples of LANES, in one of three blocks. */
struct lane_stage {
    bool is_conv;
    struct lane_conv conv;
    struct lane_dense dense;
    struct parameter *weight, *bias;

    /* In a group's activations. */
    size_t input, output;
    size_t unpooled; /* conv: tanh's output */

    /* In a group's gradients: dense: of the output; conv: of weight and bias, as numbers. */
    size_t gradient;

    /* In a worker's scratch; conv only. */
    size_t pooled_gradient, unpooled_gradient;

    /* dense: the inputs as rows of `row_stride` numbers, rows of all groups one after another. */
    size_t rows, row_stride;
};

/* Numbers of each block. */
struct lane_sizes {
    size_t activations; /* a group */
    size_t gradients;   /* a group */
    size_t scratch;     /* a worker */
    size_t rows;        /* an image */
};

/* Fills `stages` (room for `layer_count`) and `sizes`; returns how many stages there are, 0 where
 * the kernels lack a layer. */
size_t lane_stages(const struct layer *layers, size_t layer_count, struct lane_stage *stages,
                   struct lane_sizes *sizes);

#endif
