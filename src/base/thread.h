// SPDX-License-Identifier: MIT
/* Threads beside the main one. */
#ifndef FMNIST_BASE_THREAD_H
#define FMNIST_BASE_THREAD_H

#include <pthread.h>

/* Starts a thread that leaves signals to the main thread, but for those that a crash of its own
 * raises: where these are blocked the system ends the process without asking its handlers. Returns
 * 0 or an errno value. */
int thread_start(pthread_t *thread, void *(*body)(void *argument), void *argument);

#endif
