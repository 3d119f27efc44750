// SPDX-License-Identifier: MIT
/*
 * The matrix products of a plane. A block of results stays in registers while the kernel goes
 * through the dimension that is summed over: with 32 registers 12 rows x 2 vectors (24 sums, two
 * vectors of the right matrix, one number of the left one spread), with 16 registers 6 x 2. Rows
 * are shared out evenly among the blocks, so that no small one is left over.
 */
#ifndef FMNIST_NN_PLANES_MULTIPLY_H
#define FMNIST_NN_PLANES_MULTIPLY_H

#include "nn/planes/planes.h"
#include "nn/planes/vector.h"

enum {
    MULTIPLY_ROWS = KERNEL_REGISTERS >= 32 ? 12 : 6,
    MULTIPLY_COLUMNS = 2 * WIDTH,
    CORRELATE_ROWS = KERNEL_REGISTERS >= 32 ? 8 : 4,
    LINE_FLOATS = 16, /* of the cache */
};

/* `rows` rows of a and MULTIPLY_COLUMNS columns of the filter. */
INLINE void multiply_block(const float *a, const float *soon, size_t panel_stride, size_t panels,
                           const float *filter, bool add, float *product, const int rows)
{
    vector sums[MULTIPLY_ROWS][2];
    UNROLL
    for (int row = 0; row < rows; row++) {
        sums[row][0] = add ? load(product + row * PANEL) : spread(0);
        sums[row][1] = add ? load(product + row * PANEL + WIDTH) : spread(0);
    }
    for (size_t panel = 0; panel < panels; panel++, a += panel_stride, soon += panel_stride) {
        for (size_t inner = 0; inner < PANEL; inner++, filter += PANEL) {
            vector left = load(filter), right = load(filter + WIDTH);
            __builtin_prefetch(soon + inner * LINE_FLOATS, 0, 2);
            UNROLL
            for (int row = 0; row < rows; row++) {
                float factor = a[(size_t)row * PANEL + inner];
                sums[row][0] += left * factor;
                sums[row][1] += right * factor;
            }
        }
    }
    UNROLL
    for (int row = 0; row < rows; row++) {
        store(product + row * PANEL, sums[row][0]);
        store(product + row * PANEL + WIDTH, sums[row][1]);
    }
}

/* A block of any number of rows up to MULTIPLY_ROWS. */
INLINE void multiply_rows(const float *a, const float *soon, size_t panel_stride, size_t panels,
                          const float *filter, bool add, float *product, size_t rows)
{
    switch (rows) {
#if KERNEL_REGISTERS >= 32
    case 12:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 12);
        break;
    case 11:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 11);
        break;
    case 10:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 10);
        break;
    case 9:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 9);
        break;
    case 8:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 8);
        break;
    case 7:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 7);
        break;
#endif
    case 6:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 6);
        break;
    case 5:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 5);
        break;
    case 4:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 4);
        break;
    case 3:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 3);
        break;
    case 2:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 2);
        break;
    default:
        multiply_block(a, soon, panel_stride, panels, filter, add, product, 1);
        break;
    }
}

static void multiply(const float *a, size_t panel_stride, size_t panels, size_t images,
                     const float *filter, bool add, float *product)
{
    size_t blocks = (images + MULTIPLY_ROWS - 1) / MULTIPLY_ROWS;
    for (size_t block = 0; block < blocks; block++) {
        size_t first = images * block / blocks, end = images * (block + 1) / blocks;
        for (size_t column = 0; column < PANEL; column += MULTIPLY_COLUMNS)
            multiply_rows(a + first * PANEL, a + end * PANEL, panel_stride, panels, filter + column,
                          add, product + first * PANEL + column, end - first);
    }
}

/* CORRELATE_ROWS rows of the product from a's column `row` on, and two vectors of its columns. */
INLINE void correlate_block(const float *a, const float *b, const float *soon, size_t images,
                            float *product)
{
    vector sums[CORRELATE_ROWS][2];
    UNROLL
    for (int row = 0; row < CORRELATE_ROWS; row++)
        sums[row][0] = sums[row][1] = spread(0);
    for (size_t place = 0; place < images * PANEL; place += PANEL) {
        vector left = load(b + place), right = load(b + place + WIDTH);
        __builtin_prefetch(soon + place, 0, 2);
        __builtin_prefetch(soon + place + LINE_FLOATS, 0, 2);
        UNROLL
        for (size_t row = 0; row < CORRELATE_ROWS; row++) {
            float factor = a[place + row];
            sums[row][0] += left * factor;
            sums[row][1] += right * factor;
        }
    }
    UNROLL
    for (size_t row = 0; row < CORRELATE_ROWS; row++) {
        store(product + row * PANEL, sums[row][0]);
        store(product + row * PANEL + WIDTH, sums[row][1]);
    }
}

static void correlate(const float *a, const float *b, const float *next_b, size_t images,
                      float *product)
{
    const float *next_a = a + images * PANEL;
    for (size_t row = 0; row < PANEL; row += CORRELATE_ROWS) {
        for (size_t column = 0; column < PANEL; column += 2 * WIDTH)
            correlate_block(a + row, b + column, row % (2 * CORRELATE_ROWS) ? next_b : next_a,
                            images, product + row * PANEL + column);
    }
}

#endif
