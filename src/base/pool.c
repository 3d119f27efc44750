// SPDX-License-Identifier: MIT
#include "fmnist/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

struct worker {
    struct pool *pool;
    unsigned number;
    pthread_t thread;
};

struct pool {
    unsigned threads;
    struct worker *workers; /* worker 0 is the owner and has no thread here */
    pool_poll poll;         /* owner's thread only */
    void *poll_context;

    pthread_mutex_t lock;
    pthread_cond_t work_ready; /* a new job, or quit */
    pthread_cond_t work_done;  /* busy reached zero */
    unsigned long job;         /* guarded by lock: number of the current job */
    unsigned busy;             /* guarded by lock: workers still in the current job */
    bool quit;                 /* guarded by lock */

    /* The current job: written by the owner under lock before `job` changes, read by workers. */
    pool_task task;
    void *context;
    size_t count;
    atomic_size_t next; /* first index that nobody has taken */
    atomic_bool interrupted;
};

bool pool_interrupted(struct pool *pool, unsigned worker)
{
    if (atomic_load_explicit(&pool->interrupted, memory_order_relaxed))
        return true;
    if (worker != 0 || !pool->poll || !pool->poll(pool->poll_context))
        return false;
    atomic_store_explicit(&pool->interrupted, true, memory_order_relaxed);
    return true;
}

/* Takes tasks of the current job until none is left. */
static void pool_work(struct pool *pool, unsigned worker)
{
    for (;;) {
        size_t index = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (index >= pool->count || pool_interrupted(pool, worker))
            return;
        pool->task(pool->context, index, worker);
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    unsigned long seen = 0;
    for (;;) {
        pthread_mutex_lock(&pool->lock);
        while (pool->job == seen && !pool->quit)
            pthread_cond_wait(&pool->work_ready, &pool->lock);
        bool quit = pool->quit;
        seen = pool->job;
        pthread_mutex_unlock(&pool->lock);
        if (quit)
            return NULL;
        pool_work(pool, worker->number);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->work_done);
        pthread_mutex_unlock(&pool->lock);
    }
}

/* Starts the threads with all signals blocked, so that signals reach the main thread only. Returns
 * an errno value. */
static int pool_start(struct pool *pool, unsigned threads)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = 0;
    for (pool->threads = 1; pool->threads < threads && result == 0;) {
        struct worker *worker = &pool->workers[pool->threads];
        *worker = (struct worker){.pool = pool, .number = pool->threads};
        result = pthread_create(&worker->thread, NULL, worker_main, worker);
        if (result == 0)
            pool->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
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
    pool->workers = memory_array(threads, sizeof *pool->workers, err);
    if (!pool->workers) {
        free(pool);
        return NULL;
    }
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
    pthread_mutex_lock(&pool->lock);
    pool->quit = true;
    pthread_cond_broadcast(&pool->work_ready);
    pthread_mutex_unlock(&pool->lock);
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
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->task = task;
    pool->context = context;
    pool->count = count;
    bool shared = pool->threads > 1 && count > 1;
    if (shared) {
        pthread_mutex_lock(&pool->lock);
        pool->busy = pool->threads - 1;
        pool->job++;
        pthread_cond_broadcast(&pool->work_ready);
        pthread_mutex_unlock(&pool->lock);
    }
    pool_work(pool, 0);
    if (shared) {
        pthread_mutex_lock(&pool->lock);
        while (pool->busy > 0)
            pthread_cond_wait(&pool->work_done, &pool->lock);
        pthread_mutex_unlock(&pool->lock);
    }
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
