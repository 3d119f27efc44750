// SPDX-License-Identifier: MIT
/* Where each panel of the live view goes, for any size. Needs no terminal. */
#ifndef FMNIST_TUI_LAYOUT_H
#define FMNIST_TUI_LAYOUT_H

#include <stdbool.h>

#include "tui/canvas.h"

enum panel {
    PANEL_LOSS,
    PANEL_ACCURACY,
    PANEL_MATRIX,
    PANEL_MISTAKES,
    PANEL_SCORES,
    PANEL_DETAILS, /* of the selected mistake */
    PANEL_COUNT,
};

struct layout {
    bool boxes;                      /* panels have frames; else a rule with the title on top */
    bool single;                     /* one panel at a time */
    struct rect panels[PANEL_COUNT]; /* frame or rule included; no rows: not shown */
    struct rect progress;            /* one row */
};

/* Lays the panels out in `area`; where there is room for one alone, that is `focus`. */
struct layout layout_make(struct rect area, enum panel focus);

/* What is left of a panel for its content. */
struct rect layout_content(const struct layout *layout, enum panel panel);

#endif
