// SPDX-License-Identifier: MIT
#define KERNEL_FLOATS 8
#define KERNEL_REGISTERS 16
#include "nn/planes/kernels.h"

const struct plane_kernels PLANES_AVX2 = PLANE_KERNELS;
