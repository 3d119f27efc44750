// SPDX-License-Identifier: MIT
/*
 * The engine's number type: float. The tests build the engine a second time with FMNIST_DOUBLE, so
 * that finite differences check the very code that trains.
 */
#ifndef FMNIST_NN_REAL_H
#define FMNIST_NN_REAL_H

#ifdef FMNIST_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#endif
