// SPDX-License-Identifier: MIT
#include "tui/plot.h"

#include <math.h>

enum { BRAILLE = 0x2800, BRAILLE_WIDTH = 2, BRAILLE_HEIGHT = 4, ASCII_HEIGHT = 3 };
enum { DOTTED_BRAILLE = 4, DOTTED_ASCII = 2 };

/* Bits of a braille character, by row from the top and column (Unicode, chapter 21). */
static const uint8_t BRAILLE_BITS[BRAILLE_HEIGHT][BRAILLE_WIDTH] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

/* ASCII characters by the heights in use: bit 0 is the top. */
static const char ASCII_HEIGHTS[] = {' ', '\'', '-', ':', '.', ':', ':', '|'};

struct plot plot_begin(struct canvas *canvas, struct rect area, const struct look *look)
{
    bool braille = look->glyphs & GLYPHS_BRAILLE;
    return (struct plot){
        .canvas = canvas,
        .area = area,
        .glyphs = look->glyphs,
        .width = area.columns * (braille ? BRAILLE_WIDTH : 1),
        .height = area.rows * (braille ? BRAILLE_HEIGHT : ASCII_HEIGHT),
    };
}

static bool plot_has(const struct plot *plot, int x, int y)
{
    return x >= 0 && x < plot->width && y >= 0 && y < plot->height;
}

static uint32_t add_braille(uint32_t before, int x, int row)
{
    uint32_t bits = before >= BRAILLE && before < BRAILLE + 256 ? before - BRAILLE : 0;
    return BRAILLE + (bits | BRAILLE_BITS[row][x]);
}

static uint32_t add_ascii(uint32_t before, int row)
{
    int bits = 0;
    for (int candidate = 0; candidate < 8; candidate++) {
        if ((uint32_t)ASCII_HEIGHTS[candidate] == before) {
            bits = candidate;
            break;
        }
    }
    return (uint32_t)ASCII_HEIGHTS[bits | 1 << row];
}

void plot_dot(const struct plot *plot, int x, int y, struct style style)
{
    if (!plot_has(plot, x, y))
        return;
    int from_top = plot->height - 1 - y;
    bool braille = plot->glyphs & GLYPHS_BRAILLE;
    int cell_height = braille ? BRAILLE_HEIGHT : ASCII_HEIGHT;
    int row = plot->area.row + from_top / cell_height;
    int column = plot->area.column + (braille ? x / BRAILLE_WIDTH : x);
    if (row >= canvas_rows(plot->canvas) || column >= canvas_columns(plot->canvas))
        return;
    uint32_t before = canvas_at(plot->canvas, row, column)->character;
    uint32_t after = braille ? add_braille(before, x % BRAILLE_WIDTH, from_top % cell_height)
                             : add_ascii(before, from_top % cell_height);
    canvas_put(plot->canvas, plot->area, row, column, after, style);
}

void plot_bar(const struct plot *plot, int x, int low, int high, struct style style)
{
    for (int y = low < 0 ? 0 : low; y <= high && y < plot->height; y++)
        plot_dot(plot, x, y, style);
}

void plot_line(const struct plot *plot, int x0, int y0, int x1, int y1, int every,
               struct style style)
{
    int before = y0;
    for (int x = x0 + 1; x <= x1; x++) {
        int y = y0 + (int)lround((double)(y1 - y0) * (x - x0) / (x1 - x0));
        int low = y < before ? y : before + (y > before), high = y < before ? before - 1 : y;
        if (x % every == 0)
            plot_bar(plot, x, every > 1 ? y : low, every > 1 ? y : high, style);
        before = y;
    }
}

int plot_dotted(const struct plot *plot)
{
    return plot->glyphs & GLYPHS_BRAILLE ? DOTTED_BRAILLE : DOTTED_ASCII;
}

void plot_mark(const struct plot *plot, int x, int y, uint32_t character, struct style style)
{
    if (!plot_has(plot, x, y))
        return;
    bool braille = plot->glyphs & GLYPHS_BRAILLE;
    int row = (plot->height - 1 - y) / (braille ? BRAILLE_HEIGHT : ASCII_HEIGHT);
    int column = braille ? x / BRAILLE_WIDTH : x;
    canvas_put(plot->canvas, plot->area, plot->area.row + row, plot->area.column + column,
               character, style);
}
