// SPDX-License-Identifier: MIT
/*
 * The view of the confusion matrix: the whole matrix with a cursor, each class's precision, recall
 * and F1 beside its row, what the cell under the cursor means, and the pairs most often confused.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "fmnist/train/statistics.h"
#include "tui/matrix.h"
#include "tui/panel.h"
#include "tui/scores.h"
#include "tui/view.h"

enum {
    SCORES_COLUMNS_MIN = 18, /* less is no room for figures beside the matrix */
    PITCH_ROWS = 32,         /* from so many rows on classes have a row between them */
    PAIR_COLUMNS = 30,       /* of a pair's names */
    PAIR_BAR_MAX = 40,
    GAP = 2,
};

struct view {
    struct class_pair cursor;
    enum matrix_unit unit;
};

/* One drawing of the view. */
struct drawing {
    struct canvas *canvas;
    const struct scene *scene;
    const struct evaluation *evaluation;
    struct matrix matrix;
};

static const char *const UNIT_NAMES[MATRIX_UNITS] = {
    [MATRIX_ROW_PERCENT] = "% of the row",
    [MATRIX_COLUMN_PERCENT] = "% of the column",
    [MATRIX_IMAGES] = "images",
};

static struct view *matrix_open(struct error *err)
{
    struct view *view = memory_array(1, sizeof(struct view), err);
    if (view)
        view->cursor.chosen = true;
    return view;
}

static void matrix_close(struct view *view)
{
    free(view);
}

static void draw_summary(const struct drawing *drawing, struct rect line)
{
    const struct evaluation *evaluation = drawing->evaluation;
    bool utf8 = drawing->scene->look.glyphs & GLYPHS_SIGNS;
    bool test = evaluation->part == EVALUATION_TEST;
    int column = canvas_print(drawing->canvas, line, line.row, line.column,
                              (struct style){.attributes = CELL_BOLD}, "%s %.2f %s %.2f %%",
                              test ? "test accuracy" : "accuracy", 100 * evaluation->accuracy,
                              utf8 ? "\302\261" : "+-",
                              100 * statistics_two_errors(evaluation->accuracy, evaluation->count));
    column = canvas_print(drawing->canvas, line, line.row, column, (struct style){0},
                          "  %zu of %zu wrong  loss %#.3g", evaluation->count - evaluation->correct,
                          evaluation->count, evaluation->loss);
    column = canvas_print(drawing->canvas, line, line.row, column,
                          (struct style){.foreground = PAINT_FAINT}, "  epoch %.4g%s",
                          evaluation->epoch, drawing->scene->past ? ", past" : "");
    canvas_print(drawing->canvas, line, line.row, column, (struct style){.foreground = PAINT_FAINT},
                 "  %s", UNIT_NAMES[drawing->matrix.unit]);
}

/* What the cell under the cursor counts. */
static void draw_cell(const struct drawing *drawing, struct rect line)
{
    const struct evaluation *evaluation = drawing->evaluation;
    const struct dataset *dataset = drawing->scene->snapshot->dataset;
    struct class_pair cell = drawing->matrix.cursor;
    size_t images = evaluation->confusion[cell.label][cell.predicted];
    size_t support = evaluation->classes[cell.label].support;
    const char *label = dataset_class_name(dataset, cell.label);
    if (cell.label == cell.predicted)
        canvas_print(drawing->canvas, line, line.row, line.column, (struct style){0},
                     "%s: %zu of %zu right", label, images, support);
    else
        canvas_print(drawing->canvas, line, line.row, line.column, (struct style){0},
                     "%s taken for %s: %zu of %zu%s", label,
                     dataset_class_name(dataset, cell.predicted), images, support,
                     images > 0 ? "  (Enter: the images)" : "");
}

static void draw_pair(const struct drawing *drawing, struct rect line, struct class_pair pair,
                      size_t greatest)
{
    const struct dataset *dataset = drawing->scene->snapshot->dataset;
    bool utf8 = drawing->scene->look.glyphs & GLYPHS_SIGNS;
    size_t value =
        matrix_value(drawing->evaluation, drawing->matrix.unit, pair.label, pair.predicted);
    struct rect names = {line.row, line.column, 1, PAIR_COLUMNS - 1};
    canvas_print(drawing->canvas, names, line.row, line.column, (struct style){0}, "%s %s %s",
                 dataset_class_name(dataset, pair.label), utf8 ? "\342\206\222" : "->",
                 dataset_class_name(dataset, pair.predicted));
    int column =
        canvas_print(drawing->canvas, line, line.row, line.column + PAIR_COLUMNS, (struct style){0},
                     "%5zu%s", value, drawing->matrix.unit == MATRIX_IMAGES ? "  " : " %") +
        1;
    int room = line.column + line.columns - column;
    room = room < PAIR_BAR_MAX ? room : PAIR_BAR_MAX;
    for (int x = 0; x < room && (size_t)x * greatest < value * (size_t)room; x++)
        canvas_put(drawing->canvas, line, line.row, column + x, utf8 ? 0x25A0 : '=',
                   (struct style){.foreground = PAINT_BAD});
}

static void draw_pairs(const struct drawing *drawing, struct rect area)
{
    struct class_pair pair = {0};
    size_t greatest = 0;
    if (area.rows < 2)
        return;
    canvas_text(drawing->canvas, area, area.row, area.column,
                (struct style){.foreground = PAINT_RULE}, "most often confused");
    for (int row = 1; row < area.rows; row++) {
        pair = matrix_next_pair(drawing->evaluation, drawing->matrix.unit, pair);
        if (!pair.chosen)
            return;
        if (row == 1)
            greatest =
                matrix_value(drawing->evaluation, drawing->matrix.unit, pair.label, pair.predicted);
        draw_pair(drawing, (struct rect){area.row + row, area.column, 1, area.columns}, pair,
                  greatest);
    }
}

/* The matrix in the left part of `area`, the scores in what is left of it. */
static void draw_table(const struct drawing *drawing, struct rect area)
{
    struct rect left = area, right = area;
    int least = MATRIX_COLUMNS + GAP + SCORES_COLUMNS_MIN;
    if (area.columns >= least) {
        left.columns = matrix_used_columns(area.columns - GAP - SCORES_COLUMNS_MIN);
        right.column += left.columns + GAP;
        right.columns -= left.columns + GAP;
        const struct scores scores = {.evaluation = drawing->evaluation,
                                      .archive = scene_learner(drawing->scene)->archive,
                                      .dataset = drawing->scene->snapshot->dataset,
                                      .look = &drawing->scene->look,
                                      .pitch = drawing->matrix.pitch};
        scores_draw(&scores, drawing->canvas, right);
    }
    matrix_draw(&drawing->matrix, drawing->canvas, left);
}

static void draw_all(const struct drawing *drawing, struct rect area)
{
    int height = 1 + DATASET_CLASSES * drawing->matrix.pitch;
    struct rect line = {area.row, area.column, 1, area.columns};
    if (area.rows < MATRIX_ROWS + 2) {
        draw_table(drawing, (struct rect){area.row, area.column, area.rows, area.columns});
        return;
    }
    draw_summary(drawing, line);
    draw_table(drawing, (struct rect){area.row + 1, area.column, height, area.columns});
    line.row = area.row + 1 + height;
    draw_cell(drawing, line);
    draw_pairs(drawing, (struct rect){line.row + 2, area.column,
                                      area.row + area.rows - line.row - 2, area.columns});
}

static void matrix_view_draw(struct view *view, struct canvas *canvas, struct rect area,
                             const struct scene *scene)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    if (!evaluation) {
        panel_sentence(canvas, area, PANEL_WAITS);
        return;
    }
    struct drawing drawing = {
        .canvas = canvas,
        .scene = scene,
        .evaluation = evaluation,
        .matrix = {.evaluation = evaluation,
                   .dataset = scene->snapshot->dataset,
                   .look = &scene->look,
                   .unit = view->unit,
                   .cursor = view->cursor,
                   .corner = "",
                   .pitch = area.rows >= PITCH_ROWS ? 2 : 1},
    };
    draw_all(&drawing, area);
}

static size_t moved(size_t place, int step)
{
    size_t last = DATASET_CLASSES - 1;
    if (step < 0)
        return place > 0 ? place - 1 : 0;
    return step > 0 && place < last ? place + 1 : place;
}

static void move_cursor(struct view *view, int down, int right)
{
    view->cursor.label = moved(view->cursor.label, down);
    view->cursor.predicted = moved(view->cursor.predicted, right);
}

/* Goes to the next pair in the order of how often it is confused; after the last to the first. */
static void next_confusion(struct view *view, const struct scene *scene)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    bool diagonal = view->cursor.label == view->cursor.predicted;
    struct class_pair next = {0};
    if (!evaluation)
        return;
    if (!diagonal)
        next = matrix_next_pair(evaluation, view->unit, view->cursor);
    if (!next.chosen)
        next = matrix_next_pair(evaluation, view->unit, (struct class_pair){0});
    if (next.chosen)
        view->cursor = next;
}

static void open_pair(const struct view *view, struct scene *scene)
{
    if (!scene_evaluation(scene))
        return;
    scene->pair = view->cursor;
    scene->wanted = REQUEST_VIEW_3;
}

/* Moves the cursor to the cell that was clicked; opens it where it is there already. */
static void pick_cell(struct view *view, struct scene *scene)
{
    struct class_pair cell = scene_picked_cell(scene);
    if (cell.label == view->cursor.label && cell.predicted == view->cursor.predicted)
        open_pair(view, scene);
    view->cursor = cell;
}

static bool matrix_act(struct view *view, enum request request, struct scene *scene)
{
    switch (request) {
    case REQUEST_LEFT:
        move_cursor(view, 0, -1);
        return true;
    case REQUEST_RIGHT:
        move_cursor(view, 0, 1);
        return true;
    case REQUEST_UP:
        move_cursor(view, -1, 0);
        return true;
    case REQUEST_DOWN:
        move_cursor(view, 1, 0);
        return true;
    case REQUEST_NEXT_PANEL:
        next_confusion(view, scene);
        return true;
    case REQUEST_FIRST:
        view->cursor = (struct class_pair){.chosen = true};
        return true;
    case REQUEST_UNIT:
        view->unit = (view->unit + 1) % MATRIX_UNITS;
        return true;
    case REQUEST_PICK_CELL:
        pick_cell(view, scene);
        return true;
    case REQUEST_ENTER:
        open_pair(view, scene);
        return true;
    default:
        return false;
    }
}

/* The matrix alone fits 12 rows, but not with a title over it. */
static bool matrix_whole(const struct view *view, struct rect area, const struct scene *scene)
{
    (void)view;
    return area.rows < MATRIX_ROWS && scene_evaluation(scene);
}

const struct view_operations VIEW_MATRIX = {
    .name = "Matrix",
    .open = matrix_open,
    .close = matrix_close,
    .whole = matrix_whole,
    .draw = matrix_view_draw,
    .act = matrix_act,
};
