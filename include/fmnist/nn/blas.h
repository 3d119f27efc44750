// SPDX-License-Identifier: MIT
/*
 * What must be known of OpenBLAS, which multiplies matrices where there is no kernel of our own.
 *
 * It would start threads of its own, beside those of the engine's pool. For each thread that calls
 * it while others do, it maps a buffer for ever, and where it cannot it tries again without end. It
 * chooses its kernels by the CPU and by $OPENBLAS_CORETYPE, and they differ in rounding.
 */
#ifndef FMNIST_NN_BLAS_H
#define FMNIST_NN_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

/* Holds OpenBLAS to the calling thread, whatever the environment says, and checks that its buffers
 * for `callers` threads can be had beside `reserve` bytes that the program will take later. False
 * with `err` set where they cannot. To be called before the first product; any thread. */
bool blas_prepare(unsigned callers, size_t reserve, struct error *err);

/* The name of its kernels, "SkylakeX" or so. */
const char *blas_core(void);

#endif
