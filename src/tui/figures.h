// SPDX-License-Identifier: MIT
/* A table of what two models have reached so far, and how fast. */
#ifndef FMNIST_TUI_FIGURES_H
#define FMNIST_TUI_FIGURES_H

#include "tui/canvas.h"
#include "tui/scene.h"

enum { FIGURES_ROWS = 10 };

/* Two numbers in `learners` of the snapshot. */
struct model_pair {
    size_t first, second;
};

/* Draws a column a model; a model that was not started has none but its name. */
void figures_draw(const struct scene *scene, struct model_pair pair, struct canvas *canvas,
                  struct rect area);

/* Seconds of training until a validation accuracy (0 to 1) was first measured; negative: never. */
double figures_seconds_to(const struct learner_snapshot *learner, double accuracy);

#endif
