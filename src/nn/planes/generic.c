// SPDX-License-Identifier: MIT
#define KERNEL_FLOATS 4
#ifdef __aarch64__
#define KERNEL_REGISTERS 32
#else
#define KERNEL_REGISTERS 16
#endif
#include "nn/planes/kernels.h"

const struct plane_kernels PLANES_GENERIC = PLANE_KERNELS;
