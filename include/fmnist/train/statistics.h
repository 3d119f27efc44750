// SPDX-License-Identifier: MIT
/* What accuracies and their differences mean, given that the images are only a sample. Pure
 * functions of any thread. */
#ifndef FMNIST_TRAIN_STATISTICS_H
#define FMNIST_TRAIN_STATISTICS_H

#include <stddef.h>

/* Twice the standard error of an accuracy (0 to 1) over `count` images, 1 or more: binomial. */
double statistics_two_errors(double accuracy, size_t count);

/* McNemar's test of two networks on the same images, of which `first_only` are right with the first
 * and wrong with the second, and `second_only` the other way round: the probability of a difference
 * at least as large if both were equally good, two-sided. Exact (binomial) for fewer than 25 such
 * images, else chi-square with continuity correction. Sources: Q. McNemar, Psychometrika 12 (1947)
 * 153-157; A. L. Edwards, Psychometrika 13 (1948) 185-187; for learning machines T. G. Dietterich,
 * Neural Computation 10 (1998) 1895-1923. */
double statistics_mcnemar(size_t first_only, size_t second_only);

#endif
