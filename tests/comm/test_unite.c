// SPDX-License-Identifier: MIT
/* Ranks that share memory with those of their host, and hosts that exchange as one rank each. The
 * crew has two ranks a host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/mman.h>

#include "base/memory.h"
#include "crew.h"
#include "fmnist/comm/unite.h"

enum { NUMBERS = 240, ROWS = 3, SLOT = 5 };

/* Each rank writes to its place, and sees those of its host. */
static void share(void *context, struct comm *comm)
{
    struct error err = {0};
    unsigned ranks[CREW_MAX] = {0}, own = comm_rank(comm), first = own / 2 * 2;
    (void)context;
    unsigned *memory = comm_share(comm, sizeof ranks, &err);
    assert_non_null(memory);
    assert_memory_equal(memory, ranks, sizeof ranks); /* zeros */
    assert_true(comm_gather(comm, ranks, sizeof *ranks));
    memory[own] = own + 1;
    assert_true(comm_gather(comm, ranks, sizeof *ranks));
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        assert_int_equal(memory[rank], rank / 2 * 2 == first ? rank + 1 : 0);
    assert_true(comm_gather(comm, ranks, sizeof *ranks));
    assert_int_equal(munmap(memory, sizeof ranks), 0);
}

static void ranks_of_a_host_share_memory(void **state)
{
    (void)state;
    for (unsigned size = 1; size <= 5; size++)
        crew_run(size, share, NULL);
}

/* No system has so much. */
static void share_too_much(void *context, struct comm *comm)
{
    struct error err = {0};
    (void)context;
    assert_null(comm_share(comm, SIZE_MAX / 4, &err));
    assert_int_not_equal(err.code, ERROR_NONE);
    assert_false(comm_failed(comm, NULL)); /* they can go on without */
}

static void memory_that_cannot_be_had_is_an_error_on_all_ranks(void **state)
{
    (void)state;
    crew_run(3, share_too_much, NULL);
}

static unsigned host_count(unsigned ranks)
{
    return (ranks + 1) / 2;
}

/* A host with one rank gets half as much as one with two. */
static void check_bounds(const struct comm *comm, const struct comm *hosts)
{
    assert_int_equal(comm_size(hosts), host_count(comm_size(comm)));
    assert_int_equal(comm_rank(hosts), comm_rank(comm) / 2);
    assert_int_equal(comm_leads(hosts), comm_rank(comm) % 2 == 0);
    assert_string_equal(comm_host(hosts, comm_rank(hosts)), comm_host(comm, comm_rank(comm)));
    for (unsigned host = 0; host <= comm_size(hosts); host++) {
        unsigned first = 2 * host < comm_size(comm) ? 2 * host : comm_size(comm);
        assert_int_equal(comm_bound(hosts, NUMBERS, host), NUMBERS * first / comm_size(comm));
    }
}

/* The two ranks of a host fill their host's part together; then all are everywhere. */
static void exchange(struct comm *hosts, struct pool *pool, int *numbers)
{
    struct comm_shares shares;
    comm_divide(hosts, NUMBERS, &shares);
    const size_t *bounds = shares.bounds + comm_rank(hosts);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t number = bounds[0]; pool_leads(pool) && number < bounds[1]; number++)
            numbers[row * NUMBERS + number] = (int)(1000 * row + number);
    assert_true(pool_meet(pool));
    const struct comm_piece piece = {numbers, ROWS, NUMBERS * sizeof *numbers, sizeof *numbers,
                                     &shares};
    assert_true(comm_start(hosts, SLOT, &piece, 1));
    assert_true(comm_finish(hosts, SLOT));
    for (size_t row = 0; row < ROWS; row++)
        for (size_t number = 0; number < NUMBERS; number++)
            assert_int_equal(numbers[row * NUMBERS + number], 1000 * row + number);
    assert_true(pool_meet(pool));
    assert_true(comm_finish(hosts, SLOT)); /* of which nothing is under way */
}

static void unite(void *context, struct comm *comm)
{
    struct error err = {0};
    struct comm *team = NULL;
    struct pool *pool = pool_create(comm_rank(comm) % 2 + 1, &err);
    (void)context;
    assert_non_null(pool);
    assert_true(comm_unite(comm, pool, true, &team, &err));
    if (comm_size(comm) > 2)
        check_bounds(comm, team);
    else
        assert_null(team);
    struct arena *arena = pool_arena(pool, ROWS * NUMBERS * sizeof(int), &err);
    assert_non_null(arena);
    if (team)
        exchange(team, pool, arena_cut(arena, ROWS, NUMBERS * sizeof(int)));
    comm_close(team);
    arena_destroy(arena);
    pool_destroy(pool);
    struct comm_figures figures = comm_figures(comm);
    assert_int_equal(figures.sent > 0, true);
}

static void hosts_exchange_as_one_rank_each(void **state)
{
    (void)state;
    for (unsigned size = 2; size <= 7; size++)
        crew_run(size, unite, NULL);
}

/* One of them does not want to. */
static void refuse(void *context, struct comm *comm)
{
    struct error err = {0};
    struct comm *team = NULL;
    struct pool *pool = pool_create(1, &err);
    (void)context;
    assert_non_null(pool);
    assert_true(comm_unite(comm, pool, comm_rank(comm) != 1, &team, &err));
    assert_ptr_equal(team, comm);
    assert_false(pool_has_partners(pool));
    pool_destroy(pool);
}

static void nothing_is_shared_unless_all_want_to(void **state)
{
    (void)state;
    crew_run(4, refuse, NULL);
}

/* The last host's ranks do not take part in the exchange; those of the first learn of it, both. */
static void miss(void *context, struct comm *comm)
{
    struct error err = {0};
    struct comm *team = NULL;
    struct pool *pool = pool_create(1, &err);
    (void)context;
    assert_non_null(pool);
    assert_true(comm_unite(comm, pool, true, &team, &err));
    (void)comm_set_limit(team, 0.05);
    if (comm_rank(comm) < 2) {
        int *numbers = comm_leads(team) ? (int[2]){1, 2} : NULL; /* nobody else's are looked at */
        assert_false(comm_gather(team, numbers, sizeof *numbers));
        assert_true(comm_failed(team, &err));
        assert_non_null(strstr(err.message, comm_leads(team) ? "rank 2 on host1" : "on host0"));
    }
    comm_close(team);
    pool_destroy(pool);
}

static void a_host_that_does_not_answer_is_named(void **state)
{
    (void)state;
    crew_run(4, miss, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_a_host_share_memory),
        cmocka_unit_test(memory_that_cannot_be_had_is_an_error_on_all_ranks),
        cmocka_unit_test(hosts_exchange_as_one_rank_each),
        cmocka_unit_test(nothing_is_shared_unless_all_want_to),
        cmocka_unit_test(a_host_that_does_not_answer_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
