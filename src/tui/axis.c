// SPDX-License-Identifier: MIT
#include "tui/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/title.h"

enum { COLUMNS_A_TICK = 8, MARK_SHIFT_MAX = 4 };

static const struct style RULE = {.foreground = PAINT_RULE};

static bool has_lines(const struct field *field)
{
    return field->plot.glyphs & GLYPHS_LINES;
}

static uint32_t line_character(const struct field *field)
{
    return has_lines(field) ? 0x2500 : '-';
}

/* The plot with the axes around it. */
static struct rect outside(const struct field *field)
{
    struct rect area = field->plot.area;
    area.column -= AXIS_LABEL_COLUMNS + 1;
    area.columns += AXIS_LABEL_COLUMNS + 1;
    area.rows++;
    return area;
}

void axis_draw_values(const struct field *field, double factor)
{
    struct rect area = outside(field);
    struct canvas *canvas = field->plot.canvas;
    int column = area.column + AXIS_LABEL_COLUMNS;
    int dots_a_row = field->plot.height / field->plot.area.rows;
    double value;
    for (int row = 0; row < field->plot.area.rows; row++)
        canvas_put(canvas, area, area.row + row, column, has_lines(field) ? 0x2502 : '|', RULE);
    for (int number = 0; scale_tick(&field->scale, number, &value); number++) {
        char label[TICKS_LABEL_SIZE];
        int from_top = field->plot.height - 1 - field_y(field, value);
        if (from_top < 0 || from_top >= field->plot.height)
            continue;
        int row = area.row + from_top / dots_a_row;
        scale_label(&field->scale, value, factor, label);
        canvas_print(canvas, area, row, area.column, RULE, "%*s", AXIS_LABEL_COLUMNS, label);
        canvas_put(canvas, area, row, column, has_lines(field) ? 0x2524 : '+', RULE);
    }
}

/* How far apart ticks are. */
static double tick_step(const struct field *field)
{
    double width = field->range.to - field->range.from;
    int ticks = field->plot.area.columns / COLUMNS_A_TICK;
    double step = field->span->unit == SPAN_SECONDS ? ticks_seconds_step(width, ticks)
                                                    : ticks_step(width, ticks);
    return field->span->unit == SPAN_STEPS ? fmax(step, 1) : step;
}

/* As many decimals as the step has; times from a minute on as a clock shows them. */
static void write_tick(const struct field *field, double x, double step,
                       char text[TICKS_LABEL_SIZE])
{
    double digits = -floor(log10(step) + 1e-9);
    if (field->span->unit == SPAN_SECONDS && field->range.to >= 60 && step >= 1)
        (void)title_duration(x + 0.5, text, TICKS_LABEL_SIZE);
    else
        (void)snprintf(text, TICKS_LABEL_SIZE, "%.*f", (int)fmin(fmax(digits, 0), 6), x);
}

static const char *unit_name(const struct field *field)
{
    static const char *const NAMES[SPAN_UNITS] = {
        [SPAN_EPOCHS] = "epoch", [SPAN_STEPS] = "step", [SPAN_SECONDS] = "s"};
    bool clock = field->span->unit == SPAN_SECONDS && field->range.to >= 60;
    return clock ? "time" : NAMES[field->span->unit];
}

static bool is_line(const struct field *field, int row, int column)
{
    struct canvas *canvas = field->plot.canvas;
    return column >= field->plot.area.column &&
           column < field->plot.area.column + field->plot.area.columns &&
           row < canvas_rows(canvas) && column < canvas_columns(canvas) &&
           canvas_at(canvas, row, column)->character == line_character(field);
}

void axis_draw_span(const struct field *field)
{
    struct rect area = outside(field);
    struct canvas *canvas = field->plot.canvas;
    int row = area.row + area.rows - 1, left = field->plot.area.column;
    int dots_a_column = field->plot.width / field->plot.area.columns;
    double step = tick_step(field);
    canvas_print(canvas, area, row, area.column, RULE, "%*s", AXIS_LABEL_COLUMNS, unit_name(field));
    canvas_put(canvas, area, row, left - 1, has_lines(field) ? 0x2514 : '+', RULE);
    for (int column = 0; column < field->plot.area.columns; column++)
        canvas_put(canvas, area, row, left + column, line_character(field), RULE);
    double before = floor(field->range.from / step + 1e-9), x;
    for (int tick = 1; (x = (before + tick) * step) <= field->range.to * (1 + 1e-9); tick++) {
        char label[TICKS_LABEL_SIZE];
        write_tick(field, x, step, label);
        int column = left + field_x(field, x) / dots_a_column;
        if (column - (int)strlen(label) < left)
            continue;
        canvas_put(canvas, area, row, column, has_lines(field) ? 0x2534 : '+', RULE);
        canvas_text(canvas, area, row, column - (int)strlen(label), RULE, label);
    }
}

void axis_mark(const struct field *field, double x, uint32_t character, struct style style)
{
    struct rect area = outside(field);
    int row = area.row + area.rows - 1, dot = field_x(field, x);
    if (dot < 0 || dot >= field->plot.width)
        return;
    int column = field->plot.area.column + dot * field->plot.area.columns / field->plot.width;
    /* beside a label to the right of it, or at the right end to the left */
    for (int turn = 0; turn < 2 * MARK_SHIFT_MAX; turn++) {
        int place = column + (turn < MARK_SHIFT_MAX ? turn : MARK_SHIFT_MAX - 1 - turn);
        if (!is_line(field, row, place))
            continue;
        canvas_put(field->plot.canvas, area, row, place, character, style);
        return;
    }
}
