// SPDX-License-Identifier: MIT
/*
 * How many colours of the terminal are in use, and the pairs of them that ncurses knows: made when
 * a style first needs them, kept as long as the screen is open. Used by screen.c, after newterm().
 */
#ifndef FMNIST_TUI_PAIRS_H
#define FMNIST_TUI_PAIRS_H

#include <stdbool.h>

#include "tui/canvas.h"

/* Zeroed, it has no colours. */
struct pairs {
    int colors;                              /* 0, 8, 16, 256 or LOOK_TRUE_COLOR */
    bool started;                            /* ncurses has been told to use colours */
    int made;                                /* pairs that ncurses knows, from 1 on */
    short numbers[PAINT_COUNT][PAINT_COUNT]; /* [foreground][background]; 0: not known yet */
};

/* Uses as many colours as the terminal has and `limit` allows. */
void pairs_choose(struct pairs *pairs, int limit);

/* The pair of colours for a style; 0, the terminal's own, without colours and when pairs run out.
 */
short pairs_of(struct pairs *pairs, struct style style, bool light_background);

#endif
