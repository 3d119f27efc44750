// SPDX-License-Identifier: MIT
#include "tui/pairs.h"

#include <curses.h>
#include <string.h>

#include "tui/look.h"
#include "tui/palette.h"
#include "tui/terminfo.h"

/* From many to few. */
static const int DEPTHS[] = {LOOK_TRUE_COLOR, 256, 16, 8};

/* Lets ncurses begin with colours, which writes to the terminal: not before any are wanted. */
static bool start(struct pairs *pairs)
{
    if (!pairs->started)
        pairs->started = has_colors() && start_color() == OK && use_default_colors() == OK;
    return pairs->started;
}

/* Whether the terminal has that many colours. Where colours are 24-bit numbers only the first eight
 * are as everywhere. */
static bool has_depth(int depth)
{
    if (terminfo_has_true_color())
        return depth == LOOK_TRUE_COLOR || depth == 8;
    return depth <= COLORS && depth != LOOK_TRUE_COLOR;
}

void pairs_choose(struct pairs *pairs, int limit)
{
    pairs->colors = 0;
    memset(pairs->numbers, 0, sizeof pairs->numbers);
    if (limit < 8 || !start(pairs))
        return;
    for (size_t index = 0; index < sizeof DEPTHS / sizeof *DEPTHS; index++) {
        if (DEPTHS[index] <= limit && has_depth(DEPTHS[index])) {
            pairs->colors = DEPTHS[index];
            return;
        }
    }
}

/* Colours of 24 bits, and pairs past the 255 that COLOR_PAIR() can tell, need ncurses' extended
 * calls. */
static bool define_pair(int pair, int foreground, int background)
{
#if NCURSES_EXT_COLORS
    return init_extended_pair(pair, foreground, background) == OK;
#else
    return foreground <= INT16_MAX && background <= INT16_MAX &&
           init_pair((short)pair, (short)foreground, (short)background) == OK;
#endif
}

static bool pair_is(int pair, int foreground, int background)
{
#if NCURSES_EXT_COLORS
    int made_foreground, made_background;
    bool known = extended_pair_content(pair, &made_foreground, &made_background) == OK;
#else
    short made_foreground, made_background;
    bool known = pair_content((short)pair, &made_foreground, &made_background) == OK;
#endif
    return known && made_foreground == foreground && made_background == background;
}

short pairs_of(struct pairs *pairs, struct style style, bool light_background)
{
    short *number = &pairs->numbers[style.foreground][style.background];
    if (*number != 0 || pairs->colors == 0)
        return *number;
    int foreground = palette_color(style.foreground, pairs->colors, light_background);
    int background = palette_color(style.background, pairs->colors, light_background);
    if (foreground == PALETTE_DEFAULT && background == PALETTE_DEFAULT)
        return 0;
    for (int made = 1; made <= pairs->made; made++)
        if (pair_is(made, foreground, background))
            return *number = (short)made;
    int next = pairs->made + 1;
    if (next >= COLOR_PAIRS || next >= INT16_MAX || !define_pair(next, foreground, background))
        return 0;
    pairs->made = next;
    return *number = (short)next;
}
