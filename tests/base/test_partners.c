// SPDX-License-Identifier: MIT
/* Pools that processes have in common. Here these are threads, each with a pool of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fmnist/base/pool.h"

enum { PROCESSES_MAX = 4, TASKS_MAX = 100, ROUNDS = 60 };

static const double PATIENCE = 20, IMPATIENCE = 0.2;

/* What they share. */
struct yard {
    unsigned processes, threads; /* of each process */
    FILE *file;                  /* whose mappings are the memory */
    double limit;
    atomic_uint runs[TASKS_MAX];
    atomic_uint number; /* written by the first process between jobs */
};

struct process {
    struct yard *yard;
    unsigned number;
    void (*body)(struct process *process, struct pool *pool);
    pthread_t thread;
};

static void *map_nothing(void *context, size_t bytes, struct error *err)
{
    (void)context;
    (void)bytes;
    error_set(err, ERROR_MEMORY, "nothing is shared here");
    return NULL;
}

/* A mapping of its own of what all have in common, which the pool gives back. */
static void *map_yard(const struct yard *yard)
{
    size_t size = pool_partners_size(yard->processes, yard->processes * yard->threads);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(yard->file), 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

static void *process_main(void *argument)
{
    struct process *process = argument;
    const struct yard *yard = process->yard;
    struct pool *pool = pool_create(yard->threads, NULL);
    assert_non_null(pool);
    pool_join(pool, &(struct pool_partners){.processes = yard->processes,
                                            .process = process->number,
                                            .workers = yard->processes * yard->threads,
                                            .first = process->number * yard->threads,
                                            .memory = map_yard(yard),
                                            .limit = yard->limit,
                                            .map = map_nothing});
    process->body(process, pool);
    pool_destroy(pool);
    return NULL;
}

/* Runs body() in so many processes. */
static void run_processes(struct yard *yard,
                          void (*body)(struct process *process, struct pool *pool))
{
    struct process processes[PROCESSES_MAX];
    size_t size = pool_partners_size(yard->processes, yard->processes * yard->threads);
    yard->file = tmpfile();
    assert_non_null(yard->file);
    assert_int_equal(ftruncate(fileno(yard->file), (off_t)size), 0);
    for (unsigned number = 0; number < yard->processes; number++) {
        processes[number] = (struct process){.yard = yard, .number = number, .body = body};
        assert_int_equal(
            pthread_create(&processes[number].thread, NULL, process_main, &processes[number]), 0);
    }
    for (unsigned number = 0; number < yard->processes; number++)
        pthread_join(processes[number].thread, NULL);
    (void)fclose(yard->file);
}

struct job {
    struct yard *yard;
    struct pool *pool;
    bool foreign; /* a worker's number was not one of this process */
    unsigned process;
};

static void count_run(void *context, size_t index, unsigned worker)
{
    struct job *job = context;
    if (worker / job->yard->threads != job->process)
        job->foreign = true;
    atomic_fetch_add(&job->yard->runs[index], 1);
}

static void run_jobs(struct process *process, struct pool *pool)
{
    static const size_t COUNTS[] = {0, 1, 2, 7, 64, TASKS_MAX};
    struct yard *yard = process->yard;
    struct job job = {.yard = yard, .pool = pool, .process = process->number};
    assert_int_equal(pool_workers(pool), yard->processes * yard->threads);
    assert_int_equal(pool_threads(pool), yard->threads);
    unsigned expected[TASKS_MAX] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t count = COUNTS[round % (sizeof COUNTS / sizeof *COUNTS)];
        assert_true(pool_run(pool, count, count_run, &job));
        for (size_t index = 0; index < count; index++)
            expected[index]++;
        for (size_t index = 0; index < TASKS_MAX; index++)
            assert_int_equal(atomic_load(&yard->runs[index]), expected[index]);
        assert_true(pool_meet(pool)); /* before the next job counts on */
    }
    assert_false(job.foreign);
}

static void each_task_is_run_once_by_all_processes_together(void **state)
{
    (void)state;
    for (unsigned processes = 1; processes <= PROCESSES_MAX; processes++)
        for (unsigned threads = 1; threads <= 3; threads++) {
            struct yard yard = {.processes = processes, .threads = threads, .limit = PATIENCE};
            run_processes(&yard, run_jobs);
        }
}

static void lead(struct process *process, struct pool *pool)
{
    struct yard *yard = process->yard;
    assert_int_equal(pool_leads(pool), process->number == 0);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        if (pool_leads(pool))
            atomic_store_explicit(&yard->number, round, memory_order_relaxed);
        assert_true(pool_meet(pool));
        assert_int_equal(atomic_load_explicit(&yard->number, memory_order_relaxed), round);
        assert_true(pool_meet(pool));
    }
}

static void what_the_first_has_done_all_see_after_a_meeting(void **state)
{
    (void)state;
    struct yard yard = {.processes = PROCESSES_MAX, .threads = 1, .limit = PATIENCE};
    run_processes(&yard, lead);
}

static void count_own(void *context, size_t index, unsigned worker)
{
    unsigned *runs = context;
    (void)worker;
    runs[index]++;
}

/* Jobs of its own, more in one process than in the other. */
static void run_own(struct process *process, struct pool *pool)
{
    unsigned runs[TASKS_MAX] = {0};
    struct job job = {.yard = process->yard, .pool = pool, .process = process->number};
    for (unsigned round = 0; round <= process->number; round++)
        pool_run_own(pool, TASKS_MAX, count_own, runs);
    for (size_t index = 0; index < TASKS_MAX; index++)
        assert_int_equal(runs[index], process->number + 1);
    assert_true(pool_run(pool, TASKS_MAX, count_run, &job));
}

static void jobs_of_its_own_are_run_by_one_process(void **state)
{
    (void)state;
    struct yard yard = {.processes = 2, .threads = 1, .limit = PATIENCE};
    run_processes(&yard, run_own);
    for (size_t index = 0; index < TASKS_MAX; index++)
        assert_int_equal(atomic_load(&yard.runs[index]), 1);
}

/* The last process does not come to the second job. */
static void miss_one(struct process *process, struct pool *pool)
{
    struct yard *yard = process->yard;
    struct job job = {.yard = yard, .pool = pool, .process = process->number};
    unsigned late = 0;
    assert_true(pool_run(pool, 10, count_run, &job));
    assert_false(pool_lost(pool, NULL));
    if (process->number + 1 == yard->processes)
        return;
    assert_false(pool_run(pool, 10, count_run, &job));
    assert_true(pool_lost(pool, &late));
    assert_true(late == yard->processes - 1 || late == yard->processes); /* that others know */
    assert_false(pool_run(pool, 10, count_run, &job));
    assert_false(pool_meet(pool));
}

static void a_process_that_does_not_come_is_named(void **state)
{
    (void)state;
    for (unsigned processes = 2; processes <= PROCESSES_MAX; processes++) {
        struct yard yard = {.processes = processes, .threads = 2, .limit = IMPATIENCE};
        run_processes(&yard, miss_one);
    }
}

/* The first process gives up where the others wait for it. */
static void give_up_first(struct process *process, struct pool *pool)
{
    if (pool_leads(pool))
        pool_give_up(pool);
    assert_false(pool_meet(pool) && pool_meet(pool));
    assert_true(pool_lost(pool, NULL));
    (void)process;
}

static void one_that_gives_up_ends_the_waiting_of_all(void **state)
{
    (void)state;
    struct yard yard = {.processes = 3, .threads = 1, .limit = PATIENCE};
    run_processes(&yard, give_up_first);
}

/* Shared memory that cannot be had is an error, not a crash. */
static void ask_for_memory(struct process *process, struct pool *pool)
{
    struct error err = {0};
    (void)process;
    assert_null(pool_arena(pool, 100, &err));
    assert_int_equal(err.code, ERROR_MEMORY);
}

static void memory_that_cannot_be_shared_is_refused(void **state)
{
    (void)state;
    struct yard yard = {.processes = 2, .threads = 1, .limit = PATIENCE};
    run_processes(&yard, ask_for_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_task_is_run_once_by_all_processes_together),
        cmocka_unit_test(what_the_first_has_done_all_see_after_a_meeting),
        cmocka_unit_test(jobs_of_its_own_are_run_by_one_process),
        cmocka_unit_test(a_process_that_does_not_come_is_named),
        cmocka_unit_test(one_that_gives_up_ends_the_waiting_of_all),
        cmocka_unit_test(memory_that_cannot_be_shared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
