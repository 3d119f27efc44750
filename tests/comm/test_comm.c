// SPDX-License-Identifier: MIT
/* Exchanges between ranks that are threads; and how one ends that somebody does not take part in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crew.h"

enum { ROWS = 5, ITEMS = 23, SLOT = 7 };

/* The item that its owner has put there. */
static int item(size_t row, size_t column)
{
    return (int)(1000 * row + column);
}

static void fill_own(const struct comm *comm, const struct comm_shares *shares,
                     int array[ROWS][ITEMS])
{
    memset(array, 0, ROWS * sizeof *array);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t column = shares->bounds[comm_rank(comm)];
             column < shares->bounds[comm_rank(comm) + 1]; column++)
            array[row][column] = item(row, column);
}

static void check_whole(int array[ROWS][ITEMS])
{
    for (size_t row = 0; row < ROWS; row++)
        for (size_t column = 0; column < ITEMS; column++)
            assert_int_equal(array[row][column], item(row, column));
}

/* Columns of two arrays in one exchange, twice in the same slot, with a broadcast under way. */
static void exchange_columns(void *context, struct comm *comm)
{
    static const char TEXT[] = "from rank 0";
    int one[ROWS][ITEMS], other[ROWS][ITEMS];
    struct comm_shares shares;
    (void)context;
    comm_divide(comm, ITEMS, &shares);
    for (int round = 0; round < 2; round++) {
        char text[sizeof TEXT] = "";
        fill_own(comm, &shares, one);
        fill_own(comm, &shares, other);
        const struct comm_piece pieces[] = {{one, ROWS, sizeof *one, sizeof **one, &shares},
                                            {other, ROWS, sizeof *other, sizeof **other, &shares}};
        assert_true(comm_start(comm, SLOT, pieces, 2));
        if (comm_rank(comm) == 0)
            memcpy(text, TEXT, sizeof text);
        assert_true(comm_broadcast(comm, text, sizeof text));
        assert_string_equal(text, TEXT);
        assert_true(comm_finish(comm, SLOT));
        check_whole(one);
        check_whole(other);
    }
}

static void columns_become_whole_on_every_rank(void **state)
{
    (void)state;
    for (unsigned size = 1; size <= CREW_MAX; size++)
        crew_run(size, exchange_columns, NULL);
}

static void gather(void *context, struct comm *comm)
{
    uint64_t numbers[CREW_MAX] = {0};
    (void)context;
    numbers[comm_rank(comm)] = 10 + comm_rank(comm);
    assert_true(comm_gather(comm, numbers, sizeof *numbers));
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        assert_int_equal(numbers[rank], 10 + rank);
    assert_int_equal(comm_local_size(comm), comm_rank(comm) / 2 * 2 + 1 < comm_size(comm) ? 2 : 1);
}

static void every_rank_learns_what_each_has(void **state)
{
    (void)state;
    crew_run(5, gather, NULL);
}

static void divide(void *context, struct comm *comm)
{
    struct comm_shares shares;
    (void)context;
    comm_divide_groups(comm, 100, 24, &shares);
    const size_t expected[] = {0, 33, 66, 100};
    assert_memory_equal(shares.bounds, expected, sizeof expected);
    comm_divide_groups(comm, 0, 0, &shares);
    assert_int_equal(shares.bounds[3], 0);
}

static void groups_stay_together(void **state)
{
    (void)state;
    crew_run(3, divide, NULL);
}

static void wait_in_vain(void *context, struct comm *comm)
{
    struct error err = {0};
    int number = 0;
    (void)context;
    (void)comm_set_limit(comm, 0.05);
    if (comm_rank(comm) == 2)
        return;
    assert_false(comm_gather(comm, (int[3]){0}, sizeof number));
    assert_true(comm_failed(comm, &err));
    assert_non_null(strstr(err.message, "rank 2 on host1"));
    assert_false(comm_broadcast(comm, &number, sizeof number));
}

static void a_rank_that_does_not_answer_is_named(void **state)
{
    (void)state;
    crew_run(3, wait_in_vain, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_become_whole_on_every_rank),
        cmocka_unit_test(every_rank_learns_what_each_has),
        cmocka_unit_test(groups_stay_together),
        cmocka_unit_test(a_rank_that_does_not_answer_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
