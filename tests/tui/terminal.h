// SPDX-License-Identifier: MIT
/*
 * A terminal for tests: the program under test runs on a pseudo terminal, as a shell would start
 * it, and libvterm makes a screen of what it writes. Every wait is for a condition, with a
 * deadline; one that is not met fails the test and prints the screen.
 */
#ifndef FMNIST_TESTS_TUI_TERMINAL_H
#define FMNIST_TESTS_TUI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <vterm.h>

/* The thread sanitizer makes training ten times slower. */
#ifdef __SANITIZE_THREAD__
enum { TERMINAL_DEADLINE_SECONDS = 300 };
#else
enum { TERMINAL_DEADLINE_SECONDS = 30 };
#endif

struct terminal_settings {
    const char *const *arguments; /* program first, NULL last */
    const char *command;          /* for dashboard.h; NULL: dashboard */
    int rows, columns;
    const char *type;   /* TERM; NULL: unset */
    const char *locale; /* LC_ALL */
    const char *state;  /* XDG_STATE_HOME; NULL: none that can be written */
    bool no_color;      /* NO_COLOR=1 */
    bool input_is_not_a_terminal;
    bool silent; /* the terminal answers no questions */
};

struct terminal;

/* Whether this machine gives out pseudo terminals; tests are skipped where it does not. */
bool terminal_possible(void);

struct terminal *terminal_start(const struct terminal_settings *settings);

/* Ends what still runs, frees all. */
void terminal_end(struct terminal *terminal);

void terminal_send(struct terminal *terminal, const char *bytes, size_t size);
void terminal_type(struct terminal *terminal, const char *text);
void terminal_resize(struct terminal *terminal, int rows, int columns);

/* Waits for a text on the screen, and presses the mouse's first button on its first cell, in the
 * form of mode 1006. */
void terminal_click(struct terminal *terminal, const char *text);

/* Sends the program a signal, as kill(1) would. */
void terminal_signal(struct terminal *terminal, int number);
pid_t terminal_process(const struct terminal *terminal);

/* What is on the screen: lines with trailing spaces removed. Valid until the next call. */
const char *terminal_text(struct terminal *terminal);
VTermScreenCell terminal_cell(struct terminal *terminal, int row, int column);

/* Makes a cell's colour one of red, green and blue. */
void terminal_color(struct terminal *terminal, VTermColor *color);

/* Writes over the screen behind the program's back, as another program would. */
void terminal_spoil(struct terminal *terminal);

/* Puts the settings from before the start, as a shell does while the program is stopped. */
void terminal_reset_settings(struct terminal *terminal);

/* Whether the program has switched off line editing and echo. */
bool terminal_is_raw(const struct terminal *terminal);

/* Everything the program wrote since the start, as it came. */
const char *terminal_bytes(const struct terminal *terminal, size_t *size);

/* Waits until `met` says so; `what` names it in the message of a failure. */
typedef bool (*terminal_condition)(struct terminal *terminal, void *context);
void terminal_await(struct terminal *terminal, const char *what, terminal_condition met,
                    void *context);

/* Waits until the text is on the screen; until it is not. */
void terminal_await_text(struct terminal *terminal, const char *text);
void terminal_await_no_text(struct terminal *terminal, const char *text);

/* Waits until the program has written these bytes. */
void terminal_await_bytes(struct terminal *terminal, const char *bytes);

/* Waits until the program stops, or goes on. */
void terminal_await_stop(struct terminal *terminal);
void terminal_await_continue(struct terminal *terminal);

/* Waits for the end; returns the status as waitpid() gives it. */
int terminal_await_end(struct terminal *terminal);

/* Fails unless the terminal's settings are those from before the start. */
void terminal_check_restored(struct terminal *terminal);

/* Pulls the plug: the program's terminal is gone from then on. */
void terminal_hang_up(struct terminal *terminal);

#endif
