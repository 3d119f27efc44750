// SPDX-License-Identifier: MIT
/* What the terminal can show, as far as drawing has to know. */
#ifndef FMNIST_TUI_LOOK_H
#define FMNIST_TUI_LOOK_H

#include <stdbool.h>

enum glyph_set {
    GLYPHS_ASCII,
    GLYPHS_UTF8, /* lines, blocks, braille */
};

struct look {
    enum glyph_set glyphs;
    int colors;            /* 0 (none), 8, 16 or 256 */
    bool light_background; /* pictures are inverted then */
};

#endif
