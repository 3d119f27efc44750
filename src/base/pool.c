// SPDX-License-Identifier: MIT
#include "fmnist/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread.h"

/* How often a thread looks for work, or for the end of it, before it sleeps: some 50 us, about what
 * waking a thread costs. The layers of a small network follow one another faster than that. */
enum { POOL_SPINS = 1500 };

struct worker {
    struct pool *pool;
    unsigned number;
    pthread_t thread;

    /* Its share of the current job: tasks from `next` to below `end`. It takes them first, and then
     * those that others have not come to, so that in the next job over the same data it finds in
     * its cache what it wrote in this one. */
    _Alignas(64) atomic_size_t next;
    size_t end;
};

struct pool {
    unsigned threads;
    unsigned spins; /* none where threads share cores: they would keep one another waiting */
    struct worker *workers; /* worker 0 is the owner and has no thread here */
    pool_poll poll;         /* owner's thread only */
    void *poll_context;

    /* The current job: written by the owner before it raises `job`, read by workers after they saw
     * that, and not written again before `busy` is zero. */
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

/* Lets the core know that this thread only waits. */
static inline void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

bool pool_interrupted(struct pool *pool, unsigned worker)
{
    if (atomic_load_explicit(&pool->interrupted, memory_order_relaxed))
        return true;
    if (worker != 0 || !pool->poll || !pool->poll(pool->poll_context))
        return false;
    atomic_store_explicit(&pool->interrupted, true, memory_order_relaxed);
    return true;
}

/* Runs what is left of a share; false once the job was interrupted. */
static bool pool_work_share(struct pool *pool, struct worker *share, unsigned worker)
{
    for (;;) {
        size_t index = atomic_fetch_add_explicit(&share->next, 1, memory_order_relaxed);
        if (index >= share->end)
            return true;
        if (pool_interrupted(pool, worker))
            return false;
        pool->task(pool->context, index, worker);
    }
}

/* Takes tasks of the current job until none is left, beginning with the worker's own share. */
static void pool_work(struct pool *pool, unsigned worker)
{
    for (unsigned offset = 0; offset < pool->threads; offset++) {
        unsigned owner = (worker + offset) % pool->threads;
        if (!pool_work_share(pool, &pool->workers[owner], worker))
            return;
    }
}

static void pool_deal(struct pool *pool, size_t count)
{
    size_t first = 0;
    for (unsigned worker = 0; worker < pool->threads; worker++) {
        size_t share = count / pool->threads + (worker < count % pool->threads);
        atomic_store_explicit(&pool->workers[worker].next, first, memory_order_relaxed);
        pool->workers[worker].end = first += share;
    }
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
    void *workers = NULL;
    if (posix_memalign(&workers, _Alignof(struct worker), threads * sizeof *pool->workers) != 0) {
        error_set(err, ERROR_MEMORY, "no memory for %u threads", threads);
        free(pool);
        return NULL;
    }
    pool->workers = memset(workers, 0, threads * sizeof *pool->workers);
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
    free(pool->workers);
    free(pool);
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

bool pool_run(struct pool *pool, size_t count, pool_task task, void *context)
{
    atomic_store_explicit(&pool->interrupted, false, memory_order_relaxed);
    if (pool_interrupted(pool, 0)) /* the other workers may leave the owner no task to ask before */
        return false;
    pool->task = task;
    pool->context = context;
    pool_deal(pool, count);
    bool shared = pool->threads > 1 && count > 1;
    if (shared) {
        atomic_store(&pool->busy, pool->threads - 1);
        atomic_fetch_add(&pool->job, 1);
        pool_wake_workers(pool);
    }
    pool_work(pool, 0);
    if (shared)
        pool_wait(pool);
    return !atomic_load_explicit(&pool->interrupted, memory_order_relaxed);
}

void pool_run_all(struct pool *pool, size_t count, pool_task task, void *context)
{
    pool_poll poll = pool->poll;
    pool->poll = NULL;
    (void)pool_run(pool, count, task, context);
    pool->poll = poll;
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
