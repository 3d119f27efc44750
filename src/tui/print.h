// SPDX-License-Identifier: MIT
/* Canvases written to a stream as lines, for commands that show something without a screen. */
#ifndef FMNIST_TUI_PRINT_H
#define FMNIST_TUI_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/look.h"

/* What the stream shows: on a terminal what that can, elsewhere ASCII without colours, unless the
 * settings want something else. The terminal itself is not asked. */
struct look print_look(FILE *out, const struct app_settings *settings);

/* How many columns it has: the terminal's, 80 elsewhere. */
int print_columns(FILE *out);

/* Writes all rows, each without blanks at its end. */
void print_canvas(FILE *out, const struct canvas *canvas, const struct look *look);

/* Makes what follows appear in a colour of the palette (palette.h), or on it. */
void print_color(FILE *out, int color, int colors, bool behind);

#endif
