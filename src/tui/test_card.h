// SPDX-License-Identifier: MIT
/* What was found out about the terminal, and each glyph set and colour as it comes out there: for
 * reports of errors. */
#ifndef FMNIST_TUI_TEST_CARD_H
#define FMNIST_TUI_TEST_CARD_H

#include <stdio.h>

#include "tui/app.h"

/* Opens the screen as app_run() would, asks the terminal, closes it, and writes to `out`. */
void test_card_write(FILE *out, const struct app_settings *settings);

#endif
