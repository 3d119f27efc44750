// SPDX-License-Identifier: MIT
/*
 * The confusion matrix: rows are true classes, columns predicted ones; percent of the row (recall),
 * of the column (precision), or images. The diagonal is bold; what lies off it has colours from
 * weak to strong, scaled to the worst confusion. Below it, where there is room, each class's F1 and
 * the pairs most often confused.
 */
#ifndef FMNIST_TUI_MATRIX_H
#define FMNIST_TUI_MATRIX_H

#include "tui/canvas.h"
#include "tui/scene.h"

enum { MATRIX_ROWS = 1 + DATASET_CLASSES, MATRIX_COLUMNS = 4 + 3 * DATASET_CLASSES };

enum matrix_unit { MATRIX_ROW_PERCENT, MATRIX_COLUMN_PERCENT, MATRIX_IMAGES, MATRIX_UNITS };

struct matrix {
    const struct evaluation *evaluation;
    const struct dataset *dataset;
    const struct look *look;
    enum matrix_unit unit;
    struct class_pair cursor; /* a cell to point out */
    const char *corner;       /* left of the column heads, and then the accuracy to their right */
    int pitch;                /* rows a class takes */
};

/* Draws heads and cells, and what else there is room for below. */
void matrix_draw(const struct matrix *matrix, struct canvas *canvas, struct rect area);

/* The columns that heads and cells take in an area so wide. */
int matrix_used_columns(int columns);

/* The number in a cell. */
size_t matrix_value(const struct evaluation *evaluation, enum matrix_unit unit, size_t label,
                    size_t predicted);

/* The cell off the diagonal with the greatest value below that of `before`, in the order of value,
 * then place; not chosen where there is none above 0. A `before` that is not chosen: the greatest
 * of all. */
struct class_pair matrix_next_pair(const struct evaluation *evaluation, enum matrix_unit unit,
                                   struct class_pair before);

#endif
