// SPDX-License-Identifier: MIT
/* What the terminal can show, as far as drawing has to know. */
#ifndef FMNIST_TUI_LOOK_H
#define FMNIST_TUI_LOOK_H

#include <stdbool.h>

/* Sets of characters past ASCII, each for itself: a terminal may give two columns to some. */
enum glyph_set {
    GLYPHS_ASCII = 0,
    GLYPHS_LINES = 1,   /* frames and axes */
    GLYPHS_BLOCKS = 2,  /* pictures, bars, sparklines */
    GLYPHS_BRAILLE = 4, /* curves */
    GLYPHS_SIGNS = 8,   /* marks, arrows, signs of arithmetic */
    GLYPHS_UTF8 = GLYPHS_LINES | GLYPHS_BLOCKS | GLYPHS_BRAILLE | GLYPHS_SIGNS,
};

/* Colours given as 24 bits: 8 each of red, green and blue. */
enum { LOOK_TRUE_COLOR = 1 << 24 };

struct look {
    unsigned glyphs;       /* the sets in use, enum glyph_set */
    int colors;            /* 0 (none), 8, 16, 256 or LOOK_TRUE_COLOR */
    bool reverse;          /* there is reverse video */
    bool light_background; /* pictures are inverted then */
    bool inverted;         /* the other way round, as the user wants it */
    bool fit;              /* pictures are cropped to their ink and stretched to full contrast */
};

#endif
