// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bench/rounds.h"

static void best_and_median_do_not_depend_on_the_order(void **state)
{
    (void)state;
    static const double VALUES[] = {3, 9, 1, 7};
    struct rounds rounds = {.count = 0};
    for (size_t index = 0; index < 3; index++)
        rounds_add(&rounds, VALUES[index]);
    assert_true(rounds_median(&rounds) == 3);
    rounds_add(&rounds, VALUES[3]);
    assert_true(rounds_median(&rounds) == 5);
    assert_true(rounds_largest(&rounds) == 9);
    assert_true(rounds_smallest(&rounds) == 1);
    assert_true(rounds.values[1] == 9);
}

static void without_values_all_is_zero(void **state)
{
    (void)state;
    const struct rounds rounds = {.count = 0};
    assert_true(rounds_median(&rounds) == 0 && rounds_largest(&rounds) == 0);
}

static void values_beyond_the_last_are_left_out(void **state)
{
    (void)state;
    struct rounds rounds = {.count = 0};
    for (int value = 0; value <= ROUNDS_MAX; value++)
        rounds_add(&rounds, value);
    assert_int_equal(rounds.count, ROUNDS_MAX);
    assert_true(rounds_largest(&rounds) == ROUNDS_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_and_median_do_not_depend_on_the_order),
        cmocka_unit_test(without_values_all_is_zero),
        cmocka_unit_test(values_beyond_the_last_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
