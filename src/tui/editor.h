// SPDX-License-Identifier: MIT
/*
 * A line of text that is being typed, with the keys that shells have: arrows, Home, End, Ctrl-A, E,
 * B, F, D, K, U, W, Backspace, and a history. Needs no terminal. Main thread only.
 */
#ifndef FMNIST_TUI_EDITOR_H
#define FMNIST_TUI_EDITOR_H

#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

enum { EDITOR_SIZE = 256, EDITOR_LINES_MAX = 32 };

/* The lines that were accepted before, oldest first. Zeroed, it is empty. */
struct editor_lines {
    char lines[EDITOR_LINES_MAX][EDITOR_SIZE];
    size_t count;
};

/* Zeroed, it is an empty line. */
struct editor {
    char text[EDITOR_SIZE];  /* UTF-8 */
    size_t cursor;           /* byte in `text`, at the start of a character */
    size_t back;             /* so many lines back in the history; 0: what was typed */
    char typed[EDITOR_SIZE]; /* kept while the history is looked through */
};

enum editor_event {
    EDITOR_GOES_ON,
    EDITOR_COMPLETE, /* Tab: the caller may replace the text */
    EDITOR_ACCEPTED, /* Enter */
    EDITOR_LEFT,     /* Escape, or Backspace on an empty line */
};

/* Replaces the text; the cursor goes behind it. What does not fit is cut. */
void editor_set(struct editor *editor, const char *text);

/* Takes a key. Those that mean nothing, and characters for which there is no room, do nothing. */
enum editor_event editor_press(struct editor *editor, const struct editor_lines *lines,
                               uint32_t key);

/* Adds a line to the history; an empty one, or the same as the last, is not added. */
void editor_remember(struct editor_lines *lines, const char *text);

/* Draws the line into `area` (one row), scrolled so that the cursor, a cell in reverse, is within;
 * returns the column after it. */
int editor_draw(const struct editor *editor, struct canvas *canvas, struct rect area);

#endif
