// SPDX-License-Identifier: MIT
/*
 * The whole screen on a staged run, without a terminal: pressing keys, and comparing what is drawn
 * with stored pictures in tests/tui/golden/. After a wanted change, FMNIST_GOLDEN=update make check
 * writes them anew: look at the difference before it is committed.
 */
#ifndef FMNIST_TESTS_TUI_SESSION_H
#define FMNIST_TESTS_TUI_SESSION_H

#include "staged.h"
#include "tui/frame.h"

extern const struct look SESSION_UTF8;       /* 256 colours */
extern const struct look SESSION_UTF8_PLAIN; /* none */
extern const struct look SESSION_ASCII_PLAIN;

struct session {
    struct staged *staged;
    struct frame frame;
};

/* A picture of the screen. */
struct session_screen {
    const char *name;
    int rows, columns;
    const struct look *look;
};

/* All views on a run staged after `steps` steps; the first view is shown. */
struct session *session_open(size_t steps);
void session_close(struct session *session);

/* Asks what a key would ask for; fails the test where nobody knows it. */
void session_press(struct session *session, enum request request);

/* The screen as text, for the caller to free. */
char *session_draw(struct session *session, int rows, int columns);

/* Fails the test unless the screen holds the text. */
void session_expect(struct session *session, int rows, int columns, const char *text);

/* Fails the test unless the screen is the stored one of that name and size. */
void session_check(struct session *session, const struct session_screen *screen);

/* Fails the test unless the text is the stored one of that name. */
void session_compare(const char *name, const char *drawn);

/* Draws the screen in all kinds of sizes from 1x1 to 300x100. */
void session_draw_all_sizes(struct session *session);

#endif
