// SPDX-License-Identifier: MIT
/*
 * Precision, recall, F1 and support (images) of each class, F1 as a bar and over the evaluations as
 * a sparkline; what does not fit is left out, from the right.
 */
#ifndef FMNIST_TUI_SCORES_H
#define FMNIST_TUI_SCORES_H

#include "tui/canvas.h"
#include "tui/scene.h"

enum { SCORES_ROWS = 1 + DATASET_CLASSES };

struct scores {
    const struct evaluation *evaluation;
    const struct archive *archive; /* for the sparklines; NULL: none */
    const struct dataset *dataset;
    const struct look *look;
    bool named; /* with the names of the classes */
    int pitch;  /* rows a class takes */
};

void scores_draw(const struct scores *scores, struct canvas *canvas, struct rect area);

#endif
