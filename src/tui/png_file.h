// SPDX-License-Identifier: MIT
/* Grey pictures as PNG files. */
#ifndef FMNIST_TUI_PNG_FILE_H
#define FMNIST_TUI_PNG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

enum { PNG_FILE_NAME_SIZE = 160 };

struct png_picture {
    uint32_t width, height;
    uint8_t *pixels; /* height x width, 0 black to 255 white */
};

/* Writes the picture to STEM.png in the current directory, or to STEM-2.png and so on where that is
 * there already: no file is ever overwritten. `name` gets the file's name. False with `err` set
 * where it cannot be written; then no file is left behind. */
bool png_file_create(const char *stem, const struct png_picture *picture,
                     char name[PNG_FILE_NAME_SIZE], struct error *err);

#endif
