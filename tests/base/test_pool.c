// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "fmnist/base/pool.h"

enum { TASKS_MAX = 100, THREADS_MAX = 8 };

/* What the tasks of a job leave behind. */
struct tally {
    struct pool *pool;
    atomic_uint runs[TASKS_MAX];
    atomic_uint workers_past_the_end;
    atomic_bool at_work[THREADS_MAX];
    atomic_bool shared; /* two tasks had one worker's number at once */
};

static void count_run(void *context, size_t index, unsigned worker)
{
    struct tally *tally = context;
    if (worker >= pool_threads(tally->pool)) {
        atomic_fetch_add(&tally->workers_past_the_end, 1);
        return;
    }
    if (atomic_exchange(&tally->at_work[worker], true))
        atomic_store(&tally->shared, true);
    atomic_fetch_add(&tally->runs[index], 1);
    atomic_store(&tally->at_work[worker], false);
}

static unsigned total_runs(const struct tally *tally)
{
    unsigned total = 0;
    for (size_t index = 0; index < TASKS_MAX; index++)
        total += atomic_load(&tally->runs[index]);
    return total;
}

static void check_job(struct pool *pool, size_t count)
{
    struct tally tally = {.pool = pool};
    assert_true(pool_run(pool, count, count_run, &tally));
    for (size_t index = 0; index < TASKS_MAX; index++)
        assert_int_equal(atomic_load(&tally.runs[index]), index < count ? 1 : 0);
    assert_int_equal(atomic_load(&tally.workers_past_the_end), 0);
    assert_false(atomic_load(&tally.shared));
}

static void each_task_is_run_once_by_any_number_of_threads(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 3, 7, 8, 9, 64, TASKS_MAX};
    for (unsigned threads = 1; threads <= THREADS_MAX; threads++) {
        struct pool *pool = pool_create(threads, NULL);
        assert_non_null(pool);
        assert_int_equal(pool_threads(pool), threads);
        for (size_t round = 0; round < 50; round++) {
            for (size_t index = 0; index < sizeof counts / sizeof *counts; index++)
                check_job(pool, counts[index]);
        }
        pool_destroy(pool);
    }
}

/* Says yes at one call. */
struct trap {
    unsigned calls, at; /* from 1; 0 for never */
};

static bool trap_poll(void *context)
{
    struct trap *trap = context;
    return ++trap->calls == trap->at;
}

static void an_interrupted_job_skips_the_tasks_not_begun(void **state)
{
    (void)state;
    struct pool *pool = pool_create(1, NULL);
    assert_non_null(pool);
    for (unsigned at = 1; at <= 10; at++) {
        struct trap trap = {.at = at};
        struct tally tally = {.pool = pool};
        pool_set_poll(pool, trap_poll, &trap);
        assert_false(pool_run(pool, 10, count_run, &tally));
        assert_int_equal(trap.calls, at);
        assert_true(total_runs(&tally) < at);
        pool_set_poll(pool, NULL, NULL);
        check_job(pool, 10); /* the next job is whole again */
    }
    pool_destroy(pool);
}

static void every_job_is_polled_whoever_does_its_tasks(void **state)
{
    (void)state;
    struct pool *pool = pool_create(THREADS_MAX, NULL);
    assert_non_null(pool);
    for (size_t round = 0; round < 200; round++) {
        struct trap trap = {.at = 1};
        struct tally tally = {.pool = pool};
        pool_set_poll(pool, trap_poll, &trap);
        assert_false(pool_run(pool, 2, count_run, &tally));
        assert_int_equal(total_runs(&tally), 0);
    }
    pool_destroy(pool);
}

/* A task that asks whether to go on, as long ones do, until it is told not to. */
static void run_until_interrupted(void *context, size_t index, unsigned worker)
{
    struct tally *tally = context;
    atomic_fetch_add(&tally->runs[index], 1);
    while (!pool_interrupted(tally->pool, worker))
        continue;
}

static void long_tasks_of_all_workers_learn_of_an_interruption(void **state)
{
    (void)state;
    struct pool *pool = pool_create(3, NULL);
    assert_non_null(pool);
    struct trap trap = {.at = 20};
    struct tally tally = {.pool = pool};
    pool_set_poll(pool, trap_poll, &trap);
    assert_false(pool_run(pool, 3, run_until_interrupted, &tally));
    assert_int_equal(trap.calls, 20);
    pool_destroy(pool);
}

static void what_must_not_be_interrupted_is_not(void **state)
{
    (void)state;
    struct pool *pool = pool_create(2, NULL);
    assert_non_null(pool);
    struct trap trap = {.at = 1};
    struct tally tally = {.pool = pool};
    pool_set_poll(pool, trap_poll, &trap);
    pool_run_all(pool, 20, count_run, &tally);
    assert_int_equal(trap.calls, 0);
    assert_int_equal(total_runs(&tally), 20);
    assert_false(pool_run(pool, 20, count_run, &tally)); /* the poll is back in its place */
    pool_destroy(pool);
}

static void thread_counts_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, POOL_THREADS_MAX + 1, UINT32_MAX};
    for (size_t index = 0; index < sizeof counts / sizeof *counts; index++) {
        struct error err = {0};
        assert_null(pool_create(counts[index], &err));
        assert_int_equal(err.code, ERROR_USAGE);
        assert_non_null(strstr(err.message, "1 to 1024 are possible"));
    }
}

static void the_default_is_at_least_one_thread(void **state)
{
    (void)state;
    assert_in_range(pool_default_threads(), 1, POOL_THREADS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_task_is_run_once_by_any_number_of_threads),
        cmocka_unit_test(an_interrupted_job_skips_the_tasks_not_begun),
        cmocka_unit_test(every_job_is_polled_whoever_does_its_tasks),
        cmocka_unit_test(long_tasks_of_all_workers_learn_of_an_interruption),
        cmocka_unit_test(what_must_not_be_interrupted_is_not),
        cmocka_unit_test(thread_counts_that_make_no_sense_are_refused),
        cmocka_unit_test(the_default_is_at_least_one_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
