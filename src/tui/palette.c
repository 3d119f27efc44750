// SPDX-License-Identifier: MIT
/*
 * The colours of the series are those of Okabe and Ito ("Color universal design", 2008), which eyes
 * of every kind tell apart, in the nearest entries of xterm's table of 256, darker where the
 * background is light. Of 16 and 8 colours light backgrounds get the dark ones, since yellow, cyan
 * and green vanish on them.
 */
#include "tui/palette.h"

#include <curses.h>

#include "tui/look.h"

enum { BRIGHT = 8, NONE = PALETTE_DEFAULT };

/* On a dark and on a light background. */
struct shades {
    int dark, light;
};

struct palette_entry {
    struct shades many;    /* of 256 */
    struct shades sixteen; /* of 16 */
    struct shades eight;   /* of 8 */
};

static const struct palette_entry ENTRIES[] = {
    [PAINT_DEFAULT] = {{NONE, NONE}, {NONE, NONE}, {NONE, NONE}},
    [PAINT_TITLE] = {{NONE, NONE}, {NONE, NONE}, {NONE, NONE}},
    [PAINT_RULE] = {{244, 245}, {COLOR_BLACK + BRIGHT, COLOR_BLACK + BRIGHT}, {NONE, NONE}},
    [PAINT_FAINT] = {{245, 243}, {COLOR_WHITE, COLOR_BLACK + BRIGHT}, {NONE, NONE}},
    [PAINT_ACCENT] = {{175, 132},
                      {COLOR_MAGENTA + BRIGHT, COLOR_MAGENTA},
                      {COLOR_MAGENTA, COLOR_MAGENTA}},
    [PAINT_TRAIN] = {{74, 25}, {COLOR_CYAN + BRIGHT, COLOR_BLUE}, {COLOR_CYAN, COLOR_BLUE}},
    [PAINT_VALIDATION] = {{214, 130},
                          {COLOR_YELLOW + BRIGHT, COLOR_RED},
                          {COLOR_YELLOW, COLOR_RED}},
    [PAINT_BEST] = {{227, 94}, {COLOR_YELLOW + BRIGHT, COLOR_RED}, {COLOR_YELLOW, COLOR_RED}},
    [PAINT_GHOST] = {{240, 249}, {COLOR_BLACK + BRIGHT, COLOR_WHITE}, {COLOR_BLUE, COLOR_CYAN}},
    [PAINT_GOOD] = {{36, 29}, {COLOR_GREEN + BRIGHT, COLOR_GREEN}, {COLOR_GREEN, COLOR_BLUE}},
    [PAINT_WARNING] = {{214, 130},
                       {COLOR_YELLOW + BRIGHT, COLOR_MAGENTA},
                       {COLOR_YELLOW, COLOR_MAGENTA}},
    [PAINT_BAD] = {{202, 160}, {COLOR_RED + BRIGHT, COLOR_RED}, {COLOR_RED, COLOR_RED}},
};

/* From weak to strong: orange gaining strength, the direction that reads with reduced colour too
 * because it brightens (or, on a light background, darkens) all the way. */
static const struct shades HEATS[PAINT_HEATS] = {{240, 250}, {243, 247}, {137, 180}, {173, 173},
                                                 {172, 172}, {208, 166}, {214, 130}, {220, 88}};

static int choose(struct shades shades, bool light_background)
{
    return light_background ? shades.light : shades.dark;
}

static int heat_color(int heat, int colors, bool light_background)
{
    static const struct shades middle = {COLOR_YELLOW, COLOR_MAGENTA};
    if (colors >= 256)
        return choose(HEATS[heat], light_background);
    if (heat < PAINT_HEATS / 2)
        return PALETTE_DEFAULT;
    return heat < PAINT_HEATS * 3 / 4 ? choose(middle, light_background) : COLOR_RED;
}

/* 256: the cube's black and white around the ramp of 24 greys. 16: black, dark grey, light grey,
 * white. 8: black and light grey. */
static int grey_color(int grey, int colors)
{
    static const int four[] = {COLOR_BLACK, COLOR_BLACK + BRIGHT, COLOR_WHITE,
                               COLOR_WHITE + BRIGHT};
    if (colors >= 256) {
        if (grey == 0)
            return 16;
        return grey == PAINT_GREYS - 1 ? 231 : 231 + grey;
    }
    if (colors >= 16)
        return four[grey * 4 / PAINT_GREYS];
    return grey < PAINT_GREYS / 2 ? COLOR_BLACK : COLOR_WHITE;
}

/* An entry, from 16 on, of xterm's table of 256 as red, green and blue: a cube of 6x6x6 colours and
 * a ramp of greys (256colres.pl of xterm). The first eight numbers mean the terminal's own colours
 * even here, so that black is the darkest blue that is none of them. */
static int true_color(int entry)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    if (entry >= 232)
        return (8 + 10 * (entry - 232)) * 0x010101;
    int cube = entry - 16;
    int color = levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6];
    return color < BRIGHT ? BRIGHT : color;
}

/* Of 256 where there are more. */
static int indexed_color(enum paint paint, int colors, bool light_background)
{
    if (paint >= PAINT_GREY)
        return grey_color((int)(paint - PAINT_GREY), colors);
    if (paint >= PAINT_HEAT)
        return heat_color((int)(paint - PAINT_HEAT), colors, light_background);
    const struct palette_entry *entry = &ENTRIES[paint];
    if (colors < 16)
        return choose(entry->eight, light_background);
    return choose(colors < 256 ? entry->sixteen : entry->many, light_background);
}

int palette_color(enum paint paint, int colors, bool light_background)
{
    int color = indexed_color(paint, colors, light_background);
    return colors == LOOK_TRUE_COLOR && color != PALETTE_DEFAULT ? true_color(color) : color;
}
