// SPDX-License-Identifier: MIT
/* The help over the view: the tables of keys and commands, line by line. */
#ifndef FMNIST_TUI_HELP_H
#define FMNIST_TUI_HELP_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/request.h"

enum { HELP_SEARCH_SIZE = 64 };

struct help {
    bool open;
    int first;                     /* the line at the top, where not all fit */
    char search[HELP_SEARCH_SIZE]; /* only lines that have this in them, in whatever case */
};

/* Shows only what has the text in it; an empty one: all. */
void help_search(struct help *help, const char *text);

/* Acts on a request while the help is open: scrolls, or closes it. False for a request that is not
 * its business. */
bool help_act(struct help *help, enum request request);

/* Draws the help; keeps `first` within what there is to see. */
void help_draw(struct help *help, struct canvas *canvas, const struct look *look);

#endif
