// SPDX-License-Identifier: MIT
#include "tui/box.h"

enum { FRAME_ROWS = 2, FRAME_COLUMNS = 4 }; /* a line and, at the sides, a space */

struct frame {
    uint32_t horizontal, vertical, corners[4]; /* top left, top right, bottom left, bottom right */
};

static const struct frame ASCII = {'-', '|', {'+', '+', '+', '+'}};
static const struct frame LINES = {0x2500, 0x2502, {0x250C, 0x2510, 0x2514, 0x2518}};

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static void clear(struct canvas *canvas, struct rect place)
{
    for (int row = 0; row < place.rows; row++)
        for (int column = 0; column < place.columns; column++)
            canvas_put(canvas, place, place.row + row, place.column + column, ' ',
                       (struct style){0});
}

void box_frame(struct canvas *canvas, struct rect place, const struct look *look,
               struct style style)
{
    const struct frame *frame = look->glyphs & GLYPHS_LINES ? &LINES : &ASCII;
    int bottom = place.row + place.rows - 1, right = place.column + place.columns - 1;
    for (int column = place.column; column <= right; column++) {
        canvas_put(canvas, place, place.row, column, frame->horizontal, style);
        canvas_put(canvas, place, bottom, column, frame->horizontal, style);
    }
    for (int row = place.row; row <= bottom; row++) {
        canvas_put(canvas, place, row, place.column, frame->vertical, style);
        canvas_put(canvas, place, row, right, frame->vertical, style);
    }
    canvas_put(canvas, place, place.row, place.column, frame->corners[0], style);
    canvas_put(canvas, place, place.row, right, frame->corners[1], style);
    canvas_put(canvas, place, bottom, place.column, frame->corners[2], style);
    canvas_put(canvas, place, bottom, right, frame->corners[3], style);
}

struct rect box_draw(struct canvas *canvas, const struct look *look, int rows, int columns,
                     const char *title)
{
    struct rect place = {.rows = smaller(rows + FRAME_ROWS, canvas_rows(canvas)),
                         .columns = smaller(columns + FRAME_COLUMNS, canvas_columns(canvas))};
    place.row = (canvas_rows(canvas) - place.rows) / 2;
    place.column = (canvas_columns(canvas) - place.columns) / 2;
    clear(canvas, place);
    canvas_clear_zones(canvas);
    if (place.rows <= FRAME_ROWS || place.columns <= FRAME_COLUMNS)
        return place;
    box_frame(canvas, place, look, (struct style){.foreground = PAINT_ACCENT});
    struct rect top = {place.row, place.column + 2, 1, place.columns - 4};
    canvas_print(canvas, top, top.row, top.column,
                 (struct style){.foreground = PAINT_TITLE, .attributes = CELL_BOLD}, " %s ", title);
    return (struct rect){place.row + 1, place.column + 2, place.rows - FRAME_ROWS,
                         place.columns - FRAME_COLUMNS};
}
