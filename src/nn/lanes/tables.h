// SPDX-License-Identifier: MIT
/* The kernels of each instruction set; which of them exist is up to configure. */
#ifndef FMNIST_NN_LANES_TABLES_H
#define FMNIST_NN_LANES_TABLES_H

#include "fmnist/nn/isa.h"
#include "nn/lanes/lanes.h"

extern const struct lane_kernels LANES_AVX512; /* F, VL, DQ: 32 registers */
extern const struct lane_kernels LANES_AVX2;   /* with FMA */
extern const struct lane_kernels LANES_GENERIC;

/* The kernels for an instruction set; NULL for ISA_REFERENCE and those that were not built. */
const struct lane_kernels *lane_kernels_at(enum isa isa);

#endif
