// SPDX-License-Identifier: MIT
/* One picture of the whole screen: the title, the tabs, the view, the key bar or a notice,
 * and what lies on top. */
#ifndef FMNIST_TUI_FRAME_H
#define FMNIST_TUI_FRAME_H

#include "tui/canvas.h"
#include "tui/dialog.h"
#include "tui/help.h"
#include "tui/log_pane.h"
#include "tui/prompt.h"
#include "tui/scene.h"
#include "tui/views.h"

/* The least that views can use; below it the frame says so. */
enum { FRAME_ROWS_MIN = 12, FRAME_COLUMNS_MIN = 40 };

struct frame {
    struct views views;
    struct scene scene;
    struct dialog dialog;
    struct help help;
    struct log_pane log;
    struct prompt prompt;
};

/* Draws everything; `notice` takes the place of the key bar where it is not empty. */
void frame_draw(struct frame *frame, struct canvas *canvas, const char *notice);

#endif
