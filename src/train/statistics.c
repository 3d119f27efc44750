// SPDX-License-Identifier: MIT
#include "fmnist/train/statistics.h"

#include <math.h>

/* From so many images on, chi-square with one degree of freedom is near enough. */
enum { EXACT_BELOW = 25 };

double statistics_two_errors(double accuracy, size_t count)
{
    return 2 * sqrt(accuracy * (1 - accuracy) / (double)count);
}

/* Twice the probability of at most `few` heads of `count` fair coins, 1 at most. */
static double binomial_two_sided(size_t few, size_t count)
{
    double ways = 1, sum = 0;
    for (size_t heads = 0; heads <= few; heads++) {
        sum += ways;
        ways *= (double)(count - heads) / (double)(heads + 1);
    }
    return fmin(1, 2 * ldexp(sum, -(int)count));
}

double statistics_mcnemar(size_t first_only, size_t second_only)
{
    size_t few = first_only < second_only ? first_only : second_only;
    size_t count = first_only + second_only;
    if (count < EXACT_BELOW)
        return binomial_two_sided(few, count);
    double surplus = fmax((double)(count - 2 * few) - 1, 0);
    return erfc(sqrt(surplus * surplus / (double)count / 2));
}
