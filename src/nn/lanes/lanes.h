// SPDX-License-Identifier: MIT
/*
 * Kernels that work on LANES images at once, one in each lane of a vector. Every array between
 * layers is C x H x W x LANES, the image innermost, so that a convolution is a chain of
 * multiplications of vectors by single weights: no im2col, no remainders in rows, no shuffles.
 *
 * The kernels are written once, in kernels.h, and compiled for each instruction set in a file of
 * its own, which contributes a struct lane_kernels. Arrays of lanes are aligned to a vector.
 */
#ifndef FMNIST_NN_LANES_LANES_H
#define FMNIST_NN_LANES_LANES_H

#include <stdbool.h>
#include <stddef.h>

enum { LANES = 8, LANE_KERNEL = 5 };

/* A convolution of LANE_KERNEL x LANE_KERNEL, stride 1, no padding, with tanh and 2x2 average
 * pooling after it. The output before pooling is out_channels x (height - 4) x (width - 4). */
struct lane_conv {
    size_t in_channels, height, width, out_channels;
};

/* A fully connected layer, with or without tanh after it. */
struct lane_dense {
    size_t in, out;
    bool tanh;
};

/* Where the weight gradient of a dense layer comes from: all groups of a batch. */
struct lane_dense_sources {
    size_t groups;
    const float *inputs;    /* groups x LANES x input_stride: the input of each image in a row */
    size_t input_stride;    /* `in` or more, a multiple of LANES */
    const float *gradients; /* of the first group: out x LANES, d(loss)/d(output before tanh) */
    size_t gradient_stride; /* to the next group's */
};

struct lane_kernels {
    const char *name; /* of the instruction set */

    /* output = tanh(conv(input) + bias), pooled = average of each 2x2 of it. */
    void (*conv_forward)(const struct lane_conv *conv, const float *weight, const float *bias,
                         const float *input, float *output, float *pooled);

    /* d(loss)/d(conv(input) + bias) from tanh's output and d(loss)/d(pooled). */
    void (*conv_output_gradient)(const struct lane_conv *conv, const float *output,
                                 const float *pooled_gradient, float *gradient);

    /* d(loss)/d(input). Only for inputs that conv_input_gradient_fits(). */
    void (*conv_input_gradient)(const struct lane_conv *conv, const float *weight,
                                const float *gradient, float *input_gradient);

    /* Gradients of weight and bias, summed over the lanes. */
    void (*conv_weight_gradient)(const struct lane_conv *conv, const float *input,
                                 const float *gradient, float *weight, float *bias);

    /* output = weight input + bias, or tanh of that. */
    void (*dense_forward)(const struct lane_dense *dense, const float *weight, const float *bias,
                          const float *input, float *output);

    /* d(loss)/d(input). */
    void (*dense_input_gradient)(const struct lane_dense *dense, const float *weight,
                                 const float *gradient, float *input_gradient);

    /* Gradients of the weights (out x in) and biases of outputs `first` to below `end`. */
    void (*dense_weight_gradient)(const struct lane_dense *dense,
                                  const struct lane_dense_sources *sources, size_t first,
                                  size_t end, float *weight, float *bias);

    /* Turns d(loss)/d(output) into d(loss)/d(input) of tanh, in place; `count` vectors. */
    void (*tanh_backward)(size_t count, const float *output, float *gradient);
};

/* Whether the kernels can compute a convolution's gradient with respect to its input. */
static inline bool conv_input_gradient_fits(const struct lane_conv *conv)
{
    return conv->width == 12 && conv->height % 2 == 0;
}

/* Whether conv_forward and the weight gradient take it. */
static inline bool lane_conv_fits(const struct lane_conv *conv)
{
    return conv->height > LANE_KERNEL && conv->width > LANE_KERNEL && conv->height % 2 == 0 &&
           conv->width % 2 == 0 && conv->out_channels % 2 == 0;
}

#endif
