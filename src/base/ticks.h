// SPDX-License-Identifier: MIT
/* Scales of axes, linear and logarithmic, and where their ticks are. Needs no terminal. */
#ifndef FMNIST_BASE_TICKS_H
#define FMNIST_BASE_TICKS_H

#include <stdbool.h>

enum { TICKS_LABEL_SIZE = 24 };

/* The scale of an axis from `low` to `high`. Its ticks are the multiples of `step`, which is 1, 2
 * or 5 times a power of ten; where that is 0, they are 1 (and with `halves` 2 and 5) times every
 * `decades`th power of ten. */
struct scale {
    double low, high, step;
    int decimals; /* that a label needs */
    bool log;
    bool halves;
    int decades;
};

/* Rounds the ends of a range (above 0 where it is logarithmic) outwards, to a fifth or a tenth of
 * it or in great ranges of logarithms to 1, 2 or 5 times a power of ten, so that an axis made of
 * them seldom moves. */
void scale_round(bool logarithmic, double *low, double *high);

/* A scale of the values from `low` to `high` (or around them where they are equal) with at most
 * `ticks` steps, 1 or more. */
struct scale scale_fit(double low, double high, int ticks);

/* The same, logarithmic, of values above 0. */
struct scale scale_fit_log(double low, double high, int ticks);

/* Where a value lies: 0 at the low end, 1 at the high one, beyond them outside. */
double scale_part(const struct scale *scale, double value);

/* The tick of that number, from 0 at the low end; false past the last. */
bool scale_tick(const struct scale *scale, int number, double *value);

/* Writes a tick's value, times `factor`, in at most five characters where that can be. */
void scale_label(const struct scale *scale, double value, double factor,
                 char text[TICKS_LABEL_SIZE]);

/* A step of 1, 2 or 5 times a power of ten of which at most `ticks` make up `range`. */
double ticks_step(double range, int ticks);

/* The same for seconds: steps of minutes and hours are those that clocks have. */
double ticks_seconds_step(double range, int ticks);

#endif
