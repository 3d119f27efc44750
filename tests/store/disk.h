// SPDX-License-Identifier: MIT
/* A disk that fails under a running program: calls on regular files fail for as long as they are
 * told to, those of libraries such as SQLite, too. Any thread. */
#ifndef FMNIST_TESTS_STORE_DISK_H
#define FMNIST_TESTS_STORE_DISK_H

enum disk_call {
    DISK_WRITE = 1, /* write, pwrite */
    DISK_SYNC = 2,  /* fsync, fdatasync */
    DISK_OPEN = 4,  /* open and openat for writing */
};

/* Calls of these kinds (a sum) fail with errno set to `reason` from now on; 0: none. */
void disk_fail(unsigned calls, int reason);

#endif
