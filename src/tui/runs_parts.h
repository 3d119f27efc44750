// SPDX-License-Identifier: MIT
/* What the files of the view of stored runs share: runs_view.c (its life, and what keys do) and
 * runs_panels.c (drawing). Main thread. */
#ifndef FMNIST_TUI_RUNS_PARTS_H
#define FMNIST_TUI_RUNS_PARTS_H

#include "tui/run_curves.h"
#include "tui/run_table.h"
#include "tui/runs_layout.h"
#include "tui/view.h"

struct view {
    struct run_table table;
    struct run_curves curves;
    enum runs_panel focus;
    size_t first, first_line, first_run; /* at the top left of the list and of the details */
    size_t runs_room;                    /* runs that have room beside one another */
    size_t page;                         /* runs on the screen */
    bool log;
    bool read;            /* the list was read, */
    double read_at;       /* clock_seconds(), */
    struct error failure; /* or why it could not be */
    int64_t asked;        /* the run that the open question is about */
    enum scene_question question;
    char notice[SCENE_WISH_SIZE];
};

/* Reads the list where the store has changed, or where a look for runs that died is due; true where
 * it was read. */
bool runs_refresh(struct view *view, const struct scene *scene);

void runs_draw(struct view *view, struct canvas *canvas, struct rect area,
               const struct scene *scene);

#endif
