// SPDX-License-Identifier: MIT
/*
 * The commands on their way to the thread of a trainer or watcher, first in, first out. Any thread
 * may put one in without waiting for that thread, which takes them out.
 */
#ifndef FMNIST_TRAIN_QUEUE_H
#define FMNIST_TRAIN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/train/command.h"

enum { QUEUE_SIZE = 256 };

struct queue;

struct queue *queue_create(struct error *err);
void queue_destroy(struct queue *queue);

/* Puts a command in. A learning rate behind a learning rate takes its place. When QUEUE_SIZE
 * commands wait, only RUN_STOP still gets in, and false is returned for others: nobody steers
 * so fast on purpose. */
bool queue_put(struct queue *queue, struct run_command command);

/* Takes the oldest command; false where there is none. The taker's thread. */
bool queue_take(struct queue *queue, struct run_command *command);

/* Takes the oldest command only where it is a learning rate, else returns false. The taker's
 * thread. */
bool queue_take_rate(struct queue *queue, double *learning_rate);

/* Sleeps until there is a command, or for so many seconds at most. The taker's thread. */
void queue_wait(struct queue *queue);
void queue_wait_for(struct queue *queue, double seconds);

/* What waits, without a lock: cheap enough to ask between two tasks of the engine. */
bool queue_interrupts(const struct queue *queue); /* a command other than a learning rate */
bool queue_empty(const struct queue *queue);

#endif
