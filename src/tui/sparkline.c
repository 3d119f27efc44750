// SPDX-License-Identifier: MIT
#include "tui/sparkline.h"

#include <math.h>

/* From low to high. */
static const uint32_t BLOCKS[] = {0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588};
static const uint32_t ASCII[] = {'.', '-', '\''};

enum { BLOCK_COUNT = sizeof BLOCKS / sizeof *BLOCKS, ASCII_COUNT = sizeof ASCII / sizeof *ASCII };

static uint32_t level_character(double part, const struct look *look)
{
    if (look->glyphs & GLYPHS_BLOCKS)
        return BLOCKS[(size_t)fmin(part * BLOCK_COUNT, BLOCK_COUNT - 1)];
    return ASCII[(size_t)fmin(part * ASCII_COUNT, ASCII_COUNT - 1)];
}

void sparkline_draw(struct canvas *canvas, struct rect area, const double *values, size_t count,
                    struct style style, const struct look *look)
{
    size_t room = area.columns > 0 ? (size_t)area.columns : 0;
    size_t shown = count < room ? count : room;
    const double *first = values + (count - shown);
    double low = INFINITY, high = -INFINITY;
    for (size_t index = 0; index < shown; index++) {
        if (!isfinite(first[index]))
            continue;
        low = fmin(low, first[index]);
        high = fmax(high, first[index]);
    }
    for (size_t index = 0; index < shown; index++) {
        double part = high > low ? (first[index] - low) / (high - low) : 0.5;
        canvas_put(canvas, area, area.row, area.column + (int)index,
                   isfinite(first[index]) ? level_character(part, look) : '!', style);
    }
}
