// SPDX-License-Identifier: MIT
/*
 * A question over the view. An open dialog is a state, nothing that waits: the main loop goes on,
 * draws it last and gives it the keys. The focus begins on the harmless answer, so that a stray
 * Enter does no damage.
 */
#ifndef FMNIST_TUI_DIALOG_H
#define FMNIST_TUI_DIALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/look.h"

enum dialog_kind {
    DIALOG_CLOSED,
    DIALOG_QUIT,  /* a run of which nothing is kept, */
    DIALOG_LEAVE, /* or one that is in the store */
    DIALOG_RESTART,
    DIALOG_DELETE,
};

enum dialog_answer {
    DIALOG_UNDECIDED,
    DIALOG_YES,
    DIALOG_NO,
};

enum { DIALOG_TEXT_SIZE = 96 };

struct dialog {
    enum dialog_kind kind;
    bool yes_focused;
    char text[DIALOG_TEXT_SIZE]; /* what the question is about */
};

/* Opens a dialog; `text` (printf-like) says what the question is about. */
void dialog_open(struct dialog *dialog, enum dialog_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes a key. Any answer but DIALOG_UNDECIDED closes the dialog. */
enum dialog_answer dialog_press(struct dialog *dialog, uint32_t key);

void dialog_draw(const struct dialog *dialog, struct canvas *canvas, const struct look *look);

#endif
