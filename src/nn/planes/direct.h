// SPDX-License-Identifier: MIT
/*
 * The first convolution, from one channel: by the definition, since it has too few products for a
 * transform to pay. A block of 3 vectors of channels x 4 pixels of a row stays in registers.
 */
#ifndef FMNIST_NN_PLANES_DIRECT_H
#define FMNIST_NN_PLANES_DIRECT_H

#include <string.h>

#include "nn/planes/planes.h"
#include "nn/planes/vector.h"

enum {
    PADDED = DIRECT_SIDE + 2 * DIRECT_PADDING,
    DIRECT_VECTORS = 3,
    DIRECT_PIXELS = KERNEL_REGISTERS >= 32 ? 7 : 4,
    DIRECT_TAP_VECTORS = KERNEL_REGISTERS >= 32 ? 3 : 2,
};

_Static_assert(DIRECT_CHANNELS % (DIRECT_VECTORS * WIDTH) == 0, "blocks of channels");
_Static_assert(DIRECT_CHANNELS % (DIRECT_TAP_VECTORS * WIDTH) == 0, "blocks of channels");
_Static_assert(DIRECT_SIDE % DIRECT_PIXELS == 0, "blocks of pixels");

struct padded_image {
    float rows[PADDED][PADDED];
};

INLINE void pad_image(const float *image, struct padded_image *padded)
{
    memset(padded, 0, sizeof *padded);
    for (size_t y = 0; y < DIRECT_SIDE; y++)
        memcpy(&padded->rows[y + DIRECT_PADDING][DIRECT_PADDING], image + y * DIRECT_SIDE,
               DIRECT_SIDE * sizeof *image);
}

/* DIRECT_PIXELS pixels from `corner`, their windows' first, and DIRECT_VECTORS of channels. */
INLINE void direct_block(const float *corner, const float *taps, size_t channels, float *pixels)
{
    vector sums[DIRECT_PIXELS][DIRECT_VECTORS];
    UNROLL
    for (int index = 0; index < DIRECT_PIXELS * DIRECT_VECTORS; index++)
        sums[index / DIRECT_VECTORS][index % DIRECT_VECTORS] = spread(0);
    for (size_t tap = 0; tap < DIRECT_KERNEL * DIRECT_KERNEL; tap++) {
        const float *from = corner + tap / DIRECT_KERNEL * PADDED + tap % DIRECT_KERNEL;
        vector factors[DIRECT_VECTORS];
        UNROLL
        for (int index = 0; index < DIRECT_VECTORS; index++)
            factors[index] = load(taps + tap * channels + index * WIDTH);
        UNROLL
        for (int pixel = 0; pixel < DIRECT_PIXELS; pixel++) {
            UNROLL
            for (int index = 0; index < DIRECT_VECTORS; index++)
                sums[pixel][index] += factors[index] * from[pixel];
        }
    }
    UNROLL
    for (size_t pixel = 0; pixel < DIRECT_PIXELS; pixel++) {
        UNROLL
        for (int index = 0; index < DIRECT_VECTORS; index++)
            store(pixels + pixel * channels + index * WIDTH, sums[pixel][index]);
    }
}

static void direct(const float *image, const float *taps, size_t channels, float *pixels)
{
    struct padded_image padded;
    pad_image(image, &padded);
    for (size_t y = 0; y < DIRECT_SIDE; y++) {
        for (size_t x = 0; x < DIRECT_SIDE; x += DIRECT_PIXELS) {
            for (size_t channel = 0; channel < channels; channel += DIRECT_VECTORS * WIDTH)
                direct_block(&padded.rows[y][x], taps + channel, channels,
                             pixels + (y * DIRECT_SIDE + x) * channels + channel);
        }
    }
}

/* What one row of the gradient adds to one row of taps, for DIRECT_TAP_VECTORS of channels. */
INLINE void direct_taps_row(const float *window, const float *gradient, size_t channels,
                            float *taps)
{
    vector sums[DIRECT_KERNEL][DIRECT_TAP_VECTORS];
    UNROLL
    for (size_t tap = 0; tap < DIRECT_KERNEL; tap++) {
        UNROLL
        for (int index = 0; index < DIRECT_TAP_VECTORS; index++)
            sums[tap][index] = load(taps + tap * channels + index * WIDTH);
    }
    for (size_t x = 0; x < DIRECT_SIDE; x++) {
        UNROLL
        for (int index = 0; index < DIRECT_TAP_VECTORS; index++) {
            vector value = load(gradient + x * channels + index * WIDTH);
            UNROLL
            for (int tap = 0; tap < DIRECT_KERNEL; tap++)
                sums[tap][index] += value * window[x + (size_t)tap];
        }
    }
    UNROLL
    for (size_t tap = 0; tap < DIRECT_KERNEL; tap++) {
        UNROLL
        for (int index = 0; index < DIRECT_TAP_VECTORS; index++)
            store(taps + tap * channels + index * WIDTH, sums[tap][index]);
    }
}

static void direct_taps(const float *image, const float *gradient, size_t channels, float *taps)
{
    struct padded_image padded;
    pad_image(image, &padded);
    for (size_t y = 0; y < DIRECT_SIDE; y++) {
        for (size_t channel = 0; channel < channels; channel += DIRECT_TAP_VECTORS * WIDTH) {
            for (size_t row = 0; row < DIRECT_KERNEL; row++)
                direct_taps_row(padded.rows[y + row],
                                gradient + y * DIRECT_SIDE * channels + channel, channels,
                                taps + row * DIRECT_KERNEL * channels + channel);
        }
    }
}

#endif
