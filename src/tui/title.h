// SPDX-License-Identifier: MIT
/*
 * The title: what is trained, on what, how far it is. Small screens have one row for it, others
 * two, the second of which belongs to the tabs with the progress to the right of them. What does
 * not fit is left out, the least important first.
 */
#ifndef FMNIST_TUI_TITLE_H
#define FMNIST_TUI_TITLE_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"

/* How many rows at the top the title takes on a screen of that size. */
int title_rows(int rows, int columns);

/* Draws the first row. */
void title_draw(struct canvas *canvas, const struct snapshot *snapshot, const struct look *look);

/* Draws the progress at the right end of row `row`, from column `left` on at most. */
void title_draw_progress(struct canvas *canvas, int row, int left, const struct snapshot *snapshot);

/* The word for a state: "training". */
const char *title_state(enum trainer_state state);

/* Writes a duration as m:ss or h:mm:ss to `text` ("--:--" for a negative one); returns it. */
char *title_duration(double seconds, char *text, size_t size);

#endif
