// SPDX-License-Identifier: MIT
/* Keys from ncurses, in the numbering of keys.h. Used by screen.c only. */
#ifndef FMNIST_TUI_KEYBOARD_H
#define FMNIST_TUI_KEYBOARD_H

#include <curses.h>
#include <stdint.h>

/* The next key of a window in keypad and nodelay mode, KEYS_NONE when none is waiting. Alt with a
 * key and escape sequences that terminfo does not name give KEYS_OTHER, as a whole: their letters
 * must not act as keys. */
uint32_t keyboard_read(WINDOW *window);

#endif
