// SPDX-License-Identifier: MIT
/* All kernels of planes.h for the instruction set that the including file is compiled for; it
 * defines KERNEL_FLOATS and KERNEL_REGISTERS before, and gives PLANE_KERNELS a name. */
#ifndef FMNIST_NN_PLANES_KERNELS_H
#define FMNIST_NN_PLANES_KERNELS_H

#include "nn/planes/direct.h"
#include "nn/planes/fourier.h"
#include "nn/planes/multiply.h"
#include "nn/planes/norm.h"
#include "nn/planes/pool.h"
#include "nn/planes/tables.h"
#include "nn/planes/winograd.h"

#define PLANE_KERNELS                                                                              \
    {                                                                                              \
        .winograd = &WINOGRAD, .fourier = &FOURIER, .multiply = multiply, .correlate = correlate,  \
        .rectify = rectify, .rectify_gradient = rectify_gradient, .pool = pool,                    \
        .pool_gradient = pool_gradient, .normalize = normalize,                                    \
        .normalize_gradient = normalize_gradient, .direct = direct, .direct_taps = direct_taps,    \
    }

#endif
