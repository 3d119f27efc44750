// SPDX-License-Identifier: MIT
/* What is known of one stored run, and how several differ, as tables that scroll. */
#ifndef FMNIST_TUI_RUN_PANES_H
#define FMNIST_TUI_RUN_PANES_H

#include "fmnist/store/run.h"
#include "tui/canvas.h"
#include "tui/look.h"

/* Draws all facts of a run, from line `*first` on, which is moved where that is past the end. */
void run_panes_details(const struct run_row *run, size_t *first, struct canvas *canvas,
                       struct rect area);

/* Runs side by side. */
struct run_comparison {
    const struct run_row *const *runs;
    size_t count;
    size_t first_line, first_run; /* at the top left; moved where they are past the end */
    size_t room;                  /* runs that the last drawing had room for */
};

/* Draws the settings in which runs differ, and what came of each: a column a run. */
void run_panes_differences(struct run_comparison *comparison, struct canvas *canvas,
                           struct rect area, const struct look *look);

#endif
