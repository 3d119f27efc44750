// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
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

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    size_t size = 0;
    assert_false(size_multiply(SIZE_MAX / 2 + 1, 2, &size));
    assert_false(size_add(SIZE_MAX, 1, &size));
    assert_false(arena_plan(SIZE_MAX / 4, 8, &size));
    assert_int_equal(size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_those_of_random123),
        cmocka_unit_test(sizes_that_overflow_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
