// SPDX-License-Identifier: MIT
/* The two axes of a chart, with their ticks and numbers. */
#ifndef FMNIST_TUI_AXIS_H
#define FMNIST_TUI_AXIS_H

#include "tui/series.h"

enum { AXIS_LABEL_COLUMNS = 5 };

/* To the left of the plot: numbers, times `factor`, and a line. */
void axis_draw_values(const struct field *field, double factor);

/* Below the plot: the unit, left of all, and a line with a tick and, left of it, a number. */
void axis_draw_span(const struct field *field);

/* Puts a mark into the line below the plot, in the column of `x` or the next one that is free. */
void axis_mark(const struct field *field, double x, uint32_t character, struct style style);

#endif
