// SPDX-License-Identifier: MIT
/*
 * The line at the bottom in which the user types: a command after `:`, a filter or, in the help, a
 * search after `/`, a name for a run. Like a dialog it is a state, nothing that waits: while it is
 * open the main loop gives it the keys. Each kind has a history of its own. Main thread only.
 */
#ifndef FMNIST_TUI_PROMPT_H
#define FMNIST_TUI_PROMPT_H

#include <stdint.h>

#include "tui/canvas.h"
#include "tui/editor.h"

enum prompt_kind {
    PROMPT_CLOSED,
    PROMPT_COMMAND,
    PROMPT_FILTER,
    PROMPT_SEARCH,
    PROMPT_RUNS, /* a filter of stored runs */
    PROMPT_NAME, /* of a stored run */
    PROMPT_KINDS,
};

enum prompt_event {
    PROMPT_GOES_ON,
    PROMPT_ACCEPTED, /* the line is in prompt->editor.text */
    PROMPT_LEFT,
    PROMPT_COMPLETE, /* a filter, which takes the names of the classes: the caller may replace it */
};

enum { PROMPT_COMPLAINT_SIZE = 128 };

/* Zeroed, it is closed and all histories are empty. */
struct prompt {
    enum prompt_kind kind;
    struct editor editor;
    struct editor_lines lines[PROMPT_KINDS];
    char complaint[PROMPT_COMPLAINT_SIZE]; /* what is wrong with the line; goes with the next key */
};

/* Opens it with a text to begin with. */
void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *text);

/* Opens it again after a line that makes no sense, with why in the row above. */
void prompt_complain(struct prompt *prompt, enum prompt_kind kind, const char *complaint);

/* Takes a key; PROMPT_ACCEPTED and PROMPT_LEFT close it. */
enum prompt_event prompt_press(struct prompt *prompt, uint32_t key);

/* Draws it into a row, with what the line means so far; nothing where it is closed. */
void prompt_draw(const struct prompt *prompt, struct canvas *canvas, int row);

#endif
