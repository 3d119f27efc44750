// SPDX-License-Identifier: MIT
#include "tui/help.h"

#include <limits.h>
#include <string.h>

#include "tui/box.h"
#include "tui/keys.h"

enum { HELP_PAGE = 8, HELP_GAP = 2 };

bool help_act(struct help *help, enum request request)
{
    switch (request) {
    case REQUEST_UP:
        help->first--;
        return true;
    case REQUEST_DOWN:
        help->first++;
        return true;
    case REQUEST_PAGE_UP:
        help->first -= HELP_PAGE;
        return true;
    case REQUEST_PAGE_DOWN:
        help->first += HELP_PAGE;
        return true;
    case REQUEST_FIRST:
        help->first = 0;
        return true;
    case REQUEST_LAST:
        help->first = INT_MAX / 2;
        return true;
    case REQUEST_HELP:
    case REQUEST_BACK:
    case REQUEST_QUIT:
        help->open = false;
        return true;
    default:
        return false;
    }
}

/* Counts the bindings and measures the widest texts of both columns. */
static int measure(int *names_columns, int *help_columns)
{
    int count = 0;
    const struct key_binding *binding;
    *names_columns = *help_columns = 0;
    for (; (binding = keys_binding((size_t)count)); count++) {
        int names = (int)strlen(binding->names), help = (int)strlen(binding->help);
        *names_columns = names > *names_columns ? names : *names_columns;
        *help_columns = help > *help_columns ? help : *help_columns;
    }
    return count;
}

/* Draws a binding; returns the row after it. The text stands beside the names where `indent` leaves
 * room for all texts, and else below them. */
static int draw_binding(const struct key_binding *binding, struct canvas *canvas, struct rect area,
                        int row, int indent)
{
    const struct style names = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
    struct rect text = {area.row, area.column + indent, area.rows, area.columns - indent};
    if (canvas)
        (void)canvas_text(canvas, area, row, area.column, names, binding->names);
    if (indent == HELP_GAP)
        row++;
    return row + canvas_wrap(canvas, text, row, (struct style){0}, binding->help);
}

/* The same for all bindings, from `row` on; `canvas` NULL: only counts rows. */
static int draw_bindings(struct canvas *canvas, struct rect area, int row, int indent)
{
    const struct key_binding *binding;
    for (size_t index = 0; (binding = keys_binding(index)); index++)
        row = draw_binding(binding, canvas, area, row, indent);
    return row;
}

void help_draw(struct help *help, struct canvas *canvas, const struct look *look)
{
    if (!help->open)
        return;
    int names_columns, help_columns;
    int count = measure(&names_columns, &help_columns);
    int indent = names_columns + HELP_GAP;
    struct rect area =
        box_draw(canvas, look, count, indent + help_columns, "keys: up/down scroll, Esc closes");
    if (area.columns < indent + help_columns)
        indent = HELP_GAP;
    int rows = draw_bindings(NULL, area, 0, indent);
    if (help->first > rows - area.rows)
        help->first = rows - area.rows;
    if (help->first < 0)
        help->first = 0;
    (void)draw_bindings(canvas, area, area.row - help->first, indent);
}
