// SPDX-License-Identifier: MIT
/* Stored runs over one another: loss or accuracy of their evaluations on the validation images, by
 * epochs. Main thread. */
#ifndef FMNIST_TUI_RUN_CHART_H
#define FMNIST_TUI_RUN_CHART_H

#include "tui/canvas.h"
#include "fmnist/train/curve.h"
#include "tui/look.h"

/* An evaluation. */
struct run_chart_point {
    double epoch;
    double values[CURVE_VALUES];
};

/* The evaluations of a run. */
struct run_chart_curve {
    const struct run_chart_point *points;
    size_t count;
    const char *name; /* for the legend */
};

struct run_chart {
    enum curve_value value;
    bool log; /* the loss, on a logarithmic axis */
    const struct run_chart_curve *curves;
    size_t count;
};

/* Draws axes and curves, each in the style of its number (run_list.h); a sentence where there is
 * nothing to draw. */
void run_chart_draw(const struct run_chart *chart, struct canvas *canvas, struct rect area,
                    const struct look *look);

#endif
