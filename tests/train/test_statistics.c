// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "fmnist/train/statistics.h"

static void check_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* By statsmodels.stats.contingency_tables.mcnemar 0.14 (which uses scipy.stats.binom and chi2):
 * exact=True below 25, else exact=False, correction=True. */
static void mcnemar_is_what_statsmodels_computes(void **state)
{
    (void)state;
    static const struct {
        size_t first_only, second_only;
        double probability;
    } CASES[] = {
        {0, 0, 1},
        {1, 0, 1},
        {6, 0, 0.03125},
        {5, 15, 0.04138946533203125},
        {3, 9, 0.14599609375},
        {10, 14, 0.5412561893463135},
        {12, 12, 1},
        {20, 5, 0.005110260660855866},
        {121, 59, 5.450094825427117e-06},
        {40, 62, 0.0375888812610745},
        {300, 100, 2.5218321340413693e-23},
        {77, 76, 1},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++)
        check_near(statistics_mcnemar(CASES[index].first_only, CASES[index].second_only),
                   CASES[index].probability);
}

/* By hand: 2 (1 + 4) / 2^4 = 0.625 for 3 against 1; and of (|45 - 15| - 1)^2 / 60 = 14.0167 the
 * probability is erfc(sqrt(7.00833)) = 0.000181. */
static void mcnemar_is_what_the_formulas_give(void **state)
{
    (void)state;
    check_near(statistics_mcnemar(3, 1), 0.625);
    assert_true(fabs(statistics_mcnemar(45, 15) - 0.000181) < 1e-6);
}

static void mcnemar_does_not_depend_on_the_order(void **state)
{
    (void)state;
    for (size_t first = 0; first < 40; first++)
        for (size_t second = 0; second < 40; second++)
            assert_true(statistics_mcnemar(first, second) == statistics_mcnemar(second, first));
}

/* The corrected surplus never falls below none. */
static void no_difference_has_probability_one(void **state)
{
    (void)state;
    for (size_t each = 0; each < 1000; each++)
        assert_true(statistics_mcnemar(each, each) == 1);
}

/* 0.9 of 10,000: sqrt(0.9 x 0.1 / 10,000) = 0.003. */
static void two_standard_errors_are_those_of_the_binomial(void **state)
{
    (void)state;
    check_near(statistics_two_errors(0.9, 10000), 0.006);
    assert_true(statistics_two_errors(0, 100) == 0);
    assert_true(statistics_two_errors(1, 100) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mcnemar_is_what_statsmodels_computes),
        cmocka_unit_test(mcnemar_is_what_the_formulas_give),
        cmocka_unit_test(mcnemar_does_not_depend_on_the_order),
        cmocka_unit_test(no_difference_has_probability_one),
        cmocka_unit_test(two_standard_errors_are_those_of_the_binomial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
