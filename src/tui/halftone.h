// SPDX-License-Identifier: MIT
/* Pictures in braille dots, eight a cell, where there are no greys: as many dots as an area is
 * bright, placed by error diffusion. Needs no terminal. */
#ifndef FMNIST_TUI_HALFTONE_H
#define FMNIST_TUI_HALFTONE_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/picture.h"

/* Draws the picture `columns` cells wide with square pixels; bright parts get dots, or with
 * `inverted` dark ones. At most DATASET_WIDTH columns. */
void halftone_draw(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                   const struct picture *picture, bool inverted);

#endif
