// SPDX-License-Identifier: MIT
/* The palette: which colour of the terminal each paint has. Needs no terminal. */
#ifndef FMNIST_TUI_PALETTE_H
#define FMNIST_TUI_PALETTE_H

#include <stdbool.h>

#include "tui/canvas.h"

enum { PALETTE_DEFAULT = -1 };

/* The number of the colour for `paint` on a terminal with `colors` (8, 16, 256 or LOOK_TRUE_COLOR)
 * colours, or PALETTE_DEFAULT for the terminal's own. */
int palette_color(enum paint paint, int colors, bool light_background);

#endif
