// SPDX-License-Identifier: MIT
/* The views that are open, and which of them is on the screen. */
#ifndef FMNIST_TUI_VIEWS_H
#define FMNIST_TUI_VIEWS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/view.h"

enum { VIEWS_MAX = 6 };

struct views {
    const struct view_operations *operations[VIEWS_MAX];
    struct view *states[VIEWS_MAX];
    size_t count, shown;
};

/* Opens all views, the first one shown. False with `err` set; views_close() is due even then. */
bool views_open(struct views *views, struct error *err);
void views_close(struct views *views);

/* Tells all views of a newer snapshot. */
void views_update(struct views *views, const struct scene *scene);

/* Acts on requests for another view or for one that the shown view knows. */
bool views_act(struct views *views, enum request request, struct scene *scene);

/* Hands the shown view the answer to its question; see view.h. */
bool views_answer(struct views *views, const char *line, struct scene *scene, struct error *err);

/* Whether the shown view can have news that no snapshot brings, and whether it has. */
bool views_can_refresh(const struct views *views);
bool views_refresh(struct views *views, const struct scene *scene);

/* What the shown view needs the trainer to look at. */
struct observation views_observation(const struct views *views, const struct scene *scene);

/* Draws the tabs, one a view, into row `row`; returns the column after them. */
int views_draw_tabs(const struct views *views, struct canvas *canvas, int row,
                    const struct look *look);

#endif
