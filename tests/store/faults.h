// SPDX-License-Identifier: MIT
/* Makes system calls and allocations of what is tested fail when told. Link with $(store_faults),
 * which has the linker send the calls here. One thread. */
#ifndef FMNIST_TESTS_STORE_FAULTS_H
#define FMNIST_TESTS_STORE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

enum fault {
    FAULT_OPEN = 1, /* open, openat */
    FAULT_WRITE = 2,
    FAULT_SYNC = 4, /* fsync */
    FAULT_CLOSE = 8,
    FAULT_RENAME = 16,    /* renameat */
    FAULT_STATUS = 32,    /* fstat */
    FAULT_DUPLICATE = 64, /* fcntl */
    FAULT_READ = 128,
    FAULT_ALLOCATION = 256, /* malloc, calloc, realloc, strdup, strndup */
    FAULT_CALLS = 255,      /* all but allocations */
};

/* From now on counts the calls of these kinds (a sum), and has the one of that number, from 1, fail
 * with errno set to `reason`. Number 0: only count. */
void faults_arm(unsigned kinds, size_t number, int reason);

/* Ends it; returns how many calls of the kinds there were. */
size_t faults_disarm(void);

/* While on, write() and read() pass at most 7 bytes, and each second call of them and of fsync() is
 * interrupted by a signal. */
void faults_dribble(bool on);

/* How often each of the two was met by dribbling. */
size_t faults_interruptions(void);

/* Calls `when` once, at the next read() of more than one byte; NULL: not any more. */
void faults_before_read(void (*when)(void *context), void *context);

#endif
