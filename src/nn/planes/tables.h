// SPDX-License-Identifier: MIT
/* The kernels of each instruction set; which of them exist is up to configure. */
#ifndef FMNIST_NN_PLANES_TABLES_H
#define FMNIST_NN_PLANES_TABLES_H

#include "fmnist/nn/isa.h"
#include "nn/planes/planes.h"

extern const struct plane_kernels PLANES_AVX512;
extern const struct plane_kernels PLANES_AVX2;
extern const struct plane_kernels PLANES_GENERIC;

/* The kernels for an instruction set; NULL for ISA_REFERENCE and those that were not built. */
const struct plane_kernels *plane_kernels_at(enum isa isa);

#endif
