// SPDX-License-Identifier: MIT
#include "tui/panel.h"

#include <string.h>

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
                       look->glyphs == GLYPHS_UTF8 ? 0x2500 : '-', style);
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
    size_t columns = area.columns > 4 ? (size_t)area.columns - 4 : 1;
    int lines = (int)(strlen(sentence) / columns) + 1, row = area.row + (area.rows - lines) / 2;
    while (*sentence) {
        size_t length = strlen(sentence);
        if (length > columns) {
            length = columns;
            while (length > 1 && sentence[length] != ' ')
                length--;
        }
        canvas_print(canvas, area, row++, area.column + 2, faint, "%.*s", (int)length, sentence);
        sentence += length;
        sentence += strspn(sentence, " ");
    }
}
