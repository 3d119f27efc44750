// SPDX-License-Identifier: MIT
/* A box laid over the view: dialogs, the help, messages. */
#ifndef FMNIST_TUI_BOX_H
#define FMNIST_TUI_BOX_H

#include "tui/canvas.h"
#include "tui/look.h"

/* Clears a rectangle in the middle of the canvas for `rows` x `columns` of content, or what there
 * is room for, and frames it where a frame fits; `title` goes into the frame. Returns the
 * content's place, which may be smaller than asked for but has at least one cell. The mouse finds
 * nothing outside the box any more. */
struct rect box_draw(struct canvas *canvas, const struct look *look, int rows, int columns,
                     const char *title);

/* Draws just a frame along the edges of a rectangle of at least 2 x 2 cells. */
void box_frame(struct canvas *canvas, struct rect place, const struct look *look,
               struct style style);

#endif
