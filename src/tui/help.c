// SPDX-License-Identifier: MIT
#include "tui/help.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tui/box.h"
#include "tui/console.h"
#include "tui/filter.h"
#include "tui/keys.h"

enum { HELP_PAGE = 8, HELP_GAP = 2 };

void help_search(struct help *help, const char *text)
{
    (void)snprintf(help->search, sizeof help->search, "%s", text);
    help->first = 0;
}

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
    case REQUEST_BACK:
        help->open = help->search[0];
        help_search(help, "");
        return true;
    case REQUEST_HELP:
    case REQUEST_QUIT:
        help->open = false;
        return true;
    default:
        return false;
    }
}

/* A line of the help: what is pressed or typed, and what it does. */
struct help_line {
    char names[48];
    const char *help;
};

/* Line `index` of the help: first the keys, then the commands, then the forms of a filter. False
 * past the last. */
static bool get_line(size_t index, struct help_line *line)
{
    size_t keys = 0, commands = 0;
    while (keys_binding(keys))
        keys++;
    while (console_command(commands))
        commands++;
    if (index < keys) {
        const struct key_binding *binding = keys_binding(index);
        (void)snprintf(line->names, sizeof line->names, "%s", binding->names);
        line->help = binding->help;
    } else if (index < keys + commands) {
        const struct console_command *command = console_command(index - keys);
        (void)snprintf(line->names, sizeof line->names, ":%s%s%s", command->name,
                       command->argument ? " " : "", command->argument ? command->argument : "");
        line->help = command->help;
    } else {
        const struct filter_form *form = filter_form(index - keys - commands);
        if (!form)
            return false;
        (void)snprintf(line->names, sizeof line->names, "/%s", form->form);
        line->help = form->help;
    }
    return true;
}

/* The next line that has what is searched for in it, from place *index on, which is moved past it;
 * false after the last. */
static bool next_line(const struct help *help, size_t *index, struct help_line *line)
{
    while (get_line((*index)++, line))
        if (!help->search[0] || strcasestr(line->names, help->search) ||
            strcasestr(line->help, help->search))
            return true;
    return false;
}

/* Counts the lines and measures the widest texts of both columns. */
static int measure(const struct help *help, int *names_columns, int *help_columns)
{
    int count = 0;
    size_t index = 0;
    struct help_line line;
    *names_columns = *help_columns = 0;
    for (; next_line(help, &index, &line); count++) {
        int names = (int)strlen(line.names), text = (int)strlen(line.help);
        *names_columns = names > *names_columns ? names : *names_columns;
        *help_columns = text > *help_columns ? text : *help_columns;
    }
    return count;
}

/* Draws a line; returns the row after it. The text stands beside the names where `indent` leaves
 * room for all texts, and else below them. */
static int draw_line(const struct help_line *line, struct canvas *canvas, struct rect area, int row,
                     int indent)
{
    const struct style names = {.foreground = PAINT_ACCENT, .attributes = CELL_BOLD};
    struct rect text = {area.row, area.column + indent, area.rows, area.columns - indent};
    if (canvas)
        (void)canvas_text(canvas, area, row, area.column, names, line->names);
    if (indent == HELP_GAP)
        row++;
    return row + canvas_wrap(canvas, text, row, (struct style){0}, line->help);
}

/* The same for all lines, from `row` on; `canvas` NULL: only counts rows. */
static int draw_lines(const struct help *help, struct canvas *canvas, struct rect area, int row,
                      int indent)
{
    struct help_line line;
    for (size_t index = 0; next_line(help, &index, &line);)
        row = draw_line(&line, canvas, area, row, indent);
    return row;
}

/* The box of the help, as large with a search as without, so that it stays where it is. */
static struct rect draw_box(const struct help *help, struct canvas *canvas, const struct look *look,
                            int *indent)
{
    const struct help all = {.open = true};
    int names_columns, help_columns;
    char title[HELP_SEARCH_SIZE + 32] = "keys: up/down scroll, / search, Esc closes";
    int count = measure(&all, &names_columns, &help_columns);
    if (help->search[0])
        (void)snprintf(title, sizeof title, "keys with '%s', Esc: all", help->search);
    *indent = names_columns + HELP_GAP;
    struct rect area = box_draw(canvas, look, count, *indent + help_columns, title);
    if (area.columns < *indent + help_columns)
        *indent = HELP_GAP;
    return area;
}

void help_draw(struct help *help, struct canvas *canvas, const struct look *look)
{
    if (!help->open)
        return;
    int indent;
    struct rect area = draw_box(help, canvas, look, &indent);
    int rows = draw_lines(help, NULL, area, 0, indent);
    if (help->first > rows - area.rows)
        help->first = rows - area.rows;
    if (help->first < 0)
        help->first = 0;
    (void)draw_lines(help, canvas, area, area.row - help->first, indent);
    if (rows == 0)
        (void)canvas_text(canvas, area, area.row, area.column, (struct style){0},
                          "nothing has that in it");
}
