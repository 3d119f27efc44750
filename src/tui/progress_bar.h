// SPDX-License-Identifier: MIT
#ifndef FMNIST_TUI_PROGRESS_BAR_H
#define FMNIST_TUI_PROGRESS_BAR_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"

/* Draws a bar of `columns` cells for a part from 0 to 1; returns the column after it. */
int progress_bar(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                 double part, const struct look *look);

/* One row: how far the epoch or the evaluation is, how far the whole run, and how long it takes. */
void progress_draw(struct canvas *canvas, struct rect area, const struct snapshot *snapshot,
                   const struct look *look);

/* In the middle of the area: that the data are being read, and how far that is. */
void progress_draw_loading(struct canvas *canvas, struct rect area, const struct snapshot *snapshot,
                           const struct look *look);

#endif
