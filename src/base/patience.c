// SPDX-License-Identifier: MIT
#include "base/patience.h"

#include <stdatomic.h>

#include "base/clock.h"

/* Open MPI's mpirun tells ranks to end, and kills them after one second. */
static const double HURRY_SECONDS = 0.5;

bool patience_over(double start, double limit, const _Atomic double *hurried_at)
{
    double now = clock_seconds(), hurried = hurried_at ? atomic_load(hurried_at) : 0;
    if (hurried > 0 && now - (hurried > start ? hurried : start) > HURRY_SECONDS)
        return true;
    return now - start > limit;
}
