// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/memory.h"

static void products_and_sums_are_exact_up_to_the_largest_size(void **state)
{
    (void)state;
    size_t size = 1;
    assert_true(size_multiply(0, SIZE_MAX, &size));
    assert_int_equal(size, 0);
    assert_true(size_multiply(SIZE_MAX, 0, &size));
    assert_int_equal(size, 0);
    assert_true(size_multiply(SIZE_MAX, 1, &size));
    assert_true(size == SIZE_MAX);
    assert_true(size_multiply(SIZE_MAX / 3, 3, &size));
    assert_true(size == SIZE_MAX / 3 * 3);
    assert_true(size_add(SIZE_MAX - 1, 1, &size));
    assert_true(size == SIZE_MAX);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    size_t size = 7;
    assert_false(size_multiply(SIZE_MAX / 2 + 1, 2, &size));
    assert_false(size_multiply(SIZE_MAX, SIZE_MAX, &size));
    assert_false(size_add(SIZE_MAX, 1, &size));
    assert_false(arena_plan(SIZE_MAX / 4, 8, &size));
    assert_false(arena_plan(SIZE_MAX - ARENA_ALIGNMENT + 2, 1, &size));
    assert_int_equal(size, 7);
}

static void arrays_are_zero(void **state)
{
    (void)state;
    unsigned char *array = memory_array(100, 3, NULL);
    assert_non_null(array);
    for (size_t index = 0; index < 300; index++)
        assert_int_equal(array[index], 0);
    free(array);
}

static void an_array_of_nothing_can_be_freed(void **state)
{
    (void)state;
    void *array = memory_array(0, 8, NULL);
    assert_non_null(array);
    free(array);
}

static void an_array_that_cannot_be_is_an_error(void **state)
{
    (void)state;
    struct error err = {0};
    /* volatile, or the compiler warns of what is tested here */
    volatile size_t count = SIZE_MAX / 2;
    assert_null(memory_array(count, 4, &err));
    assert_int_equal(err.code, ERROR_MEMORY);
    err.code = ERROR_NONE;
    assert_null(arena_create(count, &err));
    assert_int_equal(err.code, ERROR_MEMORY);
}

static void an_arena_holds_what_was_planned_and_no_more(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 0, 17, 64, 3};
    size_t bytes = 0, pieces = sizeof counts / sizeof *counts;
    for (size_t index = 0; index < pieces; index++)
        assert_true(arena_plan(counts[index], sizeof(float), &bytes));
    struct arena *arena = arena_create(bytes, NULL);
    assert_non_null(arena);
    float *end = NULL;
    for (size_t index = 0; index < pieces; index++) {
        float *piece = arena_cut(arena, counts[index], sizeof *piece);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % ARENA_ALIGNMENT, 0);
        assert_true(!end || piece >= end);
        for (size_t item = 0; item < counts[index]; item++) {
            assert_true(piece[item] == 0);
            piece[item] = (float)item;
        }
        end = piece + counts[index];
    }
    assert_null(arena_cut(arena, 1, 1));
    assert_null(arena_cut(arena, SIZE_MAX, 2));
    arena_destroy(arena);
    arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_and_sums_are_exact_up_to_the_largest_size),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(arrays_are_zero),
        cmocka_unit_test(an_array_of_nothing_can_be_freed),
        cmocka_unit_test(an_array_that_cannot_be_is_an_error),
        cmocka_unit_test(an_arena_holds_what_was_planned_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
