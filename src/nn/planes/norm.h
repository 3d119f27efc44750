// SPDX-License-Identifier: MIT
/*
 * Local response normalization: the formulas of layers/local_response_norm.c, with the channels of
 * a pixel side by side, so that the window of all of them is five loads. What forward could keep is
 * computed again in backward: it costs less than to read it.
 */
#ifndef FMNIST_NN_PLANES_NORM_H
#define FMNIST_NN_PLANES_NORM_H

#include <string.h>

#include "nn/planes/planes.h"
#include "nn/planes/vector.h"

enum { NORM_REACH = 2, NORM_MARGIN = 16 };

static const float NORM_FACTOR = 1e-4F / 5, NORM_K = 2;

/* A row of channels between margins of zeros. */
struct norm_row {
    _Alignas(64) float values[NORM_MARGIN + NORM_CHANNELS_MAX + NORM_MARGIN];
};

INLINE void norm_row_clear(struct norm_row *row, size_t channels)
{
    memset(row->values, 0, NORM_MARGIN * sizeof(float));
    memset(row->values + NORM_MARGIN + channels, 0, NORM_MARGIN * sizeof(float));
}

INLINE vector norm_window(const struct norm_row *row, size_t channel)
{
    const float *middle = row->values + NORM_MARGIN + channel;
    vector sum = load_anywhere(middle - NORM_REACH);
    UNROLL
    for (int offset = 1 - NORM_REACH; offset <= NORM_REACH; offset++)
        sum += load_anywhere(middle + offset);
    return sum;
}

INLINE vector vector_root(vector value)
{
    vector root = value;
    UNROLL
    for (int lane = 0; lane < WIDTH; lane++)
        root[lane] = __builtin_sqrtf(value[lane]);
    return root;
}

/* s^-0.75 of what a window of squares gives. */
INLINE vector norm_power(vector scale)
{
    vector root = vector_root(scale);
    return 1 / (root * vector_root(root));
}

INLINE void norm_squares(const float *from, size_t channels, struct norm_row *squares)
{
    for (size_t channel = 0; channel < channels; channel += WIDTH) {
        vector value = load(from + channel);
        store(squares->values + NORM_MARGIN + channel, value * value);
    }
}

static void normalize(const float *from, size_t count, size_t channels, float *to)
{
    struct norm_row squares;
    norm_row_clear(&squares, channels);
    for (size_t pixel = 0; pixel < count; pixel++, from += channels, to += channels) {
        norm_squares(from, channels, &squares);
        for (size_t channel = 0; channel < channels; channel += WIDTH) {
            vector scale = NORM_K + NORM_FACTOR * norm_window(&squares, channel);
            store(to + channel, load(from + channel) * norm_power(scale));
        }
    }
}

static void normalize_gradient(const float *from, size_t count, size_t channels, float *gradient)
{
    struct norm_row squares, ratios;
    norm_row_clear(&squares, channels);
    norm_row_clear(&ratios, channels);
    for (size_t pixel = 0; pixel < count; pixel++, from += channels, gradient += channels) {
        norm_squares(from, channels, &squares);
        for (size_t channel = 0; channel < channels; channel += WIDTH) {
            vector scale = NORM_K + NORM_FACTOR * norm_window(&squares, channel);
            vector direct = load(gradient + channel) * norm_power(scale);
            store(ratios.values + NORM_MARGIN + channel, direct * load(from + channel) / scale);
            store(gradient + channel, direct);
        }
        for (size_t channel = 0; channel < channels; channel += WIDTH)
            store(gradient + channel, load(gradient + channel) - (1.5F * NORM_FACTOR) *
                                                                     load(from + channel) *
                                                                     norm_window(&ratios, channel));
    }
}

#endif
