// SPDX-License-Identifier: MIT
/* Where each panel of the view of stored runs goes, for any size. Needs no terminal. */
#ifndef FMNIST_TUI_RUNS_LAYOUT_H
#define FMNIST_TUI_RUNS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"

enum runs_panel {
    RUNS_LIST,
    RUNS_ACCURACY,
    RUNS_LOSS,
    RUNS_DETAILS,
    RUNS_PANELS,
};

struct runs_layout {
    bool boxes;                      /* panels have frames; else a rule with the title on top */
    struct rect panels[RUNS_PANELS]; /* frame or rule included; no rows: not shown */
};

/* Lays the panels out in `area` with a list as long as `runs` need, but no longer than half of it;
 * where there is no room for all, the panel of `focus` is shown. */
struct runs_layout runs_layout_make(struct rect area, enum runs_panel focus, size_t runs);

/* What is left of a panel for its content. */
struct rect runs_layout_content(const struct runs_layout *layout, enum runs_panel panel);

#endif
