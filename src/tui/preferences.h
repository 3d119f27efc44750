// SPDX-License-Identifier: MIT
/*
 * What the user chose on the screen and finds again at the next start: characters and colours. Kept
 * in $XDG_STATE_HOME/fmnist-tui/screen (XDG Base Directory Specification), one "name = value" a
 * line, with the names and values of the options.
 */
#ifndef FMNIST_TUI_PREFERENCES_H
#define FMNIST_TUI_PREFERENCES_H

#include <stdbool.h>

#include "fmnist/base/error.h"
#include "tui/app.h"

struct preferences {
    enum app_glyphs glyphs;
    int colors; /* 0, 8, 16, 256, LOOK_TRUE_COLOR, or SCREEN_COLORS_AUTO: no choice */
};

/* Reads them. Whatever is not there, cannot be read or makes no sense is as if nothing was chosen.
 */
struct preferences preferences_read(void);

/* Replaces the file as a whole; false with `err` set where that is not possible. */
bool preferences_write(const struct preferences *preferences, struct error *err);

#endif
