// SPDX-License-Identifier: MIT
/* The help over the view: the key table, line by line. */
#ifndef FMNIST_TUI_HELP_H
#define FMNIST_TUI_HELP_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/request.h"

struct help {
    bool open;
    int first; /* the line at the top, where not all fit */
};

/* Acts on a request while the help is open: scrolls, or closes it. False for a request that is not
 * its business. */
bool help_act(struct help *help, enum request request);

/* Draws the help; keeps `first` within what there is to see. */
void help_draw(struct help *help, struct canvas *canvas, const struct look *look);

#endif
