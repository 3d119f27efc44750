// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

/* Known answers of Random123's kat_vectors for philox4x32 with 10 rounds. */
static void blocks_are_those_of_random123(void **state)
{
    (void)state;
    static const uint32_t answers[3][4] = {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                           {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                           {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
    uint32_t words[4];
    random_block(0, 0, 0, 0, words);
    assert_memory_equal(words, answers[0], sizeof words);
    random_block(UINT64_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX, words);
    assert_memory_equal(words, answers[1], sizeof words);
    random_block(0x299f31d0a4093822, 0x03707344, 0x13198a2e, 0x85a308d3243f6a88, words);
    assert_memory_equal(words, answers[2], sizeof words);
}

static void a_cursor_reads_the_blocks_in_order(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 5, RANDOM_TEST, 3);
    for (uint64_t block = 0; block < 10; block++) {
        uint32_t words[4];
        random_block(5, RANDOM_TEST, 3, block, words);
        for (size_t word = 0; word < 4; word++)
            assert_int_equal(random_bits(&random), words[word]);
    }
}

static void a_cursor_can_be_put_anywhere(void **state)
{
    (void)state;
    struct random whole, part;
    random_init(&whole, 5, RANDOM_TEST, 3);
    for (uint64_t number = 0; number < 11; number++) {
        random_init(&part, 5, RANDOM_TEST, 3);
        random_seek(&part, number);
        assert_int_equal(random_bits(&part), random_bits(&whole));
    }
}

/* Pearson's statistic of `draws` numbers below `bound`, which has bound - 1 degrees of freedom. */
static double chi_square(struct random *random, uint32_t bound, size_t draws)
{
    double counts[64] = {0}, expected = (double)draws / bound, sum = 0;
    for (size_t draw = 0; draw < draws; draw++) {
        uint32_t number = random_below(random, bound);
        assert_true(number < bound);
        counts[number]++;
    }
    for (uint32_t number = 0; number < bound; number++)
        sum += (counts[number] - expected) * (counts[number] - expected) / expected;
    return sum;
}

static void numbers_below_a_bound_are_equally_frequent(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 1, RANDOM_TEST, 0);
    assert_int_equal(random_below(&random, 1), 0);
    /* exceeded once in a million seeds; this is one seed */
    assert_true(chi_square(&random, 2, 20000) < 24);
    assert_true(chi_square(&random, 10, 20000) < 46);
    assert_true(chi_square(&random, 63, 63000) < 130);
}

static void a_bound_of_three_quarters_of_the_range_has_no_bias(void **state)
{
    (void)state;
    /* Without rejection one third of these numbers would come up twice as often. */
    const uint32_t bound = 3U << 30;
    struct random random;
    random_init(&random, 2, RANDOM_TEST, 0);
    size_t thirds[3] = {0};
    for (size_t draw = 0; draw < 30000; draw++) {
        uint32_t number = random_below(&random, bound);
        assert_true(number < bound);
        thirds[number % 3]++;
    }
    for (size_t third = 0; third < 3; third++)
        assert_in_range(thirds[third], 9600, 10400);
}

static void units_are_in_the_half_open_interval(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 3, RANDOM_TEST, 0);
    double sum = 0;
    for (size_t draw = 0; draw < 10000; draw++) {
        float unit = random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        assert_true(unit * 0x1p24F == (float)(uint32_t)(unit * 0x1p24F));
        sum += (double)unit;
    }
    assert_true(sum > 4850 && sum < 5150);
}

static void a_permutation_holds_every_value_once(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    uint32_t values[COUNT];
    bool seen[COUNT] = {false};
    size_t in_place = 0;
    for (uint32_t index = 0; index < COUNT; index++)
        values[index] = index;
    struct random random;
    random_init(&random, 4, RANDOM_TEST, 0);
    random_permute(&random, values, COUNT);
    for (size_t index = 0; index < COUNT; index++) {
        assert_true(values[index] < COUNT && !seen[values[index]]);
        seen[values[index]] = true;
        in_place += values[index] == index;
    }
    assert_true(in_place < 12); /* one on average */
    random_permute(&random, values, 0);
}

static void permutations_are_equally_frequent(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 6, RANDOM_TEST, 0);
    size_t counts[3][3] = {{0}};
    for (size_t round = 0; round < 6000; round++) {
        uint32_t values[3] = {0, 1, 2};
        random_permute(&random, values, 3);
        counts[values[0]][values[1]]++;
    }
    for (size_t first = 0; first < 3; first++) {
        for (size_t second = 0; second < 3; second++)
            assert_in_range(counts[first][second], first == second ? 0 : 850,
                            first == second ? 0 : 1150);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_those_of_random123),
        cmocka_unit_test(a_cursor_reads_the_blocks_in_order),
        cmocka_unit_test(a_cursor_can_be_put_anywhere),
        cmocka_unit_test(numbers_below_a_bound_are_equally_frequent),
        cmocka_unit_test(a_bound_of_three_quarters_of_the_range_has_no_bias),
        cmocka_unit_test(units_are_in_the_half_open_interval),
        cmocka_unit_test(a_permutation_holds_every_value_once),
        cmocka_unit_test(permutations_are_equally_frequent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
