// SPDX-License-Identifier: MIT
/* What the terminal can show, as far as drawing has to know. */
#ifndef FMNIST_TUI_LOOK_H
#define FMNIST_TUI_LOOK_H

#include <stdbool.h>

enum glyph_set {
    GLYPHS_ASCII,
    GLYPHS_UTF8, /* lines, blocks, braille */
};

/* Colours given as 24 bits: 8 each of red, green and blue. */
enum { LOOK_TRUE_COLOR = 1 << 24 };

struct look {
    enum glyph_set glyphs;
    int colors;            /* 0 (none), 8, 16, 256 or LOOK_TRUE_COLOR */
    bool light_background; /* pictures are inverted then */
    bool inverted;         /* the other way round, as the user wants it */
    bool fit;              /* pictures are cropped to their ink and stretched to full contrast */
};

#endif
