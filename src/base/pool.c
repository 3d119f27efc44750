// SPDX-License-Identifier: MIT
#include "fmnist/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/board.h"
#include "base/memory.h"
#include "base/thread.h"

/* How often a thread looks for work, or for the end of it, before it sleeps: some 50 us, about what
 * waking a thread costs. The layers of a small network follow one another faster than that. */
enum { POOL_SPINS = 1500 };

struct worker {
    struct pool *pool;
    unsigned number;
    pthread_t thread;
};

struct pool {
    unsigned threads;
    unsigned spins; /* none where threads share cores: they would keep one another waiting */
    struct worker *workers; /* worker 0 is the owner and has no thread here */
    struct board own;       /* this process's alone */
    struct board common;    /* with partners; no workers: there are none */
    struct pool_partners partners;
    pool_poll poll; /* owner's thread only */
    void *poll_context;

    /* The current job: written by the owner before it raises `job`, read by workers after they saw
     * that, and not written again before `busy` is zero. */
    struct board *board;
    pool_task task;
    void *context;
    atomic_bool interrupted;

    /* Whoever sleeps says so before a last look at what it waits for, and whoever changes that
     * looks for sleepers afterwards; both in the one order of sequentially consistent atomics. */
    atomic_ulong job; /* number of the current job */
    atomic_uint busy; /* workers still in it */
    atomic_bool quit;
    atomic_uint asleep; /* workers in work_ready */
    atomic_bool owner_asleep;
    pthread_mutex_t lock; /* for the conditions only */
    pthread_cond_t work_ready;
    pthread_cond_t work_done;
};

bool pool_interrupted(struct pool *pool, unsigned worker)
{
    if (atomic_load_explicit(&pool->interrupted, memory_order_relaxed))
        return true;
    if (worker != pool->board->first || !pool->poll || !pool->poll(pool->poll_context))
        return false;
    atomic_store_explicit(&pool->interrupted, true, memory_order_relaxed);
    return true;
}

/* Runs what is left of the share of `owner`; false once the job was interrupted. */
static bool pool_work_share(struct pool *pool, unsigned owner, unsigned worker)
{
    size_t index;
    while (board_take(pool->board, owner, &index)) {
        if (pool_interrupted(pool, worker))
            return false;
        pool->task(pool->context, index, worker);
    }
    return true;
}

/* Takes tasks of the current job until none is left, beginning with the worker's own share. */
static void pool_work(struct pool *pool, unsigned number)
{
    unsigned workers = pool->board->workers, worker = pool->board->first + number;
    for (unsigned offset = 0; offset < workers; offset++)
        if (!pool_work_share(pool, (worker + offset) % workers, worker))
            return;
}

static bool worker_has_work(struct pool *pool, unsigned long seen)
{
    return atomic_load(&pool->job) != seen || atomic_load(&pool->quit);
}

/* Waits for a job after number `seen`, or for the end. */
static void worker_wait(struct pool *pool, unsigned long seen)
{
    for (unsigned spin = 0; spin < pool->spins; spin++) {
        if (worker_has_work(pool, seen))
            return;
        spin_pause();
    }
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->asleep, 1);
    while (!worker_has_work(pool, seen))
        pthread_cond_wait(&pool->work_ready, &pool->lock);
    atomic_fetch_sub(&pool->asleep, 1);
    pthread_mutex_unlock(&pool->lock);
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    unsigned long seen = 0;
    for (;;) {
        worker_wait(pool, seen);
        if (atomic_load(&pool->quit))
            return NULL;
        seen++; /* no job begins before all workers have ended the one before */
        pool_work(pool, worker->number);
        if (atomic_fetch_sub(&pool->busy, 1) == 1 && atomic_load(&pool->owner_asleep)) {
            pthread_mutex_lock(&pool->lock);
            pthread_cond_signal(&pool->work_done);
            pthread_mutex_unlock(&pool->lock);
        }
    }
}

static void pool_wake_workers(struct pool *pool)
{
    if (atomic_load(&pool->asleep) == 0)
        return;
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->work_ready);
    pthread_mutex_unlock(&pool->lock);
}

/* Waits until all workers have left the current job. */
static void pool_wait(struct pool *pool)
{
    for (unsigned spin = 0; spin < pool->spins; spin++) {
        if (atomic_load(&pool->busy) == 0)
            return;
        spin_pause();
    }
    pthread_mutex_lock(&pool->lock);
    atomic_store(&pool->owner_asleep, true);
    while (atomic_load(&pool->busy) > 0)
        pthread_cond_wait(&pool->work_done, &pool->lock);
    atomic_store(&pool->owner_asleep, false);
    pthread_mutex_unlock(&pool->lock);
}

/* Starts the threads. Returns 0 or an errno value. */
static int pool_start(struct pool *pool, unsigned threads)
{
    int result = 0;
    for (pool->threads = 1; pool->threads < threads && result == 0;) {
        struct worker *worker = &pool->workers[pool->threads];
        worker->pool = pool;
        worker->number = pool->threads;
        result = thread_start(&worker->thread, worker_main, worker);
        if (result == 0)
            pool->threads++;
    }
    return result;
}

static bool pool_make_board(struct pool *pool, unsigned threads, struct error *err)
{
    void *shares = NULL;
    size_t size = threads * sizeof *pool->own.shares;
    if (posix_memalign(&shares, BOARD_LINE, size) != 0) {
        error_set(err, ERROR_MEMORY, "no memory for %u threads", threads);
        return false;
    }
    pool->own =
        (struct board){.workers = threads, .processes = 1, .shares = memset(shares, 0, size)};
    pool->board = &pool->own;
    return true;
}

struct pool *pool_create(unsigned threads, struct error *err)
{
    if (threads == 0 || threads > POOL_THREADS_MAX) {
        error_set(err, ERROR_USAGE, "%u threads asked for: 1 to %d are possible", threads,
                  POOL_THREADS_MAX);
        return NULL;
    }
    struct pool *pool = memory_array(1, sizeof *pool, err);
    if (!pool)
        return NULL;
    pool->workers = memory_array(threads, sizeof *pool->workers, err);
    if (!pool->workers || !pool_make_board(pool, threads, err)) {
        free(pool->workers);
        free(pool);
        return NULL;
    }
    pool->spins = threads <= pool_default_threads() ? POOL_SPINS : 0;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work_ready, NULL);
    pthread_cond_init(&pool->work_done, NULL);
    int result = pool_start(pool, threads);
    if (result != 0) {
        error_set_errno(err, result, "cannot start thread %u of %u", pool->threads + 1, threads);
        pool_destroy(pool);
        return NULL;
    }
    return pool;
}

void pool_destroy(struct pool *pool)
{
    if (!pool)
        return;
    atomic_store(&pool->quit, true);
    pool_wake_workers(pool);
    for (unsigned worker = 1; worker < pool->threads; worker++)
        pthread_join(pool->workers[worker].thread, NULL);
    pthread_cond_destroy(&pool->work_done);
    pthread_cond_destroy(&pool->work_ready);
    pthread_mutex_destroy(&pool->lock);
    if (pool_has_partners(pool))
        (void)munmap(pool->partners.memory,
                     pool_partners_size(pool->common.processes, pool->common.workers));
    free(pool->own.shares);
    free(pool->workers);
    free(pool);
}

unsigned pool_workers(const struct pool *pool)
{
    return pool_has_partners(pool) ? pool->common.workers : pool->threads;
}

unsigned pool_threads(const struct pool *pool)
{
    return pool->threads;
}

void pool_set_poll(struct pool *pool, pool_poll poll, void *context)
{
    pool->poll = poll;
    pool->poll_context = context;
}

/* Runs a job on this board. */
static bool pool_run_on(struct pool *pool, struct board *board, size_t count, pool_task task,
                        void *context)
{
    pool->board = board;
    atomic_store_explicit(&pool->interrupted, false, memory_order_relaxed);
    /* The other workers may leave the owner no task to ask before. */
    if (pool_interrupted(pool, board->first) || board_failed(board))
        return false;
    pool->task = task;
    pool->context = context;
    board_begin(board, count);
    bool shared = pool->threads > 1 && count > 1;
    if (shared) {
        atomic_store(&pool->busy, pool->threads - 1);
        atomic_fetch_add(&pool->job, 1);
        pool_wake_workers(pool);
    }
    pool_work(pool, 0);
    if (shared)
        pool_wait(pool);
    return board_meet(board) && !atomic_load_explicit(&pool->interrupted, memory_order_relaxed);
}

bool pool_run(struct pool *pool, size_t count, pool_task task, void *context)
{
    return pool_run_on(pool, pool_has_partners(pool) ? &pool->common : &pool->own, count, task,
                       context);
}

void pool_run_own(struct pool *pool, size_t count, pool_task task, void *context)
{
    pool_poll poll = pool->poll;
    pool->poll = NULL;
    (void)pool_run_on(pool, &pool->own, count, task, context);
    pool->poll = poll;
}

void pool_run_all(struct pool *pool, size_t count, pool_task task, void *context)
{
    pool_poll poll = pool->poll;
    pool->poll = NULL;
    (void)pool_run(pool, count, task, context);
    pool->poll = poll;
}

size_t pool_partners_size(unsigned processes, unsigned workers)
{
    return board_size(processes, workers);
}

void pool_join(struct pool *pool, const struct pool_partners *partners)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    pool->partners = *partners;
    pool->common = (struct board){
        .workers = partners->workers,
        .first = partners->first,
        .processes = partners->processes,
        .process = partners->process,
        .spins = online > 0 && partners->workers <= (unsigned long)online ? POOL_SPINS : 0,
        .limit = partners->limit,
        .hurried_at = partners->hurried_at,
    };
    board_place(&pool->common, partners->memory);
}

bool pool_has_partners(const struct pool *pool)
{
    return pool->common.workers > 0;
}

bool pool_leads(const struct pool *pool)
{
    return pool->common.process == 0;
}

bool pool_meet(struct pool *pool)
{
    return board_meet(&pool->common);
}

void pool_give_up(struct pool *pool)
{
    board_give_up(&pool->common);
}

bool pool_lost(const struct pool *pool, unsigned *process)
{
    if (process)
        *process = pool->common.late;
    return board_failed(&pool->common);
}

struct arena *pool_arena(struct pool *pool, size_t bytes, struct error *err)
{
    const struct pool_partners *partners = &pool->partners;
    if (!pool_has_partners(pool))
        return arena_create(bytes, err);
    void *pages = partners->map(partners->context, bytes, err);
    return pages ? arena_adopt(pages, bytes, err) : NULL;
}

unsigned pool_default_threads(void)
{
#ifdef CPU_COUNT
    cpu_set_t mask;
    if (sched_getaffinity(0, sizeof mask, &mask) == 0 && CPU_COUNT(&mask) > 0)
        return (unsigned)CPU_COUNT(&mask);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    if (online < 1)
        return 1;
    return online < POOL_THREADS_MAX ? (unsigned)online : POOL_THREADS_MAX;
}
