// SPDX-License-Identifier: MIT
/* How long one process waits for another one. */
#ifndef FMNIST_BASE_PATIENCE_H
#define FMNIST_BASE_PATIENCE_H

#include <stdbool.h>

/* Whether a wait since `start` (clock_seconds()) has been longer than `limit` seconds; or than half
 * a second since this process was told to hurry, at *hurried_at: 0 for never, NULL where nobody
 * would. */
bool patience_over(double start, double limit, const _Atomic double *hurried_at);

/* Lets others have the core, in a wait since `start`: at first it comes back as soon as they let
 * it, later it sleeps. */
void patience_rest(double start);

#endif
