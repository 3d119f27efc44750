// SPDX-License-Identifier: MIT
#include "bench/rounds.h"

#include <stdlib.h>
#include <string.h>

void rounds_add(struct rounds *rounds, double value)
{
    if (rounds->count < ROUNDS_MAX)
        rounds->values[rounds->count++] = value;
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* The value that would have `place` smaller ones. */
static double rounds_at(const struct rounds *rounds, size_t place)
{
    struct rounds sorted = *rounds;
    if (rounds->count == 0)
        return 0;
    qsort(sorted.values, sorted.count, sizeof *sorted.values, compare);
    return sorted.values[place];
}

double rounds_largest(const struct rounds *rounds)
{
    return rounds_at(rounds, rounds->count - 1);
}

double rounds_smallest(const struct rounds *rounds)
{
    return rounds_at(rounds, 0);
}

double rounds_median(const struct rounds *rounds)
{
    return (rounds_at(rounds, (rounds->count - 1) / 2) + rounds_at(rounds, rounds->count / 2)) / 2;
}
