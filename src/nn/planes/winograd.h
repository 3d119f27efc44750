// SPDX-License-Identifier: MIT
/*
 * Winograd's F(6x6, 3x3) for images of 6x6 with a padding of 1: one tile is the whole image, 64
 * products instead of 324. (Lavin, Gray, "Fast algorithms for convolutional neural networks", 2016;
 * the matrices by the construction of Toom and Cook with the points +-1, +-2, +-1/2, 0, infinity.)
 *
 * Row a of each matrix belongs to a point; rows of points that differ in sign differ in the signs
 * of every second element, so a pair of rows costs little more than one: the sum of the even
 * elements' products plus or minus that of the odd ones'. B' has its first and last column, which
 * meet the padding, left out; that exchanges even and odd, and so the sign of the second of a pair.
 */
#ifndef FMNIST_NN_PLANES_WINOGRAD_H
#define FMNIST_NN_PLANES_WINOGRAD_H

#include "nn/planes/planes.h"
#include "nn/planes/vector.h"

enum { TILE = 6, TAPS = 3, POINTS = 8, POINT_PAIRS = 3 };

static const float TILE_POINTS[POINTS * TILE] = {
    1,    1,     -4.25F, -4.25F, 1,      1, /* 1 */
    -1,   1,     4.25F,  -4.25F, -1,     1, /* -1 */
    .5F,  .25F,  -2.5F,  -1.25F, 2,      1, /* 2 */
    -.5F, .25F,  2.5F,   -1.25F, -2,     1, /* -2 */
    2,    4,     -2.5F,  -5,     .5F,    1, /* 1/2 */
    -2,   4,     2.5F,   -5,     -.5F,   1, /* -1/2 */
    0,    5.25F, 0,      -5.25F, 0,      1, /* 0 */
    -1,   0,     5.25F,  0,      -5.25F, 0, /* infinity */
};

static const float TAP_POINTS[POINTS * TAPS] = {
    -2 / 9.F,  -2 / 9.F,   -2 / 9.F, /* 1 */
    -2 / 9.F,  2 / 9.F,    -2 / 9.F, /* -1 */
    1 / 90.F,  1 / 45.F,   2 / 45.F, /* 2 */
    1 / 90.F,  -1 / 45.F,  2 / 45.F, /* -2 */
    32 / 45.F, 16 / 45.F,  8 / 45.F, /* 1/2 */
    32 / 45.F, -16 / 45.F, 8 / 45.F, /* -1/2 */
    -1,        0,          0,        /* 0 */
    0,         0,          1,        /* infinity */
};

static const float RESULT_POINTS[POINTS * TILE] = {
    1, 1,    1,    1,      1,      1,        /* 1 */
    1, -1,   1,    -1,     1,      -1,       /* -1 */
    1, 2,    4,    8,      16,     32,       /* 2 */
    1, -2,   4,    -8,     16,     -32,      /* -2 */
    1, .5F,  .25F, .125F,  .0625F, .03125F,  /* 1/2 */
    1, -.5F, .25F, -.125F, .0625F, -.03125F, /* -1/2 */
    1, 0,    0,    0,      0,      0,        /* 0 */
    0, 0,    0,    0,      0,      1,        /* infinity */
};

/* The sum of in[k] row[k] over k = first, first + step, ...; what is multiplied by 0 is left out.
 */
INLINE vector row_sum(const float *row, const int first, const int step, const int length,
                      const vector *in)
{
    vector sum = in[first] * row[first];
    UNROLL
    for (int k = first + step; k < length; k += step) {
        if (row[k] != 0)
            sum += in[k] * row[k];
    }
    return sum;
}

/* The values at all points of what has `length` elements: out = matrix in. */
INLINE void evaluate(const float *matrix, const int length, const bool exchanged, const vector *in,
                     vector *out)
{
    UNROLL
    for (int pair = 0; pair < POINT_PAIRS; pair++) {
        const float *row = matrix + 2 * pair * length;
        vector even = row_sum(row, 0, 2, length, in), odd = row_sum(row, 1, 2, length, in);
        out[2 * pair] = even + odd;
        out[2 * pair + 1] = exchanged ? odd - even : even - odd;
    }
    UNROLL
    for (int point = 2 * POINT_PAIRS; point < POINTS; point++) {
        const float *row = matrix + point * length;
        int first = row[0] != 0 ? 0 : row[1] != 0 ? 1 : length - 1;
        out[point] = row_sum(row, first, 1, length, in);
    }
}

/* The adjoint: out = matrix' in. */
INLINE void gather(const float *matrix, const int length, const bool exchanged, const vector *in,
                   vector *out)
{
    vector sums[POINT_PAIRS], differences[POINT_PAIRS];
    UNROLL
    for (int pair = 0; pair < POINT_PAIRS; pair++) {
        sums[pair] = in[2 * pair] + in[2 * pair + 1];
        differences[pair] = in[2 * pair] - in[2 * pair + 1];
    }
    UNROLL
    for (int k = 0; k < length; k++) {
        const vector *values = (k % 2 == 0) != exchanged ? sums : differences;
        vector sum = values[0] * matrix[k];
        UNROLL
        for (int pair = 1; pair < POINT_PAIRS; pair++)
            sum += values[pair] * matrix[2 * pair * length + k];
        UNROLL
        for (int point = 2 * POINT_PAIRS; point < POINTS; point++) {
            if (matrix[point * length + k] != 0)
                sum += in[point] * matrix[point * length + k];
        }
        out[k] = sum;
    }
}

/* Planes of an image of TILE x TILE: matrix image matrix'. */
INLINE void tile_to_planes(const float *matrix, const bool exchanged, const float *image,
                           size_t pixel_stride, float *planes, size_t plane_stride)
{
    for (size_t lane = 0; lane < PANEL; lane += WIDTH) {
        vector half[POINTS][TILE], column[TILE], points[POINTS];
        for (size_t x = 0; x < TILE; x++) {
            UNROLL
            for (size_t y = 0; y < TILE; y++)
                column[y] = load(image + (y * TILE + x) * pixel_stride + lane);
            evaluate(matrix, TILE, exchanged, column, points);
            UNROLL
            for (int point = 0; point < POINTS; point++)
                half[point][x] = points[point];
        }
        for (size_t row = 0; row < POINTS; row++) {
            evaluate(matrix, TILE, exchanged, half[row], points);
            UNROLL
            for (size_t point = 0; point < POINTS; point++)
                store_plane(planes + (row * POINTS + point) * plane_stride + lane, points[point]);
        }
    }
}

/* The adjoint: an image from planes, matrix' planes matrix. */
INLINE void tile_from_planes(const float *matrix, const bool exchanged, const float *planes,
                             size_t plane_stride, float *image, size_t pixel_stride)
{
    for (size_t lane = 0; lane < PANEL; lane += WIDTH) {
        vector half[TILE][POINTS], points[POINTS], pixels[TILE];
        for (size_t point = 0; point < POINTS; point++) {
            UNROLL
            for (size_t row = 0; row < POINTS; row++) {
                points[row] = load(planes + (row * POINTS + point) * plane_stride + lane);
                prefetch_next_image(planes + (row * POINTS + point) * plane_stride + lane);
            }
            gather(matrix, TILE, exchanged, points, pixels);
            UNROLL
            for (int y = 0; y < TILE; y++)
                half[y][point] = pixels[y];
        }
        for (size_t y = 0; y < TILE; y++) {
            gather(matrix, TILE, exchanged, half[y], pixels);
            UNROLL
            for (size_t x = 0; x < TILE; x++)
                store(image + (y * TILE + x) * pixel_stride + lane, pixels[x]);
        }
    }
}

static void winograd_input(const float *image, size_t pixel_stride, float *planes,
                           size_t plane_stride)
{
    tile_to_planes(TILE_POINTS, true, image, pixel_stride, planes, plane_stride);
}

static void winograd_input_gradient(const float *planes, size_t plane_stride, float *image,
                                    size_t pixel_stride)
{
    tile_from_planes(TILE_POINTS, true, planes, plane_stride, image, pixel_stride);
}

static void winograd_output(const float *planes, size_t plane_stride, float *pixels)
{
    tile_from_planes(RESULT_POINTS, false, planes, plane_stride, pixels, PANEL);
}

static void winograd_output_gradient(const float *pixels, float *planes, size_t plane_stride)
{
    tile_to_planes(RESULT_POINTS, false, pixels, PANEL, planes, plane_stride);
}

/* A group is one point of the rows with all points of the columns. */
static size_t winograd_group_first(size_t group)
{
    return group * POINTS;
}

static void winograd_filter(size_t group, const float *taps, size_t rows, float *planes,
                            size_t plane_stride)
{
    const float *factors = TAP_POINTS + group * TAPS;
    for (size_t place = 0; place < rows * PANEL; place += WIDTH) {
        const float *from = taps + place / PANEL * TAPS * TAPS * PANEL + place % PANEL;
        vector column[TAPS], points[POINTS];
        UNROLL
        for (size_t x = 0; x < TAPS; x++)
            column[x] = load(from + x * PANEL) * factors[0] +
                        load(from + (TAPS + x) * PANEL) * factors[1] +
                        load(from + (2 * TAPS + x) * PANEL) * factors[2];
        evaluate(TAP_POINTS, TAPS, false, column, points);
        UNROLL
        for (size_t point = 0; point < POINTS; point++)
            store(planes + point * plane_stride + place, points[point]);
    }
}

static void winograd_filter_gradient(size_t group, const float *planes, size_t plane_stride,
                                     size_t rows, float *taps)
{
    const float *factors = TAP_POINTS + group * TAPS;
    for (size_t place = 0; place < rows * PANEL; place += WIDTH) {
        float *to = taps + place / PANEL * TAPS * TAPS * PANEL + place % PANEL;
        vector points[POINTS], column[TAPS];
        UNROLL
        for (size_t point = 0; point < POINTS; point++)
            points[point] = load(planes + point * plane_stride + place);
        gather(TAP_POINTS, TAPS, false, points, column);
        UNROLL
        for (size_t tap = 0; tap < TAPS * TAPS; tap++)
            store(to + tap * PANEL,
                  load(to + tap * PANEL) + column[tap % TAPS] * factors[tap / TAPS]);
    }
}

static const struct plane_transform WINOGRAD = {
    .side = TILE,
    .kernel = TAPS,
    .planes = POINTS * POINTS,
    .groups = POINTS,
    .slice = 128,
    .filter_panels = 12,
    .group_first = winograd_group_first,
    .input = winograd_input,
    .output = winograd_output,
    .output_gradient = winograd_output_gradient,
    .input_gradient = winograd_input_gradient,
    .filter = winograd_filter,
    .filter_gradient = winograd_filter_gradient,
};

#endif
