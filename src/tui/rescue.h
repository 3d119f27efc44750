// SPDX-License-Identifier: MIT
/*
 * What it takes to give a terminal back from within a signal handler: filled in beforehand by
 * screen.c, used by the crash handler in signals.c with async-signal-safe calls only.
 */
#ifndef FMNIST_TUI_RESCUE_H
#define FMNIST_TUI_RESCUE_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "fmnist/base/error.h"

enum { RESCUE_SEQUENCE_SIZE = 256 };

struct rescue {
    int terminal;          /* where the screen is written; -1: there is no screen to leave */
    struct termios before; /* the terminal's settings before the screen */
    char sequence[RESCUE_SEQUENCE_SIZE]; /* attributes off, cursor on, normal screen */
    size_t sequence_length;
    int log; /* the file that collects stray output, open for reading and writing; or -1 */
    int standard_output, standard_error; /* copies of descriptors 1 and 2 as they were; or -1 */
};

/* Restores the terminal and descriptors 1 and 2, and copies the log to standard error; the process
 * can draw no more. Async-signal-safe, and may be called on any thread. */
void rescue_terminal(const struct rescue *rescue);

/* Turns descriptor 1, and descriptor 2 where it is a terminal, to a file, so that what anything
 * else in the process prints cannot spoil the screen. */
bool rescue_capture_output(struct rescue *rescue, struct error *err);

/* Turns them back, prints the file on standard error, and forgets it. */
void rescue_release_output(struct rescue *rescue);

#endif
