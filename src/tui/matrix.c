// SPDX-License-Identifier: MIT
#include "tui/matrix.h"

#include <stdio.h>

enum {
    NARROW_LABEL = 4,
    WIDE_LABEL = 14,
    CELL_MIN = 3,
    CELL_MAX = 6,
    PAIRS_MAX = 12,
    ACCURACY_COLUMNS = 6
};

/* A matrix on its way to the canvas. */
struct drawing {
    struct canvas *canvas;
    struct rect area;
    const struct evaluation *evaluation;
    const struct dataset *dataset;
    const struct look *look;
    int label; /* columns of the row heads */
    int cell;  /* columns of a cell */
    int worst; /* greatest percentage off the diagonal */
};

static int cell_percent(const struct evaluation *evaluation, size_t label, size_t predicted)
{
    size_t support = evaluation->classes[label].support;
    if (support == 0)
        return 0;
    return (int)((200 * evaluation->confusion[label][predicted] + support) / (2 * support));
}

static int worst_percent(const struct evaluation *evaluation)
{
    int worst = 1;
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++) {
            int percent = cell_percent(evaluation, label, predicted);
            if (label != predicted && percent > worst)
                worst = percent;
        }
    }
    return worst;
}

static struct style cell_style(const struct drawing *drawing, size_t label, size_t predicted,
                               int percent)
{
    if (label == predicted)
        return (struct style){.attributes = CELL_BOLD};
    if (percent == 0)
        return (struct style){.foreground = PAINT_FAINT};
    int heat = (percent * PAINT_HEATS - 1) / drawing->worst;
    heat = heat < PAINT_HEATS ? heat : PAINT_HEATS - 1;
    return (struct style){.foreground = (uint8_t)(PAINT_HEAT + heat),
                          .attributes = percent * 2 > drawing->worst ? CELL_UNDERLINE : 0};
}

static void draw_heads(const struct drawing *drawing, const char *corner)
{
    const struct style head = {.foreground = PAINT_RULE};
    struct rect area = drawing->area;
    canvas_text(drawing->canvas, area, area.row, area.column, head, corner);
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const char *name = dataset_class_short_name(drawing->dataset, label);
        int right = area.column + drawing->label + drawing->cell * ((int)label + 1);
        canvas_text(drawing->canvas, area, area.row, right - text_columns(name), head, name);
    }
    int used = drawing->label + drawing->cell * DATASET_CLASSES;
    if (*corner && used + ACCURACY_COLUMNS <= area.columns)
        canvas_print(drawing->canvas, area, area.row, area.column + used,
                     (struct style){.attributes = CELL_BOLD}, "%*.1f%%", ACCURACY_COLUMNS - 1,
                     100 * drawing->evaluation->accuracy);
}

static void draw_row(const struct drawing *drawing, size_t label)
{
    struct rect area = drawing->area;
    int row = area.row + 1 + (int)label;
    bool wide = drawing->label >= WIDE_LABEL;
    struct rect head = {row, area.column, 1, drawing->label - 1};
    canvas_text(drawing->canvas, head, row, area.column, (struct style){0},
                wide ? dataset_class_name(drawing->dataset, label)
                     : dataset_class_short_name(drawing->dataset, label));
    for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++) {
        int percent = cell_percent(drawing->evaluation, label, predicted);
        struct style style = cell_style(drawing, label, predicted, percent);
        int left = area.column + drawing->label + drawing->cell * (int)predicted;
        if (percent == 0)
            canvas_put(drawing->canvas, area, row, left + drawing->cell - 1,
                       drawing->look->glyphs == GLYPHS_UTF8 ? 0xB7 : '.', style);
        else
            canvas_print(drawing->canvas, area, row, left, style, "%*d", drawing->cell, percent);
    }
}

static void draw_f1(const struct drawing *drawing, int row)
{
    const struct style style = {.foreground = PAINT_RULE};
    struct rect area = drawing->area;
    canvas_text(drawing->canvas, area, row, area.column, style,
                drawing->label >= WIDE_LABEL ? "F1 %" : "F1%");
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        canvas_print(drawing->canvas, area, row,
                     area.column + drawing->label + drawing->cell * (int)label, (struct style){0},
                     "%*.0f", drawing->cell, 100 * drawing->evaluation->classes[label].f1);
}

/* A cell off the diagonal. */
struct pair {
    size_t label, predicted;
    int percent;
};

/* The pair with the greatest percentage below that of `before` (in the order of percentage, then
 * place); a percentage of 0 where there is none. */
static struct pair next_pair(const struct evaluation *evaluation, struct pair before)
{
    struct pair next = {0, 0, 0};
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++) {
            int percent = cell_percent(evaluation, label, predicted);
            bool later =
                label > before.label || (label == before.label && predicted > before.predicted);
            bool below = percent < before.percent || (percent == before.percent && later);
            if (label != predicted && below && percent > next.percent)
                next = (struct pair){label, predicted, percent};
        }
    }
    return next;
}

static void draw_worst(const struct drawing *drawing, int row)
{
    struct rect area = drawing->area;
    const char *arrow = drawing->look->glyphs == GLYPHS_UTF8 ? "\342\206\222" : ">";
    int column = canvas_text(drawing->canvas, area, row, area.column,
                             (struct style){.foreground = PAINT_RULE}, "worst");
    struct pair pair = {.percent = 101};
    for (int index = 0; index < PAIRS_MAX; index++) {
        char text[64];
        pair = next_pair(drawing->evaluation, pair);
        if (pair.percent == 0)
            return;
        (void)snprintf(text, sizeof text, "%s%s%s %d%%",
                       dataset_class_short_name(drawing->dataset, pair.label), arrow,
                       dataset_class_short_name(drawing->dataset, pair.predicted), pair.percent);
        if (column + 1 + text_columns(text) > area.column + area.columns)
            return;
        column = canvas_text(drawing->canvas, area, row, column + 1, (struct style){0}, text) + 1;
    }
}

void matrix_draw(struct canvas *canvas, struct rect area, const struct evaluation *evaluation,
                 const struct dataset *dataset, const struct look *look, const char *corner)
{
    struct drawing drawing = {.canvas = canvas,
                              .area = area,
                              .evaluation = evaluation,
                              .dataset = dataset,
                              .look = look,
                              .worst = worst_percent(evaluation)};
    bool wide = area.columns >= WIDE_LABEL + DATASET_CLASSES * CELL_MIN;
    drawing.label = wide ? WIDE_LABEL : NARROW_LABEL;
    drawing.cell = (area.columns - drawing.label) / DATASET_CLASSES;
    drawing.cell = drawing.cell > CELL_MAX ? CELL_MAX : drawing.cell;
    drawing.cell = drawing.cell < CELL_MIN ? CELL_MIN : drawing.cell;
    draw_heads(&drawing, corner);
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        draw_row(&drawing, label);
    int row = area.row + MATRIX_ROWS;
    if (area.rows >= MATRIX_ROWS + 2)
        draw_f1(&drawing, row++);
    if (area.rows >= MATRIX_ROWS + 1)
        draw_worst(&drawing, row);
}
