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

void help_draw(struct help *help, struct canvas *canvas, const struct look *look)
{
    if (!help->open)
        return;
    int names_columns, help_columns;
    int count = measure(&names_columns, &help_columns);
    struct rect area = box_draw(canvas, look, count, names_columns + HELP_GAP + help_columns,
                                "keys: up and down scroll, Esc closes");
    if (help->first > count - area.rows)
        help->first = count - area.rows;
    if (help->first < 0)
        help->first = 0;
    for (int line = 0; line < area.rows && help->first + line < count; line++) {
        size_t index = (size_t)help->first + (size_t)line;
        const struct key_binding *binding = keys_binding(index);
        const struct style names = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
        int row = area.row + line;
        (void)canvas_text(canvas, area, row, area.column, names, binding->names);
        (void)canvas_text(canvas, area, row, area.column + names_columns + HELP_GAP,
                          (struct style){0}, binding->help);
    }
}
