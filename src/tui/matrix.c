// SPDX-License-Identifier: MIT
#include "tui/matrix.h"

#include <stdio.h>

#include "tui/keys.h"

enum {
    NARROW_LABEL = 4,
    WIDE_LABEL = 14,
    CELL_MIN = 3,
    CELL_MAX = 7,
    PAIRS_MAX = 12,
    ACCURACY_COLUMNS = 6
};

/* A matrix on its way to the canvas. */
struct drawing {
    const struct matrix *matrix;
    struct canvas *canvas;
    struct rect area;
    int label;    /* columns of the row heads */
    int cell;     /* columns of a cell */
    size_t worst; /* greatest value off the diagonal, 1 or more */
};

static int label_columns(int columns)
{
    return columns >= WIDE_LABEL + DATASET_CLASSES * CELL_MIN ? WIDE_LABEL : NARROW_LABEL;
}

static int cell_columns(int columns)
{
    int cell = (columns - label_columns(columns)) / DATASET_CLASSES;
    cell = cell > CELL_MAX ? CELL_MAX : cell;
    return cell < CELL_MIN ? CELL_MIN : cell;
}

int matrix_used_columns(int columns)
{
    return label_columns(columns) + cell_columns(columns) * DATASET_CLASSES;
}

static size_t percent(size_t part, size_t whole)
{
    return whole ? (200 * part + whole) / (2 * whole) : 0;
}

size_t matrix_value(const struct evaluation *evaluation, enum matrix_unit unit, size_t label,
                    size_t predicted)
{
    size_t images = evaluation->confusion[label][predicted], answered = 0;
    switch (unit) {
    case MATRIX_ROW_PERCENT:
        return percent(images, evaluation->classes[label].support);
    case MATRIX_COLUMN_PERCENT:
        for (size_t other = 0; other < DATASET_CLASSES; other++)
            answered += evaluation->confusion[other][predicted];
        return percent(images, answered);
    default:
        return images;
    }
}

/* The cells in the order of reading, for comparisons. */
static size_t pair_place(struct class_pair pair)
{
    return pair.label * DATASET_CLASSES + pair.predicted;
}

struct class_pair matrix_next_pair(const struct evaluation *evaluation, enum matrix_unit unit,
                                   struct class_pair before)
{
    size_t limit =
        before.chosen ? matrix_value(evaluation, unit, before.label, before.predicted) : SIZE_MAX;
    struct class_pair next = {0};
    size_t greatest = 0;
    for (size_t cell = 0; cell < (size_t)DATASET_CLASSES * DATASET_CLASSES; cell++) {
        struct class_pair pair = {true, cell / DATASET_CLASSES, cell % DATASET_CLASSES};
        size_t value = matrix_value(evaluation, unit, pair.label, pair.predicted);
        bool below = value < limit || (value == limit && cell > pair_place(before));
        if (pair.label != pair.predicted && below && value > greatest) {
            greatest = value;
            next = pair;
        }
    }
    return next;
}

static size_t worst_value(const struct matrix *matrix)
{
    struct class_pair worst =
        matrix_next_pair(matrix->evaluation, matrix->unit, (struct class_pair){0});
    return worst.chosen
               ? matrix_value(matrix->evaluation, matrix->unit, worst.label, worst.predicted)
               : 1;
}

static struct style cell_style(const struct drawing *drawing, size_t label, size_t predicted,
                               size_t value)
{
    const struct class_pair *cursor = &drawing->matrix->cursor;
    bool pointed = cursor->chosen && cursor->label == label && cursor->predicted == predicted;
    uint8_t reverse = pointed ? CELL_REVERSE : 0;
    if (label == predicted)
        return (struct style){.attributes = (uint8_t)(CELL_BOLD | reverse)};
    if (value == 0)
        return (struct style){.foreground = PAINT_FAINT, .attributes = reverse};
    size_t heat = (value * PAINT_HEATS - 1) / drawing->worst;
    heat = heat < PAINT_HEATS ? heat : PAINT_HEATS - 1;
    uint8_t underline = value * 2 > drawing->worst ? CELL_UNDERLINE : 0;
    return (struct style){.foreground = (uint8_t)(PAINT_HEAT + heat),
                          .attributes = (uint8_t)(underline | reverse)};
}

static void draw_heads(const struct drawing *drawing)
{
    const struct style head = {.foreground = PAINT_RULE};
    const struct matrix *matrix = drawing->matrix;
    struct rect area = drawing->area;
    canvas_text(drawing->canvas, area, area.row, area.column, head, matrix->corner);
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const char *name = dataset_class_short_name(matrix->dataset, label);
        int right = area.column + drawing->label + drawing->cell * ((int)label + 1);
        canvas_text(drawing->canvas, area, area.row, right - text_columns(name), head, name);
    }
    int used = drawing->label + drawing->cell * DATASET_CLASSES;
    if (*matrix->corner && used + ACCURACY_COLUMNS <= area.columns)
        canvas_print(drawing->canvas, area, area.row, area.column + used,
                     (struct style){.attributes = CELL_BOLD}, "%*.1f%%", ACCURACY_COLUMNS - 1,
                     100 * matrix->evaluation->accuracy);
}

static void draw_cell(const struct drawing *drawing, int row, size_t label, size_t predicted)
{
    const struct matrix *matrix = drawing->matrix;
    size_t value = matrix_value(matrix->evaluation, matrix->unit, label, predicted);
    struct style style = cell_style(drawing, label, predicted, value);
    int left = drawing->area.column + drawing->label + drawing->cell * (int)predicted;
    char text[24];
    canvas_add_zone(drawing->canvas, (struct rect){row, left, 1, drawing->cell}, KEYS_CELL,
                    label * DATASET_CLASSES + predicted);
    int length = snprintf(text, sizeof text, "%zu", value);
    if (length > drawing->cell)
        length = snprintf(text, sizeof text, "%zuk", value / 1000);
    if (value == 0)
        canvas_put(drawing->canvas, drawing->area, row, left + drawing->cell - 1,
                   matrix->look->glyphs & GLYPHS_SIGNS ? 0xB7 : '.', style);
    else
        canvas_text(drawing->canvas, drawing->area, row, left + drawing->cell - length, style,
                    text);
}

static void draw_row(const struct drawing *drawing, size_t label)
{
    const struct matrix *matrix = drawing->matrix;
    int row = drawing->area.row + 1 + (int)label * matrix->pitch;
    struct rect head = {row, drawing->area.column, 1, drawing->label - 1};
    canvas_text(drawing->canvas, head, row, head.column, (struct style){0},
                drawing->label >= WIDE_LABEL ? dataset_class_name(matrix->dataset, label)
                                             : dataset_class_short_name(matrix->dataset, label));
    for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
        draw_cell(drawing, row, label, predicted);
}

static void draw_f1(const struct drawing *drawing, int row)
{
    const struct style style = {.foreground = PAINT_RULE};
    const struct evaluation *evaluation = drawing->matrix->evaluation;
    struct rect area = drawing->area;
    canvas_text(drawing->canvas, area, row, area.column, style,
                drawing->label >= WIDE_LABEL ? "F1 %" : "F1%");
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        canvas_print(drawing->canvas, area, row,
                     area.column + drawing->label + drawing->cell * (int)label, (struct style){0},
                     "%*.0f", drawing->cell, 100 * evaluation->classes[label].f1);
}

static void draw_worst(const struct drawing *drawing, int row)
{
    const struct matrix *matrix = drawing->matrix;
    const char *arrow = matrix->look->glyphs & GLYPHS_SIGNS ? "\342\206\222" : ">";
    struct rect area = drawing->area;
    int column = canvas_text(drawing->canvas, area, row, area.column,
                             (struct style){.foreground = PAINT_RULE}, "worst");
    struct class_pair pair = {0};
    for (int index = 0; index < PAIRS_MAX; index++) {
        char text[64];
        pair = matrix_next_pair(matrix->evaluation, matrix->unit, pair);
        if (!pair.chosen)
            return;
        (void)snprintf(text, sizeof text, "%s%s%s %zu%s",
                       dataset_class_short_name(matrix->dataset, pair.label), arrow,
                       dataset_class_short_name(matrix->dataset, pair.predicted),
                       matrix_value(matrix->evaluation, matrix->unit, pair.label, pair.predicted),
                       matrix->unit == MATRIX_IMAGES ? "" : "%");
        if (column + 1 + text_columns(text) > area.column + area.columns)
            return;
        column = canvas_text(drawing->canvas, area, row, column + 1, (struct style){0}, text) + 1;
    }
}

void matrix_draw(const struct matrix *matrix, struct canvas *canvas, struct rect area)
{
    struct drawing drawing = {
        .matrix = matrix,
        .canvas = canvas,
        .area = area,
        .label = label_columns(area.columns),
        .cell = cell_columns(area.columns),
        .worst = worst_value(matrix),
    };
    draw_heads(&drawing);
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        draw_row(&drawing, label);
    int row = area.row + 1 + DATASET_CLASSES * matrix->pitch;
    if (area.row + area.rows >= row + 2)
        draw_f1(&drawing, row++);
    if (area.row + area.rows >= row + 1)
        draw_worst(&drawing, row);
}
