// SPDX-License-Identifier: MIT
#define KERNEL_FLOATS 16
#define KERNEL_REGISTERS 32
#include "nn/planes/kernels.h"

const struct plane_kernels PLANES_AVX512 = PLANE_KERNELS;
