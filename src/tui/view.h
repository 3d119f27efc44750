// SPDX-License-Identifier: MIT
/*
 * A view: what fills the screen between the title and the key bar. The main loop knows views only
 * through this struct of operations; a view keeps its state to itself.
 */
#ifndef FMNIST_TUI_VIEW_H
#define FMNIST_TUI_VIEW_H

#include <stdbool.h>

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/request.h"

struct view;

struct view_operations {
    const char *name; /* "Live" */

    /* A new view, or NULL with `err` set. */
    struct view *(*open)(struct error *err);
    void (*close)(struct view *view);

    /* Whether the view, with no more than `area` under the title, needs the title's rows, too.
     * NULL: never. */
    bool (*whole)(const struct view *view, struct rect area);

    /* Draws the snapshot into `area`, laid out anew for whatever size that is. */
    void (*draw)(struct view *view, struct canvas *canvas, struct rect area,
                 const struct snapshot *snapshot, const struct look *look);

    /* Acts on a request that concerns the view (moving, focus); false where it does not know it. */
    bool (*act)(struct view *view, enum request request, const struct snapshot *snapshot);
};

extern const struct view_operations VIEW_LIVE;

#endif
