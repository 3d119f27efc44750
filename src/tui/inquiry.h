// SPDX-License-Identifier: MIT
/*
 * Asks the terminal what no description tells: how many columns it gives to our characters, how
 * light its background is, whether it can show a frame at once. Waits for answers 100 ms at most,
 * and less where the terminal is quick; what comes later is known to keyboard.c, which drops it.
 *
 * Used by screen.c, with the terminal in raw mode and on the screen that will be ours.
 */
#ifndef FMNIST_TUI_INQUIRY_H
#define FMNIST_TUI_INQUIRY_H

#include <stdbool.h>
#include <stddef.h>

enum { INQUIRY_TYPED_MAX = 64 };

/* What to ask. */
struct inquiry_wish {
    bool glyphs; /* which sets of characters are one column wide? */
    bool background;
    bool frames; /* synchronized output, mode 2026 */
};

struct inquiry {
    bool answered;   /* all questions that every terminal answers */
    unsigned glyphs; /* the sets (look.h) that are one column wide, or nobody said otherwise */
    bool background_known, background_light;
    bool frames;
    unsigned char typed[INQUIRY_TYPED_MAX]; /* characters that were typed meanwhile */
    size_t typed_count;
};

/* Writes to `output`, reads from `input`; leaves characters on the screen. */
struct inquiry inquiry_make(int input, int output, const struct inquiry_wish *wish);

#endif
