// SPDX-License-Identifier: MIT
/* Modes of the terminal that ncurses does not know of: the mouse, marked pastes, whole frames.
 * Used by screen.c. */
#ifndef FMNIST_TUI_MODES_H
#define FMNIST_TUI_MODES_H

#include <stdbool.h>

/* Sends the whole text to the terminal, or as much as it takes. */
void modes_send(int terminal, const char *text);

/* Clicks and the wheel, not motion, are sent as keys from now on (modes 1000 and 1006), or no more.
 */
void modes_set_mouse(int terminal, bool on);

/* Pasted text is marked as such (mode 2004). */
void modes_set_paste(int terminal, bool on);

/* What is written between these two shows at once (mode 2026). */
void modes_begin_frame(int terminal);
void modes_end_frame(int terminal);

/* The sequence that ends all of them. */
extern const char MODES_END[];

#endif
