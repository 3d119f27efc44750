// SPDX-License-Identifier: MIT
/* What the process and its libraries printed while the screen was up, in a box over the view; the
 * end of it, where it is long. Main thread only. */
#ifndef FMNIST_TUI_LOG_PANE_H
#define FMNIST_TUI_LOG_PANE_H

#include <stdbool.h>
#include <sys/types.h>

#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/request.h"

struct log_pane {
    bool open;
    int log;    /* the file: screen_log(); or -1 */
    off_t seen; /* bytes of it that the user was told of */
    int back;   /* lines from the end */
};

/* Whether something was printed that the user was not told of yet; from now on that is told. */
bool log_pane_has_news(struct log_pane *pane);

/* Acts on a request while the pane is open: scrolls, or closes it. False for a request that is not
 * its business. */
bool log_pane_act(struct log_pane *pane, enum request request);

/* Draws the pane; keeps `back` within what there is to see. */
void log_pane_draw(struct log_pane *pane, struct canvas *canvas, const struct look *look);

#endif
