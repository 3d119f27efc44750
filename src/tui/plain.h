// SPDX-License-Identifier: MIT
/*
 * The program without screens for people who listen to it or read it in braille: one sentence an
 * event, below one another, and the same keys, each at once on a terminal, line by line from
 * anything else. Runs on the main thread.
 */
#ifndef FMNIST_TUI_PLAIN_H
#define FMNIST_TUI_PLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "fmnist/base/error.h"
#include "fmnist/train/trainer.h"
#include "tui/app.h"

/* Runs until the user quits, a signal ends it, or training and input have both ended. Writes to
 * `out`, reads keys from stdin, whose settings it changes meanwhile where it is a terminal. As with
 * app_run() the trainer stays the caller's. */
bool plain_run(struct session session, FILE *out, struct app_result *result, struct error *err);

#endif
