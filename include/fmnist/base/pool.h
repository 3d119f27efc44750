// SPDX-License-Identifier: MIT
/*
 * The engine's thread pool. One thread (the trainer's) owns it and is its worker 0; the others
 * sleep until pool_run() hands out the tasks of one job. Which worker runs which task is left to
 * chance, so a task must write only what belongs to its index: then results do not depend on the
 * thread count.
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

/* One task of a job: `index` counts from 0 to count - 1, `worker` from 0 to pool_threads() - 1. */
typedef void (*pool_task)(void *context, size_t index, unsigned worker);

/* Returns true when the job under way is to be given up. Called on the owner's thread only. */
typedef bool (*pool_poll)(void *context);

/* Starts `threads` - 1 threads; NULL with `err` set where the system refuses one. */
struct pool *pool_create(unsigned threads, struct error *err);

/* Ends the threads and frees the pool; no job may be running. */
void pool_destroy(struct pool *pool);

unsigned pool_threads(const struct pool *pool);

/* Sets the function that can interrupt jobs, NULL for none. Owner's thread, between jobs. */
void pool_set_poll(struct pool *pool, pool_poll poll, void *context);

/* Runs task(context, index, worker) for every index below `count` and waits for all of them.
 * Returns false where the job was interrupted: then some tasks were not run. Owner's thread. */
bool pool_run(struct pool *pool, size_t count, pool_task task, void *context);

/* The same, without asking the poll function: runs them all. */
void pool_run_all(struct pool *pool, size_t count, pool_task task, void *context);

/* Whether the running job was interrupted; from within a task, with the task's worker number. */
bool pool_interrupted(struct pool *pool, unsigned worker);

/* How many threads this process may run at once: the size of its CPU affinity mask. */
unsigned pool_default_threads(void);

#endif
