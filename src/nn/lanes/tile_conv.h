// SPDX-License-Identifier: MIT
/*
 * The second convolution, 6 x 12x12 to 16 x 8x8, with tanh and pooling: F(4x4,5x5) of winograd.h on
 * four tiles of 4x4 outputs. It takes 64 multiplications for 16 outputs and a pair of channels
 * instead of 400.
 *
 * The lanes are points, not images or channels. A tile is eight rows of eight numbers; transforming
 * the columns is one transform of eight vectors, and after a transposition of 8x8 the rows are
 * columns. So V, M and D have the points of x one vector after another and those of y in its eight
 * lanes, and what lies between the transforms multiplies vectors by vectors:
 *
 *     M[point_x][tile][out] = sum over in of V[point_x][tile][in] U[point_x][out][in]
 *     dV[point_x][tile][in] = sum over out of D[point_x][tile][out] U[point_x][out][in]
 *     dU[point_x][out][in] = sum over tiles and images of V[point_x][tile][in] D[...][out]
 *
 * Nothing is ever summed over lanes. Where a vector has 16 lanes its halves are the left and the
 * right tile; the tiles of one or two halves are a set. There are SIDES columns of sets (two where
 * a set is one tile) of an upper and a lower set.
 *
 * After A' on the columns, the 4x8 numbers of the upper and the lower tile make one transposition;
 * then the lanes of a vector are (left or right,) upper or lower, and x, and there are four vectors
 * for the rows y.
 */
#ifndef FMNIST_NN_LANES_TILE_CONV_H
#define FMNIST_NN_LANES_TILE_CONV_H

#include "nn/lanes/lanes.h"
#include "nn/lanes/winograd.h"

enum {
    SIDES = 2 / HALVES,
    SETS = 2 * SIDES,
    /* Channels whose sums stay in registers. */
    TILE_FORWARD_OUT = KERNEL_REGISTERS >= 32 ? 8 : 2, /* x SETS */
    TILE_BACKWARD_IN = KERNEL_REGISTERS >= 32 ? 6 : 3, /* x SETS */
    TILE_WEIGHT_OUT = KERNEL_REGISTERS >= 32 ? 4 : 2,  /* x TILE_IN */
};

/* Products: [point_x][out][in][8 points of y]. */
INLINE size_t tile_product(size_t point, size_t out, size_t in)
{
    return ((point * TILE_OUT + out) * TILE_IN + in) * 8;
}

static void tile_weights(const float *weight, float *products)
{
    /* In each half the taps of one pair of channels; lanes are tap_x at first. */
    enum { PAIRS = TILE_OUT * TILE_IN };
    for (size_t pair = 0; pair < PAIRS; pair += HALVES) {
        float taps[TAPS][LANES] = {{0}};
        vector rows[POINTS], columns[TAPS], u[POINTS];
        for (size_t half = 0; half < HALVES; half++)
            for (size_t tap = 0; tap < TAPS * TAPS; tap++)
                taps[tap / TAPS][half * 8 + tap % TAPS] = weight[(pair + half) * TAPS * TAPS + tap];
        for (size_t tap = 0; tap < TAPS; tap++)
            columns[tap] = load(taps[tap]);
        transform_taps(columns, rows);
        transpose(rows);
        transform_taps(rows, u);
        UNROLL
        for (size_t point = 0; point < POINTS; point++) {
            float *to = products + tile_product(point, pair / TILE_IN, pair % TILE_IN);
            store(to, u[point]); /* TILE_IN is even: both halves are of one output */
        }
    }
}

/* V of an image: [point_x][set][in]. */
INLINE void tile_transform(const float *map, float *points)
{
    for (size_t set = 0; set < SETS; set++) {
        for (size_t in = 0; in < TILE_IN; in++) {
            const float *corner =
                map + (in * TILE_SIZE + set % 2 * TILE) * MAP_STRIDE + set / 2 * TILE;
            vector d[POINTS], v[POINTS];
            UNROLL
            for (size_t row = 0; row < POINTS; row++)
                d[row] = load_halves(corner + row * MAP_STRIDE, corner + row * MAP_STRIDE + TILE);
            transform_input(d, v);
            transpose(v);
            transform_input(v, d);
            UNROLL
            for (size_t point = 0; point < POINTS; point++)
                store(points + ((point * SETS + set) * TILE_IN + in) * LANES, d[point]);
        }
    }
}

/* M: [out][set][point_x]. */
INLINE void tile_multiply(const float *points, const float *products,
                          vector m[TILE_OUT][SETS][POINTS])
{
    for (size_t point = 0; point < POINTS; point++) {
        for (size_t first = 0; first < TILE_OUT; first += TILE_FORWARD_OUT) {
            vector sums[TILE_FORWARD_OUT][SETS];
            UNROLL
            for (size_t in = 0; in < TILE_IN; in++) {
                vector v[SETS];
                UNROLL
                for (size_t set = 0; set < SETS; set++)
                    v[set] = load(points + ((point * SETS + set) * TILE_IN + in) * LANES);
                UNROLL
                for (size_t out = 0; out < TILE_FORWARD_OUT; out++) {
                    vector u = load_twice(products + tile_product(point, first + out, in));
                    UNROLL
                    for (size_t set = 0; set < SETS; set++)
                        sums[out][set] = in == 0 ? v[set] * u : sums[out][set] + v[set] * u;
                }
            }
            UNROLL
            for (size_t out = 0; out < TILE_FORWARD_OUT; out++) {
                UNROLL
                for (size_t set = 0; set < SETS; set++)
                    m[first + out][set][point] = sums[out][set];
            }
        }
    }
}

/* Puts a channel's pooled sums, [side][row of a tile] with lanes (side,) set, x of which there are
 * two, in the order 4x4. */
INLINE void tile_store_pooled(vector sums[SIDES][2], float *pooled)
{
#if LANES == 16
    vector sum = pair_sums(sums[0][0], sums[0][1]);
    store(pooled,
          __builtin_shufflevector(sum, sum, 0, 1, 8, 9, 4, 5, 12, 13, 2, 3, 10, 11, 6, 7, 14, 15));
#else
    vector left = pair_sums(sums[0][0], sums[0][1]), right = pair_sums(sums[1][0], sums[1][1]);
    store(pooled, PICK(left, right, 0, 1, 8, 9, 4, 5, 12, 13));
    store(pooled + 8, PICK(left, right, 2, 3, 10, 11, 6, 7, 14, 15));
#endif
}

/* The reverse: each number where its four unpooled ones are. */
INLINE void tile_load_pooled(const float *pooled, vector spread_out[SIDES][2])
{
#if LANES == 16
    vector all = load(pooled);
    spread_out[0][0] =
        __builtin_shufflevector(all, all, 0, 0, 1, 1, 8, 8, 9, 9, 2, 2, 3, 3, 10, 10, 11, 11);
    spread_out[0][1] =
        __builtin_shufflevector(all, all, 4, 4, 5, 5, 12, 12, 13, 13, 6, 6, 7, 7, 14, 14, 15, 15);
#else
    vector upper = load(pooled), lower = load(pooled + 8);
    spread_out[0][0] = PICK(upper, lower, 0, 0, 1, 1, 8, 8, 9, 9);
    spread_out[0][1] = PICK(upper, lower, 4, 4, 5, 5, 12, 12, 13, 13);
    spread_out[1][0] = PICK(upper, lower, 2, 2, 3, 3, 10, 10, 11, 11);
    spread_out[1][1] = PICK(upper, lower, 6, 6, 7, 7, 14, 14, 15, 15);
#endif
}

static void tile_forward(const float *map, const float *products, const float *bias, float *points,
                         float *output, float *pooled)
{
    vector m[TILE_OUT][SETS][POINTS];
    tile_transform(map, points);
    tile_multiply(points, products, m);
    for (size_t out = 0; out < TILE_OUT; out++) {
        vector sums[SIDES][2], shift = spread(bias[out]);
        UNROLL
        for (size_t side = 0; side < SIDES; side++) {
            vector rows[POINTS], y[TILE];
            transform_output(m[out][2 * side], rows);
            transform_output(m[out][2 * side + 1], rows + TILE);
            transpose(rows);
            transform_output(rows, y);
            UNROLL
            for (size_t row = 0; row < TILE; row++) {
                y[row] = vector_tanh(y[row] + shift);
                store(output, y[row]);
                output += LANES;
            }
            sums[side][0] = (y[0] + y[1]) * 0.25F;
            sums[side][1] = (y[2] + y[3]) * 0.25F;
        }
        tile_store_pooled(sums, pooled + out * 16);
    }
}

/* D of an image: [point_x][set][out]. */
INLINE void tile_transform_gradient(const float *output, const float *pooled, float *gradient)
{
    for (size_t out = 0; out < TILE_OUT; out++) {
        vector factors[SIDES][2];
        tile_load_pooled(pooled + out * 16, factors);
        UNROLL
        for (size_t side = 0; side < SIDES; side++) {
            vector dy[TILE], rows[POINTS], d[POINTS];
            UNROLL
            for (size_t row = 0; row < TILE; row++) {
                vector value = load(output), factor = factors[side][row / 2] * 0.25F;
                dy[row] = factor - factor * value * value;
                output += LANES;
            }
            transform_output_back(dy, rows);
            transpose(rows);
            UNROLL
            for (size_t set = 0; set < 2; set++) {
                transform_output_back(rows + set * TILE, d);
                UNROLL
                for (size_t point = 0; point < POINTS; point++)
                    store(gradient + ((point * SETS + 2 * side + set) * TILE_OUT + out) * LANES,
                          d[point]);
            }
        }
    }
}

/* dV: [in][set][point_x]. */
INLINE void tile_multiply_back(const float *gradient, const float *products,
                               vector dv[TILE_IN][SETS][POINTS])
{
    for (size_t point = 0; point < POINTS; point++) {
        UNROLL
        for (size_t first = 0; first < TILE_IN; first += TILE_BACKWARD_IN) {
            vector sums[TILE_BACKWARD_IN][SETS];
            UNROLL
            for (size_t index = 0; index < TILE_BACKWARD_IN * SETS; index++)
                sums[index / SETS][index % SETS] = spread(0);
            for (size_t out = 0; out < TILE_OUT; out++) {
                vector d[SETS];
                UNROLL
                for (size_t set = 0; set < SETS; set++)
                    d[set] = load(gradient + ((point * SETS + set) * TILE_OUT + out) * LANES);
                UNROLL
                for (size_t in = 0; in < TILE_BACKWARD_IN; in++) {
                    vector u = load_twice(products + tile_product(point, out, first + in));
                    UNROLL
                    for (size_t set = 0; set < SETS; set++)
                        sums[in][set] += d[set] * u;
                }
            }
            UNROLL
            for (size_t in = 0; in < TILE_BACKWARD_IN; in++) {
                UNROLL
                for (size_t set = 0; set < SETS; set++)
                    dv[first + in][set][point] = sums[in][set];
            }
        }
    }
}

/* Stores a row of the map's gradient from those of the left and the right tiles, which overlap. */
INLINE void tile_store_row(const vector sides[SIDES], float *row)
{
    const vector zero = {0};
#if LANES == 16
    vector left = __builtin_shufflevector(sides[0], zero, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15,
                                          16, 16, 16, 16);
    vector right = __builtin_shufflevector(sides[0], zero, 16, 16, 16, 16, 8, 9, 10, 11, 16, 16, 16,
                                           16, 16, 16, 16, 16);
    store(row, left + right);
#else
    store(row, sides[0] + PICK(zero, sides[1], 0, 0, 0, 0, 8, 9, 10, 11));
    store(row + 8, PICK(zero, sides[1], 12, 13, 14, 15, 0, 0, 0, 0));
#endif
}

/* The gradient of one input channel from dV: adds the tiles where they overlap. */
INLINE void tile_gather(vector dv[SETS][POINTS], float *map)
{
    vector rows[TILE_SIZE][SIDES];
    UNROLL
    for (size_t set = 0; set < SETS; set++) {
        vector d[POINTS], tile[POINTS];
        transform_input_back(dv[set], d);
        transpose(d);
        transform_input_back(d, tile);
        UNROLL
        for (size_t y = 0; y < POINTS; y++) {
            if (set % 2 == 0)
                rows[y][set / 2] = tile[y];
            else if (y < TILE)
                rows[y + TILE][set / 2] += tile[y];
            else
                rows[y + TILE][set / 2] = tile[y];
        }
    }
    UNROLL
    for (size_t y = 0; y < TILE_SIZE; y++)
        tile_store_row(rows[y], map + y * MAP_STRIDE);
}

static void tile_backward(const float *output, const float *pooled, const float *products,
                          float *gradient, float *map)
{
    vector dv[TILE_IN][SETS][POINTS];
    tile_transform_gradient(output, pooled, gradient);
    tile_multiply_back(gradient, products, dv);
    for (size_t in = 0; in < TILE_IN; in++)
        tile_gather(dv[in], map + in * TILE_SIZE * MAP_STRIDE);
}

/* dU of one point_x and TILE_WEIGHT_OUT outputs: [out][in][8 points of y]. */
INLINE void tile_products_gradient(size_t images, const float *points, const float *gradient,
                                   eight du[TILE_WEIGHT_OUT][TILE_IN])
{
    vector sums[TILE_WEIGHT_OUT][TILE_IN];
    UNROLL
    for (size_t index = 0; index < TILE_WEIGHT_OUT * TILE_IN; index++)
        sums[index / TILE_IN][index % TILE_IN] = spread(0);
    for (size_t image = 0; image < images; image++) {
        UNROLL
        for (size_t set = 0; set < SETS; set++) {
            const float *v = points + image * TILE_POINTS + set * TILE_IN * LANES;
            const float *d = gradient + image * TILE_GRADIENT + set * TILE_OUT * LANES;
            vector factors[TILE_WEIGHT_OUT];
            UNROLL
            for (size_t out = 0; out < TILE_WEIGHT_OUT; out++)
                factors[out] = load(d + out * LANES);
            UNROLL
            for (size_t in = 0; in < TILE_IN; in++) {
                vector value = load(v + in * LANES);
                UNROLL
                for (size_t out = 0; out < TILE_WEIGHT_OUT; out++)
                    sums[out][in] += factors[out] * value;
            }
        }
    }
    UNROLL
    for (size_t index = 0; index < TILE_WEIGHT_OUT * TILE_IN; index++) {
        vector sum = sums[index / TILE_IN][index % TILE_IN];
#if LANES == 16
        du[index / TILE_IN][index % TILE_IN] = half_of(sum, 0) + half_of(sum, 1);
#else
        du[index / TILE_IN][index % TILE_IN] = sum;
#endif
    }
}

/* dg = G' dU G for HALVES pairs of channels one after another. */
INLINE void tile_pair_gradient(const float *du, float *weight)
{
    vector u[POINTS], columns[POINTS] = {{0}}, taps[TAPS];
    UNROLL
    for (size_t point = 0; point < POINTS; point++)
        u[point] = load(du + tile_product(point, 0, 0));
    transform_taps_back(u, columns);
    transpose(columns);
    transform_taps_back(columns, taps); /* lanes: tap_x, 5 of 8 */
    UNROLL
    for (size_t half = 0; half < HALVES; half++) {
        UNROLL
        for (size_t row = 0; row < TAPS; row++) {
            float *to = weight + half * TAPS * TAPS + row * TAPS;
            eight values = half_of(taps[row], (int)half);
            *(four *)to = quarter_of(values, 0);
            to[4] = values[4];
        }
    }
}

static void tile_gradients(size_t images, const float *points, const float *gradient, float *weight,
                           float *bias)
{
    _Alignas(64) float du[TILE_PRODUCTS];
    for (size_t point = 0; point < POINTS; point++) {
        for (size_t out = 0; out < TILE_OUT; out += TILE_WEIGHT_OUT)
            tile_products_gradient(images, points + point * SETS * TILE_IN * LANES,
                                   gradient + (point * SETS * TILE_OUT + out) * LANES,
                                   (void *)(du + tile_product(point, out, 0)));
    }
    for (size_t pair = 0; pair < TILE_OUT * TILE_IN; pair += HALVES)
        tile_pair_gradient(du + pair * 8, weight + pair * TAPS * TAPS);
    /* D at point 1 of x and of y is the sum of a tile's dy. */
    for (size_t out = 0; out < TILE_OUT; out++) {
        vector sum = spread(0);
        for (size_t image = 0; image < images; image++)
            for (size_t set = 0; set < SETS; set++)
                sum += load(gradient + image * TILE_GRADIENT +
                            ((POINT_ONE * SETS + set) * TILE_OUT + out) * LANES);
        bias[out] = LANES == 16 ? sum[POINT_ONE] + sum[8 % LANES + POINT_ONE] : sum[POINT_ONE];
    }
}

#endif
