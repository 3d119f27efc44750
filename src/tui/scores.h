// SPDX-License-Identifier: MIT
#ifndef FMNIST_TUI_SCORES_H
#define FMNIST_TUI_SCORES_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"

enum { SCORES_ROWS = 1 + DATASET_CLASSES };

/* A table of precision, recall and F1 of each class, with a bar for F1. */
void scores_draw(struct canvas *canvas, struct rect area, const struct evaluation *evaluation,
                 const struct dataset *dataset, const struct look *look);

#endif
