// SPDX-License-Identifier: MIT
/*
 * The confusion matrix: rows are true classes, columns predicted ones, numbers are percent of the
 * row. The diagonal is bold; what lies off it has colours from weak to strong, scaled to the worst
 * confusion. Below it, where there is room, each class's F1 and the pairs most often confused.
 */
#ifndef FMNIST_TUI_MATRIX_H
#define FMNIST_TUI_MATRIX_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"

enum { MATRIX_ROWS = 1 + DATASET_CLASSES, MATRIX_COLUMNS = 4 + 3 * DATASET_CLASSES };

/* Draws it. `corner`, where not empty, comes to the left of the column heads, and the accuracy to
 * their right. */
void matrix_draw(struct canvas *canvas, struct rect area, const struct evaluation *evaluation,
                 const struct dataset *dataset, const struct look *look, const char *corner);

#endif
