// SPDX-License-Identifier: MIT
#include "tui/panel.h"

#include "tui/box.h"

void panel_frame(struct canvas *canvas, struct rect area, bool box, const char *title, bool focus,
                 const struct look *look)
{
    struct style style = {.foreground = focus ? PAINT_ACCENT : PAINT_RULE,
                          .attributes = focus ? CELL_BOLD : 0};
    if (box) {
        box_frame(canvas, area, look, style);
    } else {
        for (int column = 0; column < area.columns; column++)
            canvas_put(canvas, area, area.row, area.column + column,
                       look->glyphs & GLYPHS_LINES ? 0x2500 : '-', style);
    }
    struct rect top = {area.row, area.column + 2, 1, area.columns - 4};
    canvas_print(
        canvas, top, top.row, top.column,
        (struct style){.foreground = focus ? PAINT_ACCENT : PAINT_TITLE, .attributes = CELL_BOLD},
        " %s ", title);
}

void panel_sentence(struct canvas *canvas, struct rect area, const char *sentence)
{
    const struct style faint = {.foreground = PAINT_FAINT};
    struct rect inner = {area.row, area.column + 2, area.rows, area.columns - 4};
    int lines = canvas_wrap(NULL, inner, 0, faint, sentence);
    (void)canvas_wrap(canvas, inner, area.row + (area.rows - lines) / 2, faint, sentence);
}

int panel_edge_rows(bool boxes)
{
    return boxes ? 2 : 1;
}

int panel_edge_columns(bool boxes)
{
    return boxes ? 4 : 0;
}

struct rect panel_content(struct rect panel, bool boxes)
{
    panel.row++;
    panel.rows -= panel_edge_rows(boxes);
    panel.column += panel_edge_columns(boxes) / 2;
    panel.columns -= panel_edge_columns(boxes);
    return panel;
}

void panel_divide(struct rect column, int rows, struct rect *upper, struct rect *lower)
{
    *upper = *lower = column;
    upper->rows = rows;
    lower->row += rows;
    lower->rows -= rows;
}
