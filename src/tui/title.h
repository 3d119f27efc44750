// SPDX-License-Identifier: MIT
/* The title: what is trained, on what, how far it is. One row on small screens, else two. */
#ifndef FMNIST_TUI_TITLE_H
#define FMNIST_TUI_TITLE_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"

/* How many rows at the top the title takes on a screen of that size. */
int title_rows(int rows, int columns);

/* Draws it there. What does not fit is left out, the least important first. */
void title_draw(struct canvas *canvas, const struct snapshot *snapshot, const struct look *look);

/* The word for a state: "training". */
const char *title_state(enum trainer_state state);

/* Writes a duration as m:ss or h:mm:ss to `text` ("--:--" for a negative one); returns it. */
char *title_duration(double seconds, char *text, size_t size);

#endif
