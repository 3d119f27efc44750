// SPDX-License-Identifier: MIT
/*
 * A view: what fills the screen between the title and the key bar. The main loop knows views only
 * through this struct of operations; a view keeps its state to itself. A new view is one file and a
 * line in the table of views.c.
 */
#ifndef FMNIST_TUI_VIEW_H
#define FMNIST_TUI_VIEW_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/request.h"
#include "tui/scene.h"

struct view;

struct view_operations {
    const char *name; /* "Live" */

    /* A new view, or NULL with `err` set. */
    struct view *(*open)(struct error *err);
    void (*close)(struct view *view);

    /* Takes in a newer snapshot, also while another view is on the screen. NULL: nothing to do. */
    void (*update)(struct view *view, const struct scene *scene);

    /* Whether the view, with no more than `area` under the title, needs the title's rows, too.
     * NULL: never. */
    bool (*whole)(const struct view *view, struct rect area, const struct scene *scene);

    /* Draws into `area`, laid out anew for whatever size that is. The active learner has been
     * started. */
    void (*draw)(struct view *view, struct canvas *canvas, struct rect area,
                 const struct scene *scene);

    /* Acts on a request that concerns the view (moving, focus); false where it does not know it. */
    bool (*act)(struct view *view, enum request request, struct scene *scene);

    /* Takes the user's answer to the question that the view asked (scene.h): the line that was
     * typed, or NULL for yes. False with `err` set where it makes no sense or cannot be done. NULL:
     * it asks nothing. */
    bool (*answer)(struct view *view, const char *line, struct scene *scene, struct error *err);

    /* Looks for what is new elsewhere than in snapshots, about once a second while the view is
     * shown; true where there is. NULL: there is nothing. */
    bool (*refresh)(struct view *view, const struct scene *scene);

    /* What the trainer is to look at while the view is shown. NULL: nothing. */
    struct observation (*observe)(const struct view *view, const struct scene *scene);
};

extern const struct view_operations VIEW_LIVE;
extern const struct view_operations VIEW_MATRIX;
extern const struct view_operations VIEW_MISTAKES;
extern const struct view_operations VIEW_NETWORK;
extern const struct view_operations VIEW_COMPARE;
extern const struct view_operations VIEW_RUNS;

#endif
