// SPDX-License-Identifier: MIT
/*
 * The engine's thread pool. One thread (the trainer's) owns it and is its worker 0; the others
 * sleep until pool_run() hands out the tasks of one job. Which worker runs which task is left to
 * chance, so a task must write only what belongs to its index: then results do not depend on the
 * thread count.
 *
 * Several processes can have one pool in common (pool_join): each calls the same functions in the
 * same order, and a job's tasks are run by the threads of all. What tasks work on must then lie in
 * memory that all share (pool_arena), and what is done between jobs must be done by the first
 * process alone (pool_leads, then pool_meet) where it changes that memory.
 *
 * A job can be interrupted: first of all and between its own tasks the owner calls the poll
 * function, and when that says so the tasks not yet begun are skipped. A task that runs for more
 * than some 20 ms asks pool_interrupted() in its loop.
 */
#ifndef FMNIST_BASE_POOL_H
#define FMNIST_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

enum { POOL_THREADS_MAX = 1024 };

struct pool;

/* One task of a job: `index` counts from 0 to count - 1, `worker` from 0 to pool_workers() - 1. */
typedef void (*pool_task)(void *context, size_t index, unsigned worker);

/* Returns true when the job under way is to be given up. Called on the owner's thread only. */
typedef bool (*pool_poll)(void *context);

/* Starts `threads` - 1 threads; NULL with `err` set where the system refuses one. */
struct pool *pool_create(unsigned threads, struct error *err);

/* Ends the threads and frees the pool; no job may be running. */
void pool_destroy(struct pool *pool);

/* Threads of this process, its owner included; and of all that have the pool in common. */
unsigned pool_threads(const struct pool *pool);
unsigned pool_workers(const struct pool *pool);

/* Sets the function that can interrupt jobs, NULL for none. Owner's thread, between jobs. */
void pool_set_poll(struct pool *pool, pool_poll poll, void *context);

/* Runs task(context, index, worker) for every index below `count` and waits for all of them.
 * Returns false where the job was interrupted: then some tasks were not run. Owner's thread. */
bool pool_run(struct pool *pool, size_t count, pool_task task, void *context);

/* The same, without asking the poll function: runs them all. */
void pool_run_all(struct pool *pool, size_t count, pool_task task, void *context);

/* The same for this process alone, whether it has partners or not. */
void pool_run_own(struct pool *pool, size_t count, pool_task task, void *context);

/* The processes that have a pool in common. */
struct pool_partners {
    unsigned processes, process; /* how many, and which this one is */
    unsigned workers, first;     /* threads of all, and how many are those of processes before it */
    void *memory;                /* pool_partners_size() bytes that all share, zeros at first; the
                                    pool gives them back by munmap() */
    double limit;                /* seconds to wait for one another */
    const _Atomic double *hurried_at; /* clock_seconds() since when none are left; NULL: never */

    /* Maps zeros that all share, to be given back by munmap(); NULL on all of them with `err` set
     * where one cannot. All call it at the same time. */
    void *(*map)(void *context, size_t bytes, struct error *err);
    void *context;
};

size_t pool_partners_size(unsigned processes, unsigned workers);

/* From now on has the pool in common with them; before the first pool_arena(). The poll function
 * must not interrupt such a pool's jobs. */
void pool_join(struct pool *pool, const struct pool_partners *partners);
bool pool_has_partners(const struct pool *pool);

/* Whether this is the first process, which does alone what must be done once; and waits until all
 * are here. Alone it is and does nothing. */
bool pool_leads(const struct pool *pool);
bool pool_meet(struct pool *pool);

/* Lets the partners know that this process cannot go on. */
void pool_give_up(struct pool *pool);

/* Whether one of the processes did not come in time, for good; *process is which, or their number
 * where another one knows. */
bool pool_lost(const struct pool *pool, unsigned *process);

/* Memory that tasks work on: an arena, of all processes. */
struct arena;
struct arena *pool_arena(struct pool *pool, size_t bytes, struct error *err);

/* Whether the running job was interrupted; from within a task, with the task's worker number. */
bool pool_interrupted(struct pool *pool, unsigned worker);

/* How many threads this process may run at once: the size of its CPU affinity mask. */
unsigned pool_default_threads(void);

#endif
