// SPDX-License-Identifier: MIT
/* The list of stored runs: as many columns as fit, the least important left out first. */
#ifndef FMNIST_TUI_RUN_LIST_H
#define FMNIST_TUI_RUN_LIST_H

#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/run_table.h"

enum { RUN_LIST_HEAD = 1 };

/* Draws a head and the runs around the selected one into `area`. `*first` is the place of the run
 * that is on top; it is moved as far as is needed. A click on a run is KEYS_RUN with its place. */
void run_list_draw(const struct run_table *table, size_t *first, struct canvas *canvas,
                   struct rect area, const struct look *look);

/* Draws a head and as many runs from place `from` on as the canvas has rows, with none selected. */
void run_list_draw_from(const struct run_table *table, size_t from, struct canvas *canvas,
                        const struct look *look);

/* How a run among those that are looked at together is marked, in lists, charts and tables. */
uint32_t run_list_mark(size_t number, const struct look *look);
struct style run_list_style(size_t number);

#endif
