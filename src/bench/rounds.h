// SPDX-License-Identifier: MIT
/* The same thing measured several times: what other work on the machine took shows in the median,
 * what the program can do in the best. */
#ifndef FMNIST_BENCH_ROUNDS_H
#define FMNIST_BENCH_ROUNDS_H

#include <stddef.h>

enum { ROUNDS_MAX = 100 };

/* Values of up to ROUNDS_MAX rounds. */
struct rounds {
    size_t count;
    double values[ROUNDS_MAX];
};

/* Adds a value; one too many is left out. */
void rounds_add(struct rounds *rounds, double value);

/* 0 where there are no values. */
double rounds_largest(const struct rounds *rounds);
double rounds_smallest(const struct rounds *rounds);
double rounds_median(const struct rounds *rounds); /* of an even number the mean of both */

#endif
