// SPDX-License-Identifier: MIT
#include "nn/im2col.h"

#include <string.h>

/* The output columns [first, end) whose pixel for kernel column `offset` lies in the image. */
struct span {
    size_t first, end;
};

static struct span window_span(size_t offset, size_t stride, size_t padding, size_t in, size_t out)
{
    /* 0 <= place * stride + offset - padding < in */
    size_t first = offset >= padding ? 0 : (padding - offset + stride - 1) / stride;
    size_t limit = in + padding; /* place * stride + offset < limit */
    size_t end = limit <= offset ? 0 : (limit - offset + stride - 1) / stride;
    if (end > out)
        end = out;
    return (struct span){first < end ? first : end, end};
}

/* One row of the matrix: the pixels of one channel under one element of the kernel. */
static void im2col_row(const struct window *window, size_t kernel_row, size_t kernel_column,
                       const real *plane, real *row)
{
    size_t stride = window->stride, padding = window->padding;
    size_t height = window->out_height, width = window->out_width;
    struct span rows = window_span(kernel_row, stride, padding, window->in.height, height);
    struct span columns = window_span(kernel_column, stride, padding, window->in.width, width);
    memset(row, 0, height * width * sizeof *row);
    for (size_t y = rows.first; y < rows.end; y++) {
        const real *from = plane + (y * stride + kernel_row - padding) * window->in.width;
        for (size_t x = columns.first; x < columns.end; x++)
            row[y * width + x] = from[x * stride + kernel_column - padding];
    }
}

void im2col(const struct window *window, const real *image, real *columns, size_t row_stride)
{
    size_t plane_size = window->in.height * window->in.width;
    for (size_t channel = 0; channel < window->in.channels; channel++) {
        for (size_t row = 0; row < window->kernel; row++) {
            for (size_t column = 0; column < window->kernel; column++) {
                im2col_row(window, row, column, image + channel * plane_size, columns);
                columns += row_stride;
            }
        }
    }
}

static void col2im_row(const struct window *window, size_t kernel_row, size_t kernel_column,
                       const real *row, real *plane)
{
    size_t stride = window->stride, padding = window->padding;
    size_t height = window->out_height, width = window->out_width;
    struct span rows = window_span(kernel_row, stride, padding, window->in.height, height);
    struct span columns = window_span(kernel_column, stride, padding, window->in.width, width);
    for (size_t y = rows.first; y < rows.end; y++) {
        real *to = plane + (y * stride + kernel_row - padding) * window->in.width;
        for (size_t x = columns.first; x < columns.end; x++)
            to[x * stride + kernel_column - padding] += row[y * width + x];
    }
}

void col2im(const struct window *window, const real *columns, size_t row_stride, real *image)
{
    size_t plane_size = window->in.height * window->in.width;
    memset(image, 0, window->in.channels * plane_size * sizeof *image);
    for (size_t channel = 0; channel < window->in.channels; channel++) {
        for (size_t row = 0; row < window->kernel; row++) {
            for (size_t column = 0; column < window->kernel; column++) {
                col2im_row(window, row, column, columns, image + channel * plane_size);
                columns += row_stride;
            }
        }
    }
}
