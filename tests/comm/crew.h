// SPDX-License-Identifier: MIT
/* Ranks that are threads of one process: what MPI would do, for tests of what divides work. */
#ifndef FMNIST_TESTS_COMM_CREW_H
#define FMNIST_TESTS_COMM_CREW_H

#include "fmnist/comm/comm.h"

enum { CREW_MAX = 12 };

/* Runs body(context, comm) on `size` threads, each with a comm of its own, which is closed after
 * it; returns when all have ended. Fails the test where a thread cannot be had. */
void crew_run(unsigned size, void (*body)(void *context, struct comm *comm), void *context);

#endif
