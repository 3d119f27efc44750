// SPDX-License-Identifier: MIT
/* Counts the allocations of the whole process, libraries and all threads included. To be linked
 * into a test: its malloc() and relatives stand before the C library's. Not with sanitizers, which
 * have their own. */
#ifndef FMNIST_TESTS_BASE_ALLOCATIONS_H
#define FMNIST_TESTS_BASE_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* False where the build cannot count: then the number is always 0. */
bool allocations_are_counted(void);

/* How many blocks were asked for since the start. */
size_t allocations_count(void);

/* From now on the allocation of that number (1: the next) fails, of whatever thread; 0: none. */
void allocations_fail(size_t number);

#endif
