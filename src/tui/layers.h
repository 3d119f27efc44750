// SPDX-License-Identifier: MIT
/*
 * The layers of a network as a table: shapes, parameters, times of a training step, idle units,
 * norms. Columns that do not fit are left out, the least important first. Needs no terminal.
 */
#ifndef FMNIST_TUI_LAYERS_H
#define FMNIST_TUI_LAYERS_H

#include <stddef.h>

#include "fmnist/train/anatomy.h"
#include "tui/canvas.h"
#include "tui/look.h"

struct layers {
    const struct anatomy *anatomy;
    const struct look *look;
    size_t selected, first; /* the first one on the screen */
};

/* Rows of layers that an area has room for, under the heads. */
size_t layers_fit(struct rect area);

/* Draws heads and layers, from `first` on. */
void layers_draw(const struct layers *layers, struct canvas *canvas, struct rect area);

/* The name of a kind of layer for people: "local norm". */
const char *layers_kind(const struct anatomy_layer *layer);

/* The layers' part of a training step's time, 0 to 1, of those counted as `layer`; 0 where
 * that is not known. */
double layers_share(const struct anatomy *anatomy, size_t layer);

#endif
