// SPDX-License-Identifier: MIT
/*
 * An image of 28x28 bytes in character cells, two pixels above one another a cell: half blocks with
 * greys where there are 256 colours, shades in UTF-8 with fewer, else ASCII characters by ink.
 */
#ifndef FMNIST_TUI_PICTURE_H
#define FMNIST_TUI_PICTURE_H

#include "fmnist/data/dataset.h"
#include "tui/canvas.h"
#include "tui/look.h"

/* Columns of the largest picture (of twice as many columns as rows, and no larger than the image)
 * that fits; 0 where not even a small one does. */
int picture_columns(int rows, int columns);

/* Draws the image `columns` cells wide and half as many high, with its top left corner at (row,
 * column). */
void picture_draw(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                  const uint8_t *pixels, const struct look *look);

#endif
