// SPDX-License-Identifier: MIT
/*
 * The kernels of lanes.h, for whatever instruction set the including file is compiled for. It
 * defines LANES and KERNEL_REGISTERS (see vector.h) and names its struct lane_kernels after the
 * functions here.
 */
#ifndef FMNIST_NN_LANES_KERNELS_H
#define FMNIST_NN_LANES_KERNELS_H

#include "nn/lanes/dense.h"
#include "nn/lanes/row_conv.h"
#include "nn/lanes/small.h"
#include "nn/lanes/tile_conv.h"

#define LANE_KERNELS(instruction_set)                                                              \
    {                                                                                              \
        .name = (instruction_set), .pixels = pixels, .row_weights = row_weights,                   \
        .row_forward = row_forward, .row_backward = row_backward, .row_gradients = row_gradients,  \
        .tile_weights = tile_weights, .tile_forward = tile_forward,                                \
        .tile_backward = tile_backward, .tile_gradients = tile_gradients,                          \
        .dense_columns = dense_columns, .dense_forward = dense_forward,                            \
        .dense_input_gradient = dense_input_gradient,                                              \
        .dense_weight_gradient = dense_weight_gradient, .cross_entropy = cross_entropy_row,        \
        .add = add, .adam = adam,                                                                  \
    }

#endif
