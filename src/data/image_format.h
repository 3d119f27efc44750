// SPDX-License-Identifier: MIT
/* The formats of image files: one reader each, from memory, for image.c. */
#ifndef DATA_IMAGE_FORMAT_H
#define DATA_IMAGE_FORMAT_H

#include "fmnist/data/image.h"

/* A file's content. */
struct image_source {
    const uint8_t *bytes;
    size_t size;
    const char *name; /* for messages */
    uint8_t background;
};

/* Whether it begins like a file of that format. */
bool image_source_is_png(const struct image_source *source);
bool image_source_is_pgm(const struct image_source *source);

/* Reads it; false with `err` set, and nothing to free. */
bool image_parse_png(const struct image_source *source, struct image *image, struct error *err);
bool image_parse_pgm(const struct image_source *source, struct image *image, struct error *err);

/* Takes memory for an image whose sizes a file names; false with `err` set where they are not
 * possible. */
bool image_allocate(const struct image_source *source, size_t height, size_t width,
                    struct image *image, struct error *err);

#endif
