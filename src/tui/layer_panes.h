// SPDX-License-Identifier: MIT
/*
 * One layer closely: the pane of its filters and that of its feature maps, side by side where there
 * is room, else one of them. Needs no terminal.
 */
#ifndef FMNIST_TUI_LAYER_PANES_H
#define FMNIST_TUI_LAYER_PANES_H

#include "fmnist/train/study.h"
#include "tui/scene.h"
#include "tui/tiles.h"

enum pane { PANE_FILTERS, PANE_MAPS, PANE_COUNT };

struct layer_panes {
    enum pane focus;
    struct tiles tiles[PANE_COUNT];
};

/* Draws the study of a layer of the active learner, for the image that the scene says. */
void layer_panes_draw(struct layer_panes *panes, struct canvas *canvas, struct rect area,
                      const struct study *study, const struct scene *scene);

/* Acts on requests for the other pane, and moves in this one; false for others. `study` is NULL
 * where there is none yet. */
bool layer_panes_act(struct layer_panes *panes, enum request request, const struct study *study);

#endif
