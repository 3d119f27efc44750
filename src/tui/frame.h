// SPDX-License-Identifier: MIT
/* One picture of the whole screen: the title, the view, the key bar or a notice,
 * and what lies on top. */
#ifndef FMNIST_TUI_FRAME_H
#define FMNIST_TUI_FRAME_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/dialog.h"
#include "tui/help.h"
#include "tui/look.h"
#include "tui/view.h"

/* The least that views can use; below it the frame says so. */
enum { FRAME_ROWS_MIN = 12, FRAME_COLUMNS_MIN = 40 };

struct frame {
    const struct view_operations *operations;
    struct view *view; /* the caller's */
    struct look look;
    struct dialog dialog;
    struct help help;
};

/* Draws everything; `notice` takes the place of the key bar where it is not empty. */
void frame_draw(struct frame *frame, struct canvas *canvas, const struct snapshot *snapshot,
                const char *notice);

#endif
