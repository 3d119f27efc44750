// SPDX-License-Identifier: MIT
#include "base/patience.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"

/* Open MPI's mpirun tells ranks to end, and kills them after one second. */
static const double HURRY_SECONDS = 0.5;

/* A step of AlexNet takes much longer, and processes may share cores. */
static const double EAGER_SECONDS = 2e-3;
enum { PAUSE_NANOSECONDS = 50000 };

void patience_rest(double start)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
    if (clock_seconds() - start < EAGER_SECONDS)
        (void)sched_yield();
    else
        (void)nanosleep(&pause, NULL);
}

bool patience_over(double start, double limit, const _Atomic double *hurried_at)
{
    double now = clock_seconds(), hurried = hurried_at ? atomic_load(hurried_at) : 0;
    if (hurried > 0 && now - (hurried > start ? hurried : start) > HURRY_SECONDS)
        return true;
    return now - start > limit;
}
