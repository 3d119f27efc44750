// SPDX-License-Identifier: MIT
/*
 * Small pictures of equal size in rows, each with its number, more of them than fit on the screen:
 * a convolution's filters, feature maps. With a selection that moves. Needs no terminal.
 */
#ifndef FMNIST_TUI_TILES_H
#define FMNIST_TUI_TILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/request.h"

struct tile_set {
    const uint8_t *pixels; /* count x height x width */
    size_t count, height, width;
    size_t across; /* tiles in a row, which then has its number at the left and its tiles theirs
                      above; 0: as many as fit, numbered through */
};

/* Which tile is selected, and what was on the screen last. */
struct tiles {
    size_t selected;
    int zoom;                       /* steps larger or smaller than what suits the area */
    size_t first_row, first_column; /* at the top left */
    size_t across, shown_rows;      /* tiles in a row of the set, and rows on the screen */
};

/* Draws as many tiles as fit. */
void tiles_draw(struct tiles *tiles, struct canvas *canvas, struct rect area,
                const struct tile_set *set, const struct look *look);

/* Moves the selection or changes the size; false for requests that are about neither. */
bool tiles_act(struct tiles *tiles, enum request request, size_t count);

#endif
