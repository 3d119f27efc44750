// SPDX-License-Identifier: MIT
/*
 * Convolution as a matrix product (Chellapilla, Puri, Simard: "High performance convolutional
 * neural networks for document processing", 2006): the pixels under the kernel at each output place
 * form a column. Rows are (channel, kernel row, kernel column), columns are output places in row
 * order.
 */
#ifndef FMNIST_NN_IM2COL_H
#define FMNIST_NN_IM2COL_H

#include "fmnist/nn/network.h"
#include "fmnist/nn/real.h"

/* Geometry of a window that slides over an image. */
struct window {
    struct shape in;
    size_t kernel, stride, padding;
    size_t out_height, out_width;
};

/* columns: (C * kernel * kernel) x (out_height * out_width), from image: C x H x W, zeros outside.
 * Rows are `row_stride` numbers apart, so that images can stand side by side in one matrix. */
void im2col(const struct window *window, const real *image, real *columns, size_t row_stride);

/* The adjoint: sets image to the sum of all columns' elements that came from each pixel. */
void col2im(const struct window *window, const real *columns, size_t row_stride, real *image);

#endif
