// SPDX-License-Identifier: MIT
/*
 * An image of 28x28 bytes in character cells, two pixels above one another a cell: half blocks with
 * greys where there are 256 colours, or with the four greys of 16 in a pattern. With fewer in UTF-8
 * shades, or braille dots where it is drawn smaller than it is; else ASCII characters by ink, also
 * in reverse where the terminal has that.
 */
#ifndef FMNIST_TUI_PICTURE_H
#define FMNIST_TUI_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

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

/* An image of any size: height x width bytes. */
struct picture {
    const uint8_t *pixels;
    int height, width;
};

/* Mean brightness, 0 to 1, of one pixel of the picture scaled to `columns` columns and as many rows
 * as that makes: the mean over its area. */
float picture_brightness(const struct picture *picture, int columns, int row, int column);

/* Whether the two pixels of a cell can be told from one another. */
bool picture_has_halves(const struct look *look);

/* Rows of cells that it takes when it is drawn `columns` cells wide with square pixels. */
int picture_rows(const struct picture *picture, int columns);

/* Draws it so, larger or smaller than it is. */
void picture_draw_any(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                      const struct picture *picture, const struct look *look);

#endif
