// SPDX-License-Identifier: MIT
/* What of the machine explains a result. */
#ifndef FMNIST_BENCH_MACHINE_H
#define FMNIST_BENCH_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/rounds.h"
#include "fmnist/base/error.h"

/* Writes the CPU's name as the system has it to `name`, "unknown" where it has none; returns it. */
const char *machine_cpu(char *name, size_t size);

/* Seconds that a cache line takes from one core to another and back, several rounds of it: cores of
 * virtual machines may be near or far, and that changes. No rounds where there is one CPU only.
 * False with `err` set where the second thread cannot be had. */
bool machine_round_trip(struct rounds *rounds, struct error *err);

/* The most memory, in bytes, that the process has held so far; 0 where the system does not say. */
size_t machine_peak_memory(void);

#endif
