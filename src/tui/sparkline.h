// SPDX-License-Identifier: MIT
/* A curve one row high: a character a value, the newest at the right. */
#ifndef FMNIST_TUI_SPARKLINE_H
#define FMNIST_TUI_SPARKLINE_H

#include <stddef.h>

#include "tui/canvas.h"
#include "tui/look.h"

/* Draws the last values that fit into the one row of `area`, scaled from the least to the greatest
 * of those drawn; equal ones lie in the middle. Values that are not finite leave a '!'. */
void sparkline_draw(struct canvas *canvas, struct rect area, const double *values, size_t count,
                    struct style style, const struct look *look);

#endif
