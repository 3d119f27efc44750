// SPDX-License-Identifier: MIT
#include "tui/picture.h"

#include <math.h>
#include <stdbool.h>

#include "tui/halftone.h"
#include "tui/ink.h"

enum { PICTURE_MIN = 8, INKS = 12, SHADES = 5, FOUR_GREYS = 4 };

/* ASCII characters with the share of the cell that they ink, of a common 8x8 font, brought to the
 * range from 0 to 1. */
static const struct {
    char character;
    float ink;
} RAMP[INKS] = {{' ', 0.00F}, {'.', 0.10F}, {':', 0.20F}, {';', 0.29F}, {'-', 0.36F}, {'+', 0.45F},
                {'=', 0.53F}, {'o', 0.62F}, {'%', 0.72F}, {'#', 0.82F}, {'0', 0.91F}, {'@', 1.00F}};

/* The share of the cell that the last of them really inks. */
static const float INK_GREATEST = 0.6F;

static const uint32_t SHADE[SHADES] = {' ', 0x2591, 0x2592, 0x2593, 0x2588};

int picture_columns(int rows, int columns)
{
    int size = 2 * rows < columns ? 2 * rows : columns;
    if (size > DATASET_WIDTH)
        size = DATASET_WIDTH;
    return size < PICTURE_MIN ? 0 : size / 2 * 2;
}

bool picture_has_halves(const struct look *look)
{
    return look->glyphs & GLYPHS_BLOCKS && look->colors >= 256;
}

/* How much of [first, first + 1) lies in [low, high). */
static float overlap(float low, float high, int first)
{
    float left = fmaxf(low, (float)first), right = fminf(high, (float)first + 1);
    return right > left ? right - left : 0;
}

float picture_brightness(const struct picture *picture, int columns, int row, int column)
{
    float scale = (float)picture->width / (float)columns, sum = 0, area = 0;
    float top = (float)row * scale, left = (float)column * scale;
    for (int y = (int)top; y < picture->height && (float)y < top + scale; y++) {
        float high = overlap(top, top + scale, y);
        for (int x = (int)left; x < picture->width && (float)x < left + scale; x++) {
            float part = high * overlap(left, left + scale, x);
            sum += part * (float)picture->pixels[y * picture->width + x];
            area += part;
        }
    }
    return area > 0 ? sum / (area * 255) : 0;
}

static int nearest_ink(float ink)
{
    int best = 0;
    for (int index = 1; index < INKS; index++) {
        if (fabsf(RAMP[index].ink - ink) < fabsf(RAMP[best].ink - ink))
            best = index;
    }
    return best;
}

/* The character of the nearest ink; with reverse video there are twice as many: the darkest of them
 * in reverse is as bright as the brightest is without. */
static void draw_ink(struct canvas *canvas, struct rect clip, int row, int column, float mean,
                     bool reverse)
{
    int normal = nearest_ink(reverse ? mean / INK_GREATEST : mean);
    int turned = nearest_ink((1 - mean) / INK_GREATEST);
    bool turn = reverse && fabsf(1 - RAMP[turned].ink * INK_GREATEST - mean) <
                               fabsf(RAMP[normal].ink * INK_GREATEST - mean);
    canvas_put(canvas, clip, row, column, (uint32_t)RAMP[turn ? turned : normal].character,
               (struct style){.attributes = turn ? CELL_REVERSE : 0});
}

static uint8_t grey(float brightness)
{
    return (uint8_t)(PAINT_GREY + (int)(brightness * (PAINT_GREYS - 1) + 0.5F));
}

/* The nearest of the four greys that 16 colours have, after an ordered dither (Bayer's matrix of
 * 2x2): in the mean of four pixels there are thirteen. */
static uint8_t dithered_grey(float brightness, int row, int column)
{
    static const float offsets[2][2] = {{-0.375F, 0.125F}, {0.375F, -0.125F}};
    int level = (int)(brightness * (FOUR_GREYS - 1) + offsets[row % 2][column % 2] + 0.5F);
    level = level < 0 ? 0 : level >= FOUR_GREYS ? FOUR_GREYS - 1 : level;
    return (uint8_t)(PAINT_GREY + level * (PAINT_GREYS - 1) / (FOUR_GREYS - 1));
}

/* One cell with the brightness of its upper and its lower half, which is negative where the picture
 * has ended. */
static void draw_cell(struct canvas *canvas, struct rect clip, int row, int column, float upper,
                      float lower, const struct look *look)
{
    float mean = lower < 0 ? upper : (upper + lower) / 2;
    if (!(look->glyphs & GLYPHS_BLOCKS))
        draw_ink(canvas, clip, row, column, mean, look->reverse);
    else if (look->colors < 16)
        canvas_put(canvas, clip, row, column, SHADE[(int)(mean * (SHADES - 1) + 0.5F)],
                   (struct style){0});
    else if (look->colors < 256)
        canvas_put(canvas, clip, row, column, 0x2580,
                   (struct style){.foreground = dithered_grey(upper, 0, column),
                                  .background =
                                      lower < 0 ? PAINT_DEFAULT : dithered_grey(lower, 1, column)});
    else
        canvas_put(canvas, clip, row, column, 0x2580,
                   (struct style){.foreground = grey(upper),
                                  .background = lower < 0 ? PAINT_DEFAULT : grey(lower)});
}

/* Rows of half cells. */
static int half_rows(const struct picture *picture, int columns)
{
    int rows = (2 * columns * picture->height + picture->width) / (2 * picture->width);
    return rows < 1 ? 1 : rows;
}

int picture_rows(const struct picture *picture, int columns)
{
    return (half_rows(picture, columns) + 1) / 2;
}

void picture_draw(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                  const uint8_t *pixels, const struct look *look)
{
    uint8_t fitted[DATASET_PIXELS];
    const struct picture picture = {look->fit ? fitted : pixels, DATASET_HEIGHT, DATASET_WIDTH};
    if (look->fit)
        ink_fit(pixels, fitted);
    picture_draw_any(canvas, clip, row, column, columns, &picture, look);
}

void picture_draw_any(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                      const struct picture *picture, const struct look *look)
{
    /* On a light background ink is dark: with greys the image itself is inverted; characters are
     * drawn in the dark foreground as they are. */
    bool greys = look->glyphs & GLYPHS_BLOCKS && look->colors >= 16;
    bool invert = (look->light_background && greys) != look->inverted;
    int halves = half_rows(picture, columns);
    if (look->colors < 16 && look->glyphs & GLYPHS_BRAILLE && columns < picture->width) {
        halftone_draw(canvas, clip, row, column, columns, picture, invert);
        return;
    }
    for (int y = 0; 2 * y < halves; y++) {
        for (int x = 0; x < columns; x++) {
            bool ends = 2 * y + 1 == halves;
            float upper = picture_brightness(picture, columns, 2 * y, x);
            float lower = ends ? -1 : picture_brightness(picture, columns, 2 * y + 1, x);
            if (invert) {
                upper = 1 - upper;
                lower = ends ? -1 : 1 - lower;
            }
            draw_cell(canvas, clip, row + y, column + x, upper, lower, look);
        }
    }
}
