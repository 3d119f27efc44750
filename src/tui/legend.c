// SPDX-License-Identifier: MIT
#include "tui/legend.h"

#include <stdarg.h>
#include <stdio.h>

enum { SAMPLE_COLUMNS = 4, CORNERS = 4 }; /* a piece of the line and a space */

void legend_add(struct legend *legend, const struct series *series, const char *format, ...)
{
    if (legend->count == LEGEND_LINES_MAX)
        return;
    struct legend_line *line = &legend->lines[legend->count++];
    *line =
        (struct legend_line){.style = series->line, .dotted = series->dotted, .mark = series->mark};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line->text, sizeof line->text, format, args);
    va_end(args);
}

static int legend_columns(const struct legend *legend)
{
    int widest = 0;
    for (int index = 0; index < legend->count; index++) {
        int columns = SAMPLE_COLUMNS + text_columns(legend->lines[index].text);
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

static bool is_blank(const struct canvas *canvas, struct rect area)
{
    for (int row = area.row; row < area.row + area.rows; row++) {
        for (int column = area.column; column < area.column + area.columns; column++) {
            if (row >= canvas_rows(canvas) || column >= canvas_columns(canvas) ||
                canvas_at(canvas, row, column)->character != ' ')
                return false;
        }
    }
    return true;
}

static void draw_line(const struct legend_line *line, const struct plot *plot, struct rect area,
                      int row)
{
    uint32_t dash = plot->glyphs & GLYPHS_LINES ? 0x2500 : '-';
    uint32_t piece = line->dotted ? (plot->glyphs & GLYPHS_SIGNS ? 0xB7 : '.') : dash;
    for (int column = 0; column < SAMPLE_COLUMNS - 1; column++)
        canvas_put(plot->canvas, area, row, area.column + column, piece, line->style);
    if (line->mark)
        canvas_put(plot->canvas, area, row, area.column + 1, line->mark, line->style);
    canvas_text(plot->canvas, area, row, area.column + SAMPLE_COLUMNS, line->style, line->text);
}

void legend_draw(const struct legend *legend, const struct plot *plot)
{
    struct rect area = {.rows = legend->count, .columns = legend_columns(legend)};
    if (2 * area.rows > plot->area.rows || 2 * area.columns > plot->area.columns)
        return;
    for (int corner = 0; corner < CORNERS; corner++) {
        bool bottom = corner == 1 || corner == 2, left = corner >= 2;
        area.row = plot->area.row + (bottom ? plot->area.rows - area.rows : 0);
        area.column = plot->area.column + (left ? 1 : plot->area.columns - area.columns);
        if (!is_blank(plot->canvas, area))
            continue;
        for (int index = 0; index < legend->count; index++)
            draw_line(&legend->lines[index], plot, area, area.row + index);
        return;
    }
}
