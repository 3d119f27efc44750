// SPDX-License-Identifier: MIT
#include "tui/run_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fmnist/store/run_facts.h"
#include "tui/keys.h"

enum {
    TEXT_SIZE = 64,
    GAP = 1,
    MARK_COLUMNS = 3, /* selection, mark and a space */
    NAME_MIN = 8,
    NAME_MAX = 28,
    WIDE_COLUMNS = 100, /* room for years */
    YEAR_BYTES = 5,     /* "2026-" */
};

static void write_id(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%" PRId64, run->id);
}

static void write_name(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->name);
}

static void write_model(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run_title(run));
}

static void write_state(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run_state_name(run->state));
}

static void write_started(const struct run_row *run, char *text, size_t size)
{
    run_write_moment(run->started_at, text, size);
}

static void write_day(const struct run_row *run, char *text, size_t size)
{
    char moment[TEXT_SIZE];
    run_write_moment(run->started_at, moment, sizeof moment);
    (void)snprintf(text, size, "%s", strlen(moment) > YEAR_BYTES ? moment + YEAR_BYTES : "");
}

static void write_rate(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%.4g", run->initial_learning_rate);
}

static void write_batch(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%zu", run->batch);
}

static void write_seed(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%" PRIu64, run->seed);
}

static void write_data(const struct run_row *run, char *text, size_t size)
{
    (void)snprintf(text, size, "%s", run->data_name);
}

enum column_kind { COLUMN_RIGHT, COLUMN_LEFT, COLUMN_NAME, COLUMN_STATE };

/* From left to right; the column of the highest rank goes first where there is no room. */
static const struct run_column {
    const char *head;
    int rank;
    enum column_kind kind;
    void (*write)(const struct run_row *run, char *text, size_t size);
} COLUMNS[] = {
    {"run", 0, COLUMN_RIGHT, write_id},
    {"name", 4, COLUMN_NAME, write_name},
    {"model", 1, COLUMN_LEFT, write_model},
    {"state", 2, COLUMN_STATE, write_state},
    {"val %", 1, COLUMN_RIGHT, run_write_best},
    {"test %", 3, COLUMN_RIGHT, run_write_test},
    {"epochs", 5, COLUMN_RIGHT, run_write_epochs},
    {"time", 6, COLUMN_RIGHT, run_write_time},
    {"started", 7, COLUMN_LEFT, write_started},
    {"rate", 8, COLUMN_RIGHT, write_rate},
    {"batch", 9, COLUMN_RIGHT, write_batch},
    {"seed", 10, COLUMN_RIGHT, write_seed},
    {"data", 11, COLUMN_LEFT, write_data},
};

enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS, RANK_SETTINGS = 8, RANK_MAX = 11 };

/* How wide columns are; 0: left out. */
struct form {
    int widths[COLUMN_COUNT];
    bool years;
};

uint32_t run_list_mark(size_t number, const struct look *look)
{
    static const uint32_t UTF8[RUN_MARKS_MAX] = {0x25CF, 0x25C6, 0x25B2, 0x25A0,
                                                 0x25CB, 0x25C7, 0x25B3, 0x25A1},
                          ASCII[RUN_MARKS_MAX] = {'o', 'x', 'v', '#', '@', '%', '&', '$'};
    return look->glyphs & GLYPHS_SIGNS ? UTF8[number % RUN_MARKS_MAX]
                                       : ASCII[number % RUN_MARKS_MAX];
}

struct style run_list_style(size_t number)
{
    static const uint8_t PAINTS[] = {PAINT_TRAIN, PAINT_VALIDATION, PAINT_GOOD,  PAINT_BAD,
                                     PAINT_BEST,  PAINT_ACCENT,     PAINT_GHOST, PAINT_WARNING};
    return (struct style){.foreground = PAINTS[number % sizeof PAINTS], .attributes = CELL_BOLD};
}

static void write_cell(size_t column, const struct run_row *run, bool years, char *text)
{
    if (COLUMNS[column].write == write_started && !years)
        write_day(run, text, TEXT_SIZE);
    else
        COLUMNS[column].write(run, text, TEXT_SIZE);
}

static int widest(const struct run_table *table, size_t column, bool years)
{
    int width = text_columns(COLUMNS[column].head);
    for (size_t place = 0; place < table->shown; place++) {
        char text[TEXT_SIZE];
        write_cell(column, run_table_at(table, place), years, text);
        int columns = text_columns(text);
        width = columns > width ? columns : width;
    }
    if (COLUMNS[column].kind != COLUMN_NAME)
        return width;
    return width < NAME_MIN ? NAME_MIN : width > NAME_MAX ? NAME_MAX : width;
}

/* Columns of a list with all up to a rank; names are cut rather than to leave out what came of a
 * run. */
static int columns_up_to(const struct form *form, int rank)
{
    int columns = MARK_COLUMNS - GAP;
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        bool name = COLUMNS[column].kind == COLUMN_NAME;
        bool shorter = name && rank < RANK_SETTINGS;
        if (COLUMNS[column].rank <= rank)
            columns += GAP + (shorter ? NAME_MIN : form->widths[column]);
    }
    return columns;
}

static struct form form_make(const struct run_table *table, int columns)
{
    struct form form = {.years = columns >= WIDE_COLUMNS};
    int rank = 0;
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        form.widths[column] = widest(table, column, form.years);
    while (rank < RANK_MAX && columns_up_to(&form, rank + 1) <= columns)
        rank++;
    int spare = columns - columns_up_to(&form, rank);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        bool name = COLUMNS[column].kind == COLUMN_NAME;
        if (COLUMNS[column].rank > rank)
            form.widths[column] = 0;
        else if (name && rank < RANK_SETTINGS && form.widths[column] > NAME_MIN + spare)
            form.widths[column] = NAME_MIN + (spare > 0 ? spare : 0);
    }
    return form;
}

static void draw_text(struct canvas *canvas, struct rect cell, enum column_kind kind,
                      struct style style, const char *text)
{
    int indent = kind == COLUMN_RIGHT ? cell.columns - text_columns(text) : 0;
    (void)canvas_text(canvas, cell, cell.row, cell.column + (indent > 0 ? indent : 0), style, text);
}

static struct rect first_cell(struct rect line)
{
    return (struct rect){line.row, line.column + MARK_COLUMNS, 1, 0};
}

static void draw_head(const struct form *form, struct canvas *canvas, struct rect line)
{
    struct rect cell = first_cell(line);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        cell.columns = form->widths[column];
        if (cell.columns == 0)
            continue;
        draw_text(canvas, cell, COLUMNS[column].kind, (struct style){.foreground = PAINT_RULE},
                  COLUMNS[column].head);
        cell.column += cell.columns + GAP;
    }
}

static uint8_t state_paint(const struct run_row *run)
{
    if (run->state == RUN_STATE_RUNNING)
        return PAINT_GOOD;
    if (run->state == RUN_STATE_FAILED || run->state == RUN_STATE_INTERRUPTED)
        return PAINT_BAD;
    return run->state == RUN_STATE_FINISHED ? PAINT_DEFAULT : PAINT_WARNING;
}

/* The place of a run among the marks, which decides on its character. */
static void draw_mark(const struct run_table *table, const struct run_row *run,
                      struct canvas *canvas, struct rect line, const struct look *look)
{
    for (size_t mark = 0; mark < table->mark_count; mark++)
        if (table->marks[mark] == run->id)
            canvas_put(canvas, line, line.row, line.column + 1, run_list_mark(mark, look),
                       run_list_style(mark));
}

static void draw_run(const struct run_table *table, const struct form *form, size_t place,
                     bool selected, struct canvas *canvas, struct rect line,
                     const struct look *look)
{
    const struct run_row *run = run_table_at(table, place);
    struct rect cell = first_cell(line);
    struct style plain = {.attributes = selected ? CELL_REVERSE : 0};
    for (int column = 0; selected && column < line.columns; column++)
        canvas_put(canvas, line, line.row, line.column + column, column ? ' ' : '>', plain);
    draw_mark(table, run, canvas, line, look);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        char text[TEXT_SIZE];
        struct style style = plain;
        cell.columns = form->widths[column];
        if (cell.columns == 0)
            continue;
        if (COLUMNS[column].kind == COLUMN_STATE)
            style.foreground = state_paint(run);
        write_cell(column, run, form->years, text);
        draw_text(canvas, cell, COLUMNS[column].kind, style, text);
        cell.column += cell.columns + GAP;
    }
    canvas_add_zone(canvas, line, KEYS_RUN, place);
}

/* The run on top so that the selected one is among those that fit. */
static void scroll(const struct run_table *table, size_t *first, size_t fit)
{
    if (*first + fit > table->shown)
        *first = table->shown > fit ? table->shown - fit : 0;
    if (table->selected < *first)
        *first = table->selected;
    if (fit > 0 && table->selected >= *first + fit)
        *first = table->selected + 1 - fit;
}

void run_list_draw(const struct run_table *table, size_t *first, struct canvas *canvas,
                   struct rect area, const struct look *look)
{
    struct rect line = {area.row, area.column, 1, area.columns};
    size_t fit = area.rows > RUN_LIST_HEAD ? (size_t)(area.rows - RUN_LIST_HEAD) : 0;
    struct form form = form_make(table, area.columns);
    scroll(table, first, fit);
    draw_head(&form, canvas, line);
    for (size_t place = *first; place < table->shown && place < *first + fit; place++) {
        line.row++;
        draw_run(table, &form, place, place == table->selected, canvas, line, look);
    }
}

void run_list_draw_from(const struct run_table *table, size_t from, struct canvas *canvas,
                        const struct look *look)
{
    /* without the columns for marks, which lie left of the canvas */
    struct rect line = {0, -MARK_COLUMNS, 1, canvas_columns(canvas) + MARK_COLUMNS};
    struct form form = form_make(table, line.columns);
    draw_head(&form, canvas, line);
    for (size_t place = from; place < table->shown && ++line.row < canvas_rows(canvas); place++)
        draw_run(table, &form, place, false, canvas, line, look);
}
