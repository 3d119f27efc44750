// SPDX-License-Identifier: MIT
/* Pictures as PNG in memory. */
#ifndef FMNIST_EXPORT_PNG_H
#define FMNIST_EXPORT_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

/* Height x width pixels: grey of one byte each, or red, green and blue. */
struct png_pixels {
    uint32_t width, height;
    bool color;
    const uint8_t *pixels;
};

/* The picture's PNG, *size bytes, for the caller to free(); NULL with `err` set where memory is
 * short. */
uint8_t *png_encode(const struct png_pixels *picture, size_t *size, struct error *err);

#endif
