// SPDX-License-Identifier: MIT
/*
 * The chart of one measure, of the active model with the others as ghosts, or of all models as
 * peers, over the part of the run that a span names: curves, evaluations, the best of them as a
 * star, what the user did meanwhile as marks on the axis, and the span's cursor.
 */
#ifndef FMNIST_TUI_CHART_H
#define FMNIST_TUI_CHART_H

#include "fmnist/train/curve.h"
#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/caption.h"
#include "tui/look.h"
#include "tui/span.h"

struct chart {
    enum curve_value value;
    const struct snapshot *snapshot;
    struct curve *curves; /* one for each learner of the snapshot */
    struct span *span;
};

/* Draws axes, numbers and curves; a sentence where there is nothing to draw yet. */
void chart_draw(const struct chart *chart, struct canvas *canvas, struct rect area,
                const struct look *look);

/* Writes the chart's title: what it shows, and the values that are newest, or at the cursor. */
void chart_title(const struct chart *chart, const struct look *look, struct caption *caption);

/* The mark of a model's evaluations, where models are peers; as text. */
uint32_t chart_mark(size_t model, const struct look *look);
const char *chart_mark_text(size_t model, const struct look *look);

#endif
