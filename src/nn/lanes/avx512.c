// SPDX-License-Identifier: MIT
#define LANES 16
#define KERNEL_REGISTERS 32
#include "nn/lanes/kernels.h"
#include "nn/lanes/tables.h"

const struct lane_kernels LANES_AVX512 = LANE_KERNELS("AVX-512");
