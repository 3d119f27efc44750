// SPDX-License-Identifier: MIT
/* What the lines of a chart are, in a corner of it that is free. */
#ifndef FMNIST_TUI_LEGEND_H
#define FMNIST_TUI_LEGEND_H

#include "tui/series.h"

enum { LEGEND_LINES_MAX = 8, LEGEND_TEXT_SIZE = 32 };

struct legend_line {
    char text[LEGEND_TEXT_SIZE];
    struct style style;
    bool dotted;
    uint32_t mark; /* on the line; 0: none */
};

struct legend {
    struct legend_line lines[LEGEND_LINES_MAX];
    int count;
};

/* Adds a line for a series, with a printf-like text. */
void legend_add(struct legend *legend, const struct series *series, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Draws the legend into the first corner that is blank: top right, bottom right, bottom left, top
 * left. Nothing where none is. */
void legend_draw(const struct legend *legend, const struct plot *plot);

#endif
