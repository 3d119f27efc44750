// SPDX-License-Identifier: MIT
/*
 * The first convolution, 28x28 to 6 x 24x24, with tanh and pooling. Its one input channel gives
 * two-dimensional tiles too little to share, so that F(4,5) goes down the columns only: the output
 * has 6 tiles of 4 rows, for which
 *
 *     M[p][out][x] = sum over tap_x of U[p][tap_x][out] V[p][x + tap_x],  y = A' M
 *
 * at each point p, with V = B' of 8 rows of the image and U = G of a column of taps. That takes 40
 * multiplications for four outputs instead of 100. A vector holds eight columns of HALVES tiles,
 * and three of them make a row.
 *
 * Backward: D = A dy, dU[p][tap_x][out] = sum over x of D[p][out][x] V[p][x + tap_x], dg = G' dU.
 */
#ifndef FMNIST_NN_LANES_ROW_CONV_H
#define FMNIST_NN_LANES_ROW_CONV_H

#include "nn/lanes/lanes.h"
#include "nn/lanes/winograd.h"

enum {
    ROW_BLOCKS = 3, /* vectors of a row of the output */
    ROW_SETS = ROW_TILES / HALVES,
    ROW_STRIDE = 32, /* of a row of points */
    /* Channels whose sums stay in registers, times ROW_BLOCKS; and back, times ROW_TAPS of taps. */
    ROW_FORWARD_CHANNELS = KERNEL_REGISTERS >= 32 ? 6 : 3,
    ROW_BACKWARD_CHANNELS = 3,
    ROW_TAPS = KERNEL_REGISTERS >= 32 ? TAPS : 3,
};

/* Column `x` of a point of the tiles of a set. */
INLINE vector row_points(const float *points, size_t set, size_t point, size_t x)
{
    const float *first = points + (set * HALVES * POINTS + point) * ROW_STRIDE + x;
    return load_halves(first, first + POINTS * ROW_STRIDE);
}

static void row_weights(const float *weight, float *products)
{
    for (size_t channel = 0; channel < ROW_CHANNELS; channel++) {
        vector taps[TAPS], u[POINTS];
        float lanes[TAPS][LANES] = {{0}};
        for (size_t tap = 0; tap < TAPS * TAPS; tap++)
            lanes[tap / TAPS][tap % TAPS] = weight[channel * TAPS * TAPS + tap];
        for (size_t tap_y = 0; tap_y < TAPS; tap_y++)
            taps[tap_y] = load(lanes[tap_y]);
        transform_taps(taps, u);
        for (size_t point = 0; point < POINTS; point++)
            for (size_t tap_x = 0; tap_x < TAPS; tap_x++)
                products[(point * TAPS + tap_x) * ROW_CHANNELS + channel] = u[point][tap_x];
    }
}

static void row_transform(const float *image, float *points)
{
    for (size_t tile = 0; tile < ROW_TILES; tile++) {
        for (size_t x = 0; x < ROW_SIZE; x += LANES) {
            vector d[POINTS], v[POINTS];
            UNROLL
            for (size_t row = 0; row < POINTS; row++)
                d[row] = load(image + (tile * TILE + row) * ROW_SIZE + x);
            transform_input(d, v);
            UNROLL
            for (size_t point = 0; point < POINTS; point++)
                store(points + (tile * POINTS + point) * ROW_STRIDE + x, v[point]);
        }
    }
}

/* All of M for a set of tiles: [out][block][point]. */
INLINE void row_multiply(const float *points, const float *products, size_t set,
                         vector m[ROW_CHANNELS][ROW_BLOCKS][POINTS])
{
    for (size_t point = 0; point < POINTS; point++) {
        UNROLL
        for (size_t first = 0; first < ROW_CHANNELS; first += ROW_FORWARD_CHANNELS) {
            vector sums[ROW_FORWARD_CHANNELS][ROW_BLOCKS];
            UNROLL
            for (size_t tap = 0; tap < TAPS; tap++) {
                const float *u = products + (point * TAPS + tap) * ROW_CHANNELS + first;
                vector v[ROW_BLOCKS];
                UNROLL
                for (size_t block = 0; block < ROW_BLOCKS; block++)
                    v[block] = row_points(points, set, point, block * 8 + tap);
                UNROLL
                for (size_t out = 0; out < ROW_FORWARD_CHANNELS; out++) {
                    vector factor = spread(u[out]);
                    UNROLL
                    for (size_t block = 0; block < ROW_BLOCKS; block++)
                        sums[out][block] =
                            tap == 0 ? v[block] * factor : sums[out][block] + v[block] * factor;
                }
            }
            UNROLL
            for (size_t out = 0; out < ROW_FORWARD_CHANNELS; out++) {
                UNROLL
                for (size_t block = 0; block < ROW_BLOCKS; block++)
                    m[first + out][block][point] = sums[out][block];
            }
        }
    }
}

/* Pools a set of tiles of one channel; sums[row][block] are those of pairs of rows. */
INLINE void row_pool(vector sums[2][ROW_BLOCKS], size_t set, float *map)
{
    vector upper = pair_sums(sums[0][0], sums[0][1]) * 0.25F;
    vector lower = pair_sums(sums[1][0], sums[1][1]) * 0.25F;
    vector right = pair_sums(sums[0][2], sums[1][2]) * 0.25F;
    UNROLL
    for (int half = 0; half < HALVES; half++) {
        float *row = map + (set * HALVES + (size_t)half) * 2 * MAP_STRIDE;
        *(eight *)row = half_of(upper, half);
        *(four *)(row + 8) = quarter_of(half_of(right, half), 0);
        *(eight *)(row + MAP_STRIDE) = half_of(lower, half);
        *(four *)(row + MAP_STRIDE + 8) = quarter_of(half_of(right, half), 1);
    }
}

static void row_forward(const float *image, const float *products, const float *bias, float *points,
                        float *output, float *map)
{
    row_transform(image, points);
    for (size_t set = 0; set < ROW_SETS; set++) {
        vector m[ROW_CHANNELS][ROW_BLOCKS][POINTS];
        row_multiply(points, products, set, m);
        for (size_t out = 0; out < ROW_CHANNELS; out++) {
            vector sums[2][ROW_BLOCKS], shift = spread(bias[out]);
            UNROLL
            for (size_t block = 0; block < ROW_BLOCKS; block++) {
                vector y[TILE];
                transform_output(m[out][block], y);
                UNROLL
                for (size_t row = 0; row < TILE; row++) {
                    y[row] = vector_tanh(y[row] + shift);
                    store(output, y[row]);
                    output += LANES;
                }
                sums[0][block] = y[0] + y[1];
                sums[1][block] = y[2] + y[3];
            }
            row_pool(sums, set, map + out * TILE_SIZE * MAP_STRIDE);
        }
    }
}

/* A quarter of the gradient of each unpooled output in a row of a set of tiles. */
INLINE void row_unpool(const float *map, vector gradient[ROW_BLOCKS])
{
    vector left = load_halves(map, map + 2 * MAP_STRIDE) * 0.25F;
    vector right = load_halves(map + 8, map + 2 * MAP_STRIDE + 8) * 0.25F;
    gradient[0] = PICK(left, left, 0, 0, 1, 1, 2, 2, 3, 3);
    gradient[1] = PICK(left, left, 4, 4, 5, 5, 6, 6, 7, 7);
    gradient[2] = PICK(right, right, 0, 0, 1, 1, 2, 2, 3, 3);
}

/* D of the whole image: [point][set and block][out]. */
INLINE void row_transform_gradient(const float *output, const float *map,
                                   vector d[POINTS][ROW_SETS * ROW_BLOCKS][ROW_CHANNELS])
{
    for (size_t set = 0; set < ROW_SETS; set++) {
        for (size_t out = 0; out < ROW_CHANNELS; out++) {
            const float *rows = map + (out * TILE_SIZE + set * HALVES * 2) * MAP_STRIDE;
            vector gradient[2][ROW_BLOCKS];
            row_unpool(rows, gradient[0]);
            row_unpool(rows + MAP_STRIDE, gradient[1]);
            UNROLL
            for (size_t block = 0; block < ROW_BLOCKS; block++) {
                vector dy[TILE], points[POINTS];
                UNROLL
                for (size_t row = 0; row < TILE; row++) {
                    vector value = load(output), factor = gradient[row / 2][block];
                    dy[row] = factor - factor * value * value;
                    output += LANES;
                }
                transform_output_back(dy, points);
                UNROLL
                for (size_t point = 0; point < POINTS; point++)
                    d[point][set * ROW_BLOCKS + block][out] = points[point];
            }
        }
    }
}

/* Adds to the sums, [out][tap_x], of some channels and taps at one point. */
INLINE void row_add_products(const float *points, size_t point,
                             vector d[ROW_SETS * ROW_BLOCKS][ROW_CHANNELS], size_t first,
                             const size_t first_tap, const size_t taps, float *sums)
{
    vector sum[ROW_BACKWARD_CHANNELS][TAPS];
    UNROLL
    for (size_t out = 0; out < ROW_BACKWARD_CHANNELS; out++) {
        UNROLL
        for (size_t tap = 0; tap < taps; tap++)
            sum[out][tap] = load(sums + ((first + out) * TAPS + first_tap + tap) * LANES);
    }
    for (size_t set = 0; set < ROW_SETS; set++) {
        UNROLL
        for (size_t block = 0; block < ROW_BLOCKS; block++) {
            vector v[TAPS];
            UNROLL
            for (size_t tap = 0; tap < taps; tap++)
                v[tap] = row_points(points, set, point, block * 8 + first_tap + tap);
            UNROLL
            for (size_t out = 0; out < ROW_BACKWARD_CHANNELS; out++) {
                vector factor = d[set * ROW_BLOCKS + block][first + out];
                UNROLL
                for (size_t tap = 0; tap < taps; tap++)
                    sum[out][tap] += v[tap] * factor;
            }
        }
    }
    UNROLL
    for (size_t out = 0; out < ROW_BACKWARD_CHANNELS; out++) {
        UNROLL
        for (size_t tap = 0; tap < taps; tap++)
            store(sums + ((first + out) * TAPS + first_tap + tap) * LANES, sum[out][tap]);
    }
}

static void row_backward(const float *points, const float *output, const float *map, float *sums)
{
    vector d[POINTS][ROW_SETS * ROW_BLOCKS][ROW_CHANNELS];
    float *biases = sums + (size_t)POINTS * ROW_CHANNELS * TAPS * LANES;
    row_transform_gradient(output, map, d);
    for (size_t point = 0; point < POINTS; point++) {
        float *to = sums + point * ROW_CHANNELS * TAPS * LANES;
        for (size_t first = 0; first < ROW_CHANNELS; first += ROW_BACKWARD_CHANNELS) {
            row_add_products(points, point, d[point], first, 0, ROW_TAPS, to);
            if ((int)ROW_TAPS < (int)TAPS)
                row_add_products(points, point, d[point], first, ROW_TAPS, TAPS - ROW_TAPS, to);
        }
    }
    for (size_t out = 0; out < ROW_CHANNELS; out++) {
        vector sum = load(biases + out * LANES);
        for (size_t block = 0; block < ROW_SETS * ROW_BLOCKS; block++)
            sum += d[POINT_ONE][block][out];
        store(biases + out * LANES, sum);
    }
}

static void row_gradients(const float *sums, float *weight, float *bias)
{
    enum { COUNT = (POINTS * TAPS + 1) * ROW_CHANNELS };
    float totals[(COUNT + 7) / 8 * 8 + LANES];
    for (size_t first = 0; first < COUNT; first += 8) {
        vector values[8] = {{0}};
        for (size_t index = 0; index < 8 && first + index < COUNT; index++)
            values[index] = load(sums + (first + index) * LANES);
        *(eight *)(totals + first) = lane_sums(values);
    }
    for (size_t out = 0; out < ROW_CHANNELS; out++) {
        vector u[POINTS], taps[TAPS];
        for (size_t point = 0; point < POINTS; point++)
            u[point] = load(totals + (point * ROW_CHANNELS + out) * TAPS);
        transform_taps_back(u, taps);
        for (size_t tap = 0; tap < TAPS * TAPS; tap++)
            weight[out * TAPS * TAPS + tap] = taps[tap / TAPS][tap % TAPS];
        bias[out] = totals[POINTS * TAPS * ROW_CHANNELS + out];
    }
}

#endif
