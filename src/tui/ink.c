// SPDX-License-Identifier: MIT
#include "tui/ink.h"

#include <string.h>

enum { SIDE = DATASET_WIDTH };

_Static_assert((int)DATASET_WIDTH == (int)DATASET_HEIGHT, "images are square");

/* A square of pixels, and the darkest and brightest of them. */
struct square {
    int top, left, side;
    uint8_t least, greatest;
};

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* The smallest square within the image around all ink; side 0 where there is none. */
static struct square find_ink(const uint8_t *pixels)
{
    int top = SIDE, bottom = -1, left = SIDE, right = -1;
    for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
            if (pixels[row * SIDE + column] <= INK_MIN)
                continue;
            top = row < top ? row : top;
            bottom = row;
            left = column < left ? column : left;
            right = column > right ? column : right;
        }
    }
    if (bottom < 0)
        return (struct square){.side = 0};
    int height = bottom - top + 1, width = right - left + 1;
    int side = height > width ? height : width;
    return (struct square){.top = clamp(top - (side - height) / 2, 0, SIDE - side),
                           .left = clamp(left - (side - width) / 2, 0, SIDE - side),
                           .side = side};
}

static void measure(const uint8_t *pixels, struct square *square)
{
    square->least = 255;
    square->greatest = 0;
    for (int row = square->top; row < square->top + square->side; row++) {
        for (int column = square->left; column < square->left + square->side; column++) {
            uint8_t pixel = pixels[row * SIDE + column];
            square->least = pixel < square->least ? pixel : square->least;
            square->greatest = pixel > square->greatest ? pixel : square->greatest;
        }
    }
}

/* The brightness at a place in the square, both from 0 to side - 1, between its four neighbours. */
static float interpolate(const uint8_t *pixels, const struct square *square, float y, float x)
{
    int row = (int)y, column = (int)x, last = square->side - 1;
    int below = clamp(row + 1, 0, last), beside = clamp(column + 1, 0, last);
    float down = y - (float)row, right = x - (float)column;
    const uint8_t *corner = &pixels[square->top * SIDE + square->left];
    float upper = (1 - right) * (float)corner[row * SIDE + column] +
                  right * (float)corner[row * SIDE + beside];
    float lower = (1 - right) * (float)corner[below * SIDE + column] +
                  right * (float)corner[below * SIDE + beside];
    return (1 - down) * upper + down * lower;
}

void ink_fit(const uint8_t *pixels, uint8_t *fitted)
{
    struct square square = find_ink(pixels);
    if (square.side == 0) {
        memcpy(fitted, pixels, DATASET_PIXELS);
        return;
    }
    measure(pixels, &square);
    float scale = (float)(square.side - 1) / (float)(SIDE - 1);
    float range = (float)(square.greatest - square.least);
    for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
            float value = interpolate(pixels, &square, (float)row * scale, (float)column * scale);
            float share = range > 0 ? (value - (float)square.least) / range : 1;
            fitted[row * SIDE + column] = (uint8_t)(share * 255 + 0.5F);
        }
    }
}
