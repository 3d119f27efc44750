// SPDX-License-Identifier: MIT
#include "tui/run_panes.h"

#include <inttypes.h>
#include <stdio.h>

#include "fmnist/store/run_facts.h"
#include "tui/run_list.h"

enum {
    LABEL_COLUMNS = 14,
    FACTS_MAX = 64,
    VALUE_MIN = 9,
    VALUE_MAX = 18,
    GAP = 1,
    MARK_COLUMNS = 2
};

static const struct style LABEL = {.foreground = PAINT_RULE};

/* The facts to show, in the table's order. */
struct choice {
    const struct run_fact *facts[FACTS_MAX];
    size_t count;
};

static void choose(struct choice *choice, const struct run_fact *fact)
{
    if (choice->count < FACTS_MAX)
        choice->facts[choice->count++] = fact;
}

static bool is_known(const struct run_fact *fact, const struct run_row *run)
{
    char text[RUN_FACT_SIZE];
    fact->write(run, text, sizeof text);
    return *text;
}

/* Where the lines begin so that the last one is not passed. */
static size_t clamp_first(size_t *first, size_t count, int rows)
{
    size_t fit = rows > 0 ? (size_t)rows : 0;
    if (*first + fit > count)
        *first = count > fit ? count - fit : 0;
    return *first;
}

void run_panes_details(const struct run_row *run, size_t *first, struct canvas *canvas,
                       struct rect area)
{
    struct choice choice = {.count = 0};
    const struct run_fact *fact;
    for (int settings = 0; settings <= 1; settings++)
        for (size_t index = 0; (fact = run_fact(index)); index++)
            if ((fact->kind == RUN_FACT_SETTING) == (settings == 1) && is_known(fact, run))
                choose(&choice, fact);
    size_t line = clamp_first(first, choice.count, area.rows);
    for (int row = 0; row < area.rows && line < choice.count; row++, line++) {
        char text[RUN_FACT_SIZE];
        choice.facts[line]->write(run, text, sizeof text);
        (void)canvas_text(canvas, area, area.row + row, area.column, LABEL,
                          choice.facts[line]->label);
        (void)canvas_text(canvas, area, area.row + row, area.column + LABEL_COLUMNS,
                          (struct style){0}, text);
    }
}

/* As wide as its longest text; names may be cut. */
static int value_columns(const struct run_comparison *comparison, const struct choice *choice)
{
    int width = VALUE_MIN;
    for (size_t number = 0; number < comparison->count; number++) {
        char text[RUN_FACT_SIZE];
        for (size_t line = 0; line < choice->count; line++) {
            choice->facts[line]->write(comparison->runs[number], text, sizeof text);
            width = text_columns(text) > width ? text_columns(text) : width;
        }
    }
    return width < VALUE_MAX ? width : VALUE_MAX;
}

/* Finds out how many runs have room, and which is the first. */
static void scroll_runs(struct run_comparison *comparison, int columns, int width)
{
    int room = (columns - LABEL_COLUMNS + GAP) / (width + GAP);
    comparison->room = room > 1 ? (size_t)room : 1;
    if (comparison->first_run + comparison->room > comparison->count)
        comparison->first_run =
            comparison->count > comparison->room ? comparison->count - comparison->room : 0;
}

static void draw_run(const struct run_comparison *comparison, size_t number,
                     const struct choice *choice, struct canvas *canvas, struct rect column,
                     const struct look *look)
{
    const struct run_row *run = comparison->runs[number];
    char text[RUN_FACT_SIZE];
    run_write_name(run, text, sizeof text);
    if (text_columns(text) > column.columns - MARK_COLUMNS) /* names that are cut may look alike */
        (void)snprintf(text, sizeof text, "run %" PRId64, run->id);
    canvas_put(canvas, column, column.row, column.column, run_list_mark(number, look),
               run_list_style(number));
    (void)canvas_text(canvas, column, column.row, column.column + MARK_COLUMNS,
                      run_list_style(number), text);
    size_t line = comparison->first_line;
    for (int row = 1; row < column.rows && line < choice->count; row++, line++) {
        choice->facts[line]->write(run, text, sizeof text);
        (void)canvas_text(canvas, column, column.row + row, column.column, (struct style){0}, text);
    }
}

void run_panes_differences(struct run_comparison *comparison, struct canvas *canvas,
                           struct rect area, const struct look *look)
{
    struct choice choice = {.count = 0};
    const struct run_fact *fact;
    for (size_t index = 0; (fact = run_fact(index)); index++)
        if (run_fact_compared(fact, comparison->runs, comparison->count))
            choose(&choice, fact);
    int width = value_columns(comparison, &choice);
    scroll_runs(comparison, area.columns, width);
    size_t line = clamp_first(&comparison->first_line, choice.count, area.rows - 1);
    for (int row = 1; row < area.rows && line < choice.count; row++, line++)
        (void)canvas_text(canvas, area, area.row + row, area.column, LABEL,
                          choice.facts[line]->label);
    struct rect column = {area.row, area.column + LABEL_COLUMNS, area.rows, width};
    for (size_t place = 0; place < comparison->room; place++) {
        size_t number = comparison->first_run + place;
        if (number >= comparison->count || column.column >= area.column + area.columns)
            break;
        if (column.column + width > area.column + area.columns)
            column.columns = area.column + area.columns - column.column;
        draw_run(comparison, number, &choice, canvas, column, look);
        column.column += width + GAP;
    }
}
