// SPDX-License-Identifier: MIT
/* Bias, ReLU and maximum pooling, and their gradients: torch.nn.ReLU and torch.nn.MaxPool2d(3, 2).
 * What is no number stays so, as there. */
#ifndef FMNIST_NN_PLANES_POOL_H
#define FMNIST_NN_PLANES_POOL_H

#include <string.h>

#include "nn/planes/planes.h"
#include "nn/planes/vector.h"

static void rectify(const float *from, size_t count, const float *bias, float *to, size_t stride)
{
    for (size_t lane = 0; lane < PANEL; lane += WIDTH) {
        vector shift = load(bias + lane);
        for (size_t pixel = 0; pixel < count; pixel++)
            store(to + pixel * stride + lane, positive(load(from + pixel * PANEL + lane) + shift));
    }
}

static void rectify_gradient(const float *output, const float *gradient, size_t stride,
                             size_t count, float *to, float *sum)
{
    for (size_t lane = 0; lane < PANEL; lane += WIDTH) {
        vector total = load(sum + lane);
        for (size_t pixel = 0; pixel < count; pixel++) {
            mask zero = load(output + pixel * stride + lane) <= spread(0);
            vector value = (vector)(~zero & (mask)load(gradient + pixel * stride + lane));
            store(to + pixel * PANEL + lane, value);
            total += value;
        }
        store(sum + lane, total);
    }
}

/* One window: its largest value, and which it is. */
INLINE void pool_window(const float *corner, size_t side, size_t channels, const float *bias,
                        float *pooled, uint8_t *winner)
{
    vector best = load(corner);
    mask place = {0};
    UNROLL
    for (int index = 1; index < POOL_KERNEL * POOL_KERNEL; index++) {
        size_t pixel = (size_t)(index / POOL_KERNEL) * side + (size_t)(index % POOL_KERNEL);
        vector value = load(corner + pixel * channels);
        mask better = (value > best) | (value != value);
        best = choose(better, value, best);
        place = (better & index) | (~better & place);
    }
    best += load(bias);
    place |= (best <= spread(0)) & POOL_NO_WINNER;
    store(pooled, positive(best));
    if (winner)
        *(bytes *)winner = __builtin_convertvector(place, bytes);
}

static void pool(const float *pixels, size_t side, size_t channels, const float *bias,
                 float *pooled, uint8_t *winners, size_t stride)
{
    size_t places = (side - POOL_KERNEL) / POOL_STRIDE + 1;
    for (size_t place = 0; place < places * places; place++) {
        size_t y = place / places * POOL_STRIDE, x = place % places * POOL_STRIDE;
        for (size_t lane = 0; lane < channels; lane += WIDTH)
            pool_window(pixels + (y * side + x) * channels + lane, side, channels, bias + lane,
                        pooled + place * stride + lane,
                        winners ? winners + place * stride + lane : NULL);
    }
}

/* Adds a window's gradient where its winner is. */
INLINE void pool_window_gradient(vector gradient, mask winner, size_t side, size_t channels,
                                 float *corner)
{
    UNROLL
    for (int index = 0; index < POOL_KERNEL * POOL_KERNEL; index++) {
        float *pixel =
            corner +
            ((size_t)(index / POOL_KERNEL) * side + (size_t)(index % POOL_KERNEL)) * channels;
        store(pixel, load(pixel) + (vector)((winner == index) & (mask)gradient));
    }
}

static void pool_gradient(const float *gradient, const uint8_t *winners, size_t stride, size_t side,
                          size_t channels, float *pixels, float *sum)
{
    size_t places = (side - POOL_KERNEL) / POOL_STRIDE + 1;
    memset(pixels, 0, side * side * channels * sizeof *pixels);
    for (size_t lane = 0; lane < channels; lane += WIDTH) {
        vector total = load(sum + lane);
        for (size_t place = 0; place < places * places; place++) {
            size_t y = place / places * POOL_STRIDE, x = place % places * POOL_STRIDE;
            const bytes *from = (const bytes *)(winners + place * stride + lane);
            mask winner = __builtin_convertvector(*from, mask);
            vector value =
                (vector)((winner != POOL_NO_WINNER) & (mask)load(gradient + place * stride + lane));
            pool_window_gradient(value, winner, side, channels,
                                 pixels + (y * side + x) * channels + lane);
            total += value;
        }
        store(sum + lane, total);
    }
}

#endif
