// SPDX-License-Identifier: MIT
/* Who has a run in its hands holds a lock on the file `checkpoints/RUN/lock`, which ends with its
 * process. Any thread. */
#ifndef STORE_RUN_LOCK_H
#define STORE_RUN_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/base/error.h"

/* Makes the run's folder and takes its lock. Returns a descriptor, or -1 with `err` set
 * (ERROR_USAGE where another has it). Must be closed after the run's last row was written. */
int run_lock_take(const char *store_directory, int64_t run, struct error *err);
/* Takes the lock anew where its file was removed, so that others go on seeing that the run lives.
 */
void run_lock_renew(const char *store_directory, int64_t run, int *descriptor);

void run_lock_release(int descriptor); /* -1: nothing */

/* Whether somebody holds it. */
bool run_lock_held(const char *store_directory, int64_t run);

#endif
