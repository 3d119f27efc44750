// SPDX-License-Identifier: MIT
/*
 * Dots on a canvas: braille (2 x 4 a cell) or ASCII with three heights a cell. Dots are counted
 * from the bottom left; whatever lies outside is left out.
 */
#ifndef FMNIST_TUI_PLOT_H
#define FMNIST_TUI_PLOT_H

#include "tui/canvas.h"
#include "tui/look.h"

struct plot {
    struct canvas *canvas;
    struct rect area;
    unsigned glyphs;   /* of the look */
    int width, height; /* in dots */
};

struct plot plot_begin(struct canvas *canvas, struct rect area, const struct look *look);

/* Adds a dot. In a cell with dots of several styles the last one's style holds. */
void plot_dot(const struct plot *plot, int x, int y, struct style style);

/* Adds the dots of column `x` from `low` to `high`. */
void plot_bar(const struct plot *plot, int x, int low, int high, struct style style);

/* Adds a line from one dot to another one to the right of it, the first left out; of a dotted line
 * only the dots in each `every`th column, else 1. */
void plot_line(const struct plot *plot, int x0, int y0, int x1, int y1, int every,
               struct style style);

/* Between two dots of a dotted line. */
int plot_dotted(const struct plot *plot);

/* Puts a character over the cell of a dot. */
void plot_mark(const struct plot *plot, int x, int y, uint32_t character, struct style style);

#endif
