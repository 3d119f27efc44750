// SPDX-License-Identifier: MIT
/*
 * Each dot is on or off; what is missing to the brightness there goes on to the dots that come
 * after it: 7/16 to the right, 3/16, 5/16 and 1/16 to those below (Floyd and Steinberg, "An
 * adaptive algorithm for spatial greyscale", 1976).
 */
#include "tui/halftone.h"

#include <string.h>

#include "tui/plot.h"

enum { DOTS_MAX = 2 * DATASET_WIDTH };

/* What is carried over to the row under way and to the next one, with a place beside each end. */
struct carry {
    float now[DOTS_MAX + 2], next[DOTS_MAX + 2];
};

static bool take_dot(struct carry *carry, int x, float brightness)
{
    float wanted = brightness + carry->now[x + 1];
    bool on = wanted >= 0.5F;
    float missing = wanted - (on ? 1.0F : 0.0F);
    carry->now[x + 2] += missing * 7 / 16;
    carry->next[x] += missing * 3 / 16;
    carry->next[x + 1] += missing * 5 / 16;
    carry->next[x + 2] += missing * 1 / 16;
    return on;
}

void halftone_draw(struct canvas *canvas, struct rect clip, int row, int column, int columns,
                   const struct picture *picture, bool inverted)
{
    const struct look braille = {.glyphs = GLYPHS_BRAILLE};
    struct rect area = {row, column, picture_rows(picture, columns), columns};
    struct carry carry = {{0}, {0}};
    if (area.rows > clip.row + clip.rows - row)
        area.rows = clip.row + clip.rows - row;
    if (area.columns > clip.column + clip.columns - column)
        area.columns = clip.column + clip.columns - column;
    if (area.rows <= 0 || area.columns <= 0 || 2 * columns > DOTS_MAX)
        return;
    const struct plot plot = plot_begin(canvas, area, &braille);
    int dots = 2 * columns, height = (dots * picture->height + picture->width / 2) / picture->width;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < dots; x++) {
            float brightness = picture_brightness(picture, dots, y, x);
            if (take_dot(&carry, x, inverted ? 1 - brightness : brightness))
                plot_dot(&plot, x, plot.height - 1 - y, (struct style){0});
        }
        memcpy(carry.now, carry.next, sizeof carry.now);
        memset(carry.next, 0, sizeof carry.next);
    }
}
