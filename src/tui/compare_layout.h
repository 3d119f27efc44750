// SPDX-License-Identifier: MIT
/* Where each panel of the view that compares models goes, for any size. Needs no terminal. */
#ifndef FMNIST_TUI_COMPARE_LAYOUT_H
#define FMNIST_TUI_COMPARE_LAYOUT_H

#include <stdbool.h>

#include "tui/canvas.h"

enum compare_panel {
    COMPARE_LOSS,
    COMPARE_ACCURACY,
    COMPARE_FIGURES,
    COMPARE_AGREEMENT,
    COMPARE_IMAGES,
    COMPARE_PANELS,
};

struct compare_layout {
    bool boxes;                         /* panels have frames; else a rule with the title on top */
    struct rect panels[COMPARE_PANELS]; /* frame or rule included; no rows: not shown */
};

/* Lays the panels out in `area`; where there is no room for all, that of `focus` is shown. */
struct compare_layout compare_layout_make(struct rect area, enum compare_panel focus);

/* What is left of a panel for its content. */
struct rect compare_layout_content(const struct compare_layout *layout, enum compare_panel panel);

#endif
