// SPDX-License-Identifier: MIT
/*
 * Grey images of any size, read from PNG and PGM files, and brought to the 28x28 pixels that the
 * networks take. Nothing in a file is trusted: sizes are checked before memory is taken. Any
 * thread.
 */
#ifndef FMNIST_DATA_IMAGE_H
#define FMNIST_DATA_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/data/dataset.h"

enum { IMAGE_SIDE_MAX = 8192 };

struct image {
    size_t height, width; /* 1 to IMAGE_SIDE_MAX */
    uint8_t *pixels;      /* height x width, 0 black to 255 white; until image_free() */
};

/* Reads a PNG file of any kind, or a PGM file (P2 or P5), told by its content; "-" is standard
 * input. Colours become their luminance, 16 bits 8, and what is transparent lets `background`
 * through. False with `err` set (message begins with the path) where the file cannot be read, is of
 * another format, damaged, cut short, followed by something else, or too large. */
bool image_read(const char *path, uint8_t background, struct image *image, struct error *err);

/* The same from `size` bytes in memory; `name` stands for the path in messages. */
bool image_parse(const void *bytes, size_t size, const char *name, uint8_t background,
                 struct image *image, struct error *err);
void image_free(struct image *image);

/* Swaps light and dark. */
void image_invert(struct image *image);

/* Scales it so that its longer side becomes 28 pixels, and centres it on black (28 x 28 bytes), as
 * Fashion-MNIST's images were made: means over areas where it shrinks, linear interpolation where
 * it grows. 28x28 pixels stay as they are. */
void image_fit(const struct image *image, uint8_t pixels[DATASET_PIXELS]);

/* How much lighter the middle (half of each side) is than the edge, in [-1, 1]: mean brightness of
 * either. Negative for dark things on a light ground, which the networks do not know. */
double image_contrast(const struct image *image);

/* Whether all pixels are the same. */
bool image_is_blank(const struct image *image);

#endif
