// SPDX-License-Identifier: MIT
#ifndef FMNIST_BENCH_PEAK_H
#define FMNIST_BENCH_PEAK_H

#include "fmnist/base/pool.h"
#include "fmnist/nn/isa.h"

/* The most floating-point operations a second (multiplications and additions, single precision)
 * that the pool's threads together reach with vectors of an instruction set, which must be
 * supported; for ISA_REFERENCE with those of the best one. Takes some 150 ms. Owner's thread. */
double peak_measure(struct pool *pool, enum isa isa);

#endif
