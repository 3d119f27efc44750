// SPDX-License-Identifier: MIT
/* What panels have in common: a frame or a rule with a title, and a sentence where they are empty.
 */
#ifndef FMNIST_TUI_PANEL_H
#define FMNIST_TUI_PANEL_H

#include "tui/canvas.h"
#include "tui/look.h"

/* What panels that show an evaluation say before the first. */
#define PANEL_READS "reading the answers ..."
#define PANEL_WAITS "after the first evaluation, at the end of epoch 1 or with e"

/* Draws a frame around `area`, or a rule as its first row, with the title in it; stronger where the
 * panel has the focus. */
void panel_frame(struct canvas *canvas, struct rect area, bool box, const char *title, bool focus,
                 const struct look *look);

/* Writes a faint sentence, wrapped, in the middle of the area. */
void panel_sentence(struct canvas *canvas, struct rect area, const char *sentence);

/* Rows and columns that a frame (`boxes`) or a rule above takes around a panel's content. */
int panel_edge_rows(bool boxes);
int panel_edge_columns(bool boxes);

/* What is left of a panel for its content. */
struct rect panel_content(struct rect panel, bool boxes);

/* Divides a column: its first `rows` rows, and the rest. */
void panel_divide(struct rect column, int rows, struct rect *upper, struct rect *lower);

#endif
