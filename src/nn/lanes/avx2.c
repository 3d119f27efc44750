// SPDX-License-Identifier: MIT
#define LANES 8
#define KERNEL_REGISTERS 16
#include "nn/lanes/kernels.h"
#include "nn/lanes/tables.h"

const struct lane_kernels LANES_AVX2 = LANE_KERNELS("AVX2");
