// SPDX-License-Identifier: MIT
/* Keys and the mouse from ncurses, in the numbering of keys.h. Used by screen.c only. */
#ifndef FMNIST_TUI_KEYBOARD_H
#define FMNIST_TUI_KEYBOARD_H

#include <curses.h>
#include <stdbool.h>
#include <stdint.h>

struct keyboard {
    WINDOW *window;     /* a pad, since reading from a window refreshes it */
    bool pasting;       /* what comes in is pasted text */
    size_t end_matched; /* bytes of the sequence that ends a paste */
    double pasted_at;   /* clock_seconds() */
    int row, column;    /* where the mouse was last */
};

/* Makes the pad, and takes the mouse from ncurses, which knows only what terminfo says of it. False
 * where memory is short. */
bool keyboard_open(struct keyboard *keyboard);
void keyboard_close(struct keyboard *keyboard);

/* The next key, KEYS_NONE when there is none left. Never waits for longer than it takes to tell
 * Escape from the start of another key. */
uint32_t keyboard_read(struct keyboard *keyboard);

#endif
