// SPDX-License-Identifier: MIT
/* What the terminal's description says, apart from what ncurses makes of it. Used by screen.c, and
 * where there is no screen by print.c. */
#ifndef FMNIST_TUI_TERMINFO_H
#define FMNIST_TUI_TERMINFO_H

#include <stdbool.h>

#include "fmnist/base/error.h"
#include "tui/rescue.h"

/* Whether there is a terminal on stdin and stdout, of a type that can show screens; else false with
 * `err` set. Leaves no trace on the terminal. */
bool terminfo_check(struct error *err);

/* Fills in the sequence that leaves the screen, with what ends `modes` first; after newterm(). */
void terminfo_plan_rescue(struct rescue *rescue, const char *modes);

/* Whether the terminal has a mouse, as those have that descend from xterm; whether it can say where
 * its cursor is; after newterm(). */
bool terminfo_has_mouse(void);
bool terminfo_has_reverse(void);
bool terminfo_has_cursor_report(void);

/* Whether colours are numbers of 24 bits, 8 each of red, green and blue; after newterm(). */
bool terminfo_has_true_color(void);

/* The colours of the terminal that TERM names: 0, 8, 16, 256 or LOOK_TRUE_COLOR; 0 where it is not
 * known. Not while a screen is open. */
int terminfo_colors(int descriptor);

/* Whether the environment says that the background is light, as some terminals do in COLORFGBG. */
bool terminfo_light_background(void);

/* Whether the terminal has a second screen, so that leaving brings back the first; after newterm().
 */
bool terminfo_has_alternate_screen(void);

#endif
