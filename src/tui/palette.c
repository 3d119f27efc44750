// SPDX-License-Identifier: MIT
/*
 * The colours of the series are those of Okabe and Ito ("Color universal design", 2008), which eyes
 * of every kind tell apart, in the nearest entries of xterm's table of 256, darker where the
 * background is light.
 */
#include "tui/palette.h"

#include <curses.h>

struct palette_entry {
    int dark, light; /* of 256, on a dark and on a light background */
    int basic;       /* of 8 */
};

static const struct palette_entry ENTRIES[] = {
    [PAINT_DEFAULT] = {PALETTE_DEFAULT, PALETTE_DEFAULT, PALETTE_DEFAULT},
    [PAINT_TITLE] = {PALETTE_DEFAULT, PALETTE_DEFAULT, PALETTE_DEFAULT},
    [PAINT_RULE] = {244, 245, PALETTE_DEFAULT},
    [PAINT_FAINT] = {245, 243, PALETTE_DEFAULT},
    [PAINT_ACCENT] = {175, 132, COLOR_MAGENTA},
    [PAINT_TRAIN] = {74, 25, COLOR_CYAN},
    [PAINT_VALIDATION] = {214, 130, COLOR_YELLOW},
    [PAINT_BEST] = {227, 94, COLOR_YELLOW},
    [PAINT_GHOST] = {240, 249, COLOR_BLUE},
    [PAINT_GOOD] = {36, 29, COLOR_GREEN},
    [PAINT_WARNING] = {214, 130, COLOR_YELLOW},
    [PAINT_BAD] = {202, 160, COLOR_RED},
};

/* From weak to strong: orange gaining strength, the direction that reads with reduced colour too
 * because it brightens (or, on a light background, darkens) all the way. */
static const int HEATS_DARK[PAINT_HEATS] = {240, 243, 137, 173, 172, 208, 214, 220};
static const int HEATS_LIGHT[PAINT_HEATS] = {250, 247, 180, 173, 172, 166, 130, 88};

static int heat_color(int heat, int colors, bool light_background)
{
    if (colors >= 256)
        return light_background ? HEATS_LIGHT[heat] : HEATS_DARK[heat];
    if (heat < PAINT_HEATS / 2)
        return PALETTE_DEFAULT;
    return heat < PAINT_HEATS * 3 / 4 ? COLOR_YELLOW : COLOR_RED;
}

/* 256: the cube's black and white around the ramp of 24 greys. 16: black, dark grey, light grey,
 * white. 8: black and light grey. */
static int grey_color(int grey, int colors)
{
    static const int four[] = {COLOR_BLACK, COLOR_BLACK + 8, COLOR_WHITE, COLOR_WHITE + 8};
    if (colors >= 256) {
        if (grey == 0)
            return 16;
        return grey == PAINT_GREYS - 1 ? 231 : 231 + grey;
    }
    if (colors >= 16)
        return four[grey * 4 / PAINT_GREYS];
    return grey < PAINT_GREYS / 2 ? COLOR_BLACK : COLOR_WHITE;
}

int palette_color(enum paint paint, int colors, bool light_background)
{
    if (paint >= PAINT_GREY)
        return grey_color((int)(paint - PAINT_GREY), colors);
    if (paint >= PAINT_HEAT)
        return heat_color((int)(paint - PAINT_HEAT), colors, light_background);
    if (colors < 256)
        return ENTRIES[paint].basic;
    return light_background ? ENTRIES[paint].light : ENTRIES[paint].dark;
}
