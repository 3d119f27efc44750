// SPDX-License-Identifier: MIT
/*
 * The chart of one measure over the epochs: the batches as a thin band from their least to their
 * greatest, their moving average over it, the evaluations on the validation part as marks, the best
 * of them as a star, and faintly the parked models' averages. Values that are not finite leave a
 * mark at the top edge.
 */
#ifndef FMNIST_TUI_CHART_H
#define FMNIST_TUI_CHART_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/curve.h"
#include "tui/look.h"

struct chart {
    enum curve_value value;
    const struct snapshot *snapshot;
    const struct curve *curves; /* one for each learner of the snapshot */
};

/* Draws axes, numbers and curves; a sentence where there is nothing to draw yet. */
void chart_draw(const struct chart *chart, struct canvas *canvas, struct rect area,
                const struct look *look);

#endif
