// SPDX-License-Identifier: MIT
#include "fmnist/train/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct run_command
        commands[QUEUE_SIZE + 1]; /* guarded by lock: a ring, one place kept for STOP */
    size_t first, count;          /* guarded by lock */
    atomic_size_t waiting;        /* equals count; written under lock */
    atomic_size_t interrupting;   /* those that are no learning rates; written under lock */
};

enum { QUEUE_PLACES = QUEUE_SIZE + 1 };

/* Waits for it are by a clock that nobody sets. */
static void condition_prepare(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct queue *queue_create(struct error *err)
{
    struct queue *queue = memory_array(1, sizeof *queue, err);
    if (!queue)
        return NULL;
    pthread_mutex_init(&queue->lock, NULL);
    condition_prepare(&queue->filled);
    return queue;
}

void queue_destroy(struct queue *queue)
{
    if (!queue)
        return;
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

static bool queue_replace_rate(struct queue *queue, struct run_command command)
{
    if (queue->count == 0 || command.kind != RUN_LEARNING_RATE)
        return false;
    struct run_command *last = &queue->commands[(queue->first + queue->count - 1) % QUEUE_PLACES];
    if (last->kind != RUN_LEARNING_RATE)
        return false;
    *last = command;
    return true;
}

bool queue_put(struct queue *queue, struct run_command command)
{
    pthread_mutex_lock(&queue->lock);
    size_t limit = command.kind == RUN_STOP ? QUEUE_PLACES : QUEUE_SIZE;
    bool replaced = queue_replace_rate(queue, command);
    bool fits = replaced || queue->count < limit;
    if (fits && !replaced) {
        queue->commands[(queue->first + queue->count++) % QUEUE_PLACES] = command;
        atomic_store(&queue->waiting, queue->count);
        if (command.kind != RUN_LEARNING_RATE)
            atomic_fetch_add(&queue->interrupting, 1);
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return fits;
}

/* With the lock held and a command there. */
static struct run_command queue_shift(struct queue *queue)
{
    struct run_command command = queue->commands[queue->first];
    queue->first = (queue->first + 1) % QUEUE_PLACES;
    queue->count--;
    atomic_store(&queue->waiting, queue->count);
    if (command.kind != RUN_LEARNING_RATE)
        atomic_fetch_sub(&queue->interrupting, 1);
    return command;
}

bool queue_take(struct queue *queue, struct run_command *command)
{
    pthread_mutex_lock(&queue->lock);
    bool found = queue->count > 0;
    if (found)
        *command = queue_shift(queue);
    pthread_mutex_unlock(&queue->lock);
    return found;
}

bool queue_take_rate(struct queue *queue, double *learning_rate)
{
    pthread_mutex_lock(&queue->lock);
    bool found = queue->count > 0 && queue->commands[queue->first].kind == RUN_LEARNING_RATE;
    if (found)
        *learning_rate = queue_shift(queue).learning_rate;
    pthread_mutex_unlock(&queue->lock);
    return found;
}

void queue_wait(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0)
        pthread_cond_wait(&queue->filled, &queue->lock);
    pthread_mutex_unlock(&queue->lock);
}

/* The moment that many seconds from now. */
static struct timespec moment_after(double seconds)
{
    enum { NANOSECONDS = 1000000000 };
    struct timespec moment;
    (void)clock_gettime(CLOCK_MONOTONIC, &moment);
    long whole = (long)seconds, part = (long)((seconds - (double)whole) * NANOSECONDS);
    moment.tv_sec += whole + (moment.tv_nsec + part) / NANOSECONDS;
    moment.tv_nsec = (moment.tv_nsec + part) % NANOSECONDS;
    return moment;
}

void queue_wait_for(struct queue *queue, double seconds)
{
    struct timespec end = moment_after(seconds);
    int result = 0;
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0 && result == 0)
        result = pthread_cond_timedwait(&queue->filled, &queue->lock, &end);
    pthread_mutex_unlock(&queue->lock);
}

bool queue_interrupts(const struct queue *queue)
{
    return atomic_load_explicit(&queue->interrupting, memory_order_relaxed) > 0;
}

bool queue_empty(const struct queue *queue)
{
    return atomic_load_explicit(&queue->waiting, memory_order_relaxed) == 0;
}
