// SPDX-License-Identifier: MIT
/* The program under test, on its embedded sample, in a test's terminal. */
#ifndef FMNIST_TESTS_TUI_DASHBOARD_H
#define FMNIST_TESTS_TUI_DASHBOARD_H

#include "terminal.h"

/* cmocka's teardown: ends the terminal that a test stored in *state. */
int dashboard_teardown(void **state);

/* Starts the program at 80x24 (unless `settings` says otherwise; its arguments come after those
 * that are set here, other members left zero get xterm-256color and C.UTF-8) and stores the
 * terminal in *state. */
struct terminal *dashboard_start(void **state, struct terminal_settings settings);

/* The same, and waits for the first frame; for the first training steps. */
struct terminal *dashboard_open(void **state, struct terminal_settings settings);
struct terminal *dashboard_train(void **state);

/* The figures on the screen; negative where there is none. */
long dashboard_step(struct terminal *terminal);
double dashboard_loss(struct terminal *terminal);

/* Skips the whole program (exit status 77) where there are no pseudo terminals. */
void dashboard_skip_without_terminals(void);

#endif
