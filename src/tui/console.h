// SPDX-License-Identifier: MIT
/*
 * The commands that are typed after `:`. One table holds name, argument and help of each; parser,
 * completion, the help on the screen and (by a test) the man page read it. A name may be cut as
 * long as it stays the only one that begins so. Main thread only; needs no terminal.
 */
#ifndef FMNIST_TUI_CONSOLE_H
#define FMNIST_TUI_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/editor.h"
#include "tui/request.h"
#include "tui/steering.h"

enum { CONSOLE_HINT_SIZE = 256 };

struct console_command {
    const char *name;     /* "lr" */
    const char *argument; /* "RATE"; NULL: it takes none */
    const char *help;     /* one line: what it does */

    /* What it asks for, as a key would; REQUEST_NONE where it is to be run. */
    enum request request;

    /* Carries it out with its argument and sets the notice. */
    void (*run)(struct steering *steering, const struct snapshot *snapshot, const char *argument);

    /* What the argument may be, for completion; NULL past the end. NULL: anything. */
    const char *(*choice)(size_t index);
};

/* The table; NULL past its end. */
const struct console_command *console_command(size_t index);

/* Carries out a line, or sets a notice that says what is wrong with it. Returns the request that it
 * stands for, which is the caller's to act on, or REQUEST_NONE. */
enum request console_run(const char *line, struct steering *steering,
                         const struct snapshot *snapshot);

/* Completes the name, or the argument where it is one of a few, as far as that is clear. */
void console_complete(struct editor *editor);

/* Writes what the line may become: the command's argument and help, or the names that begin so.
 * `hint` has room for CONSOLE_HINT_SIZE bytes. */
void console_hint(const char *line, char *hint);

#endif
