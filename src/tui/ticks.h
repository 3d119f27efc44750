// SPDX-License-Identifier: MIT
#ifndef FMNIST_TUI_TICKS_H
#define FMNIST_TUI_TICKS_H

/* The scale of an axis from `low` to `high`; its ticks are the multiples of `step`, which is 1, 2
 * or 5 times a power of ten. */
struct scale {
    double low, high, step;
    int decimals; /* that a label needs */
};

/* A scale of the values from `low` to `high` (or around them where they are equal) with at most
 * `ticks` steps, 1 or more. */
struct scale scale_fit(double low, double high, int ticks);

/* A step of 1, 2 or 5 times a power of ten, 1 or more, of which at most `ticks` make up `range`. */
double ticks_whole_step(double range, int ticks);

#endif
