// SPDX-License-Identifier: MIT
#include "nn/lanes/tables.h"

const struct lane_kernels *lane_kernels_best(void)
{
#ifdef HAVE_X86_KERNELS
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq"))
        return &LANES_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &LANES_AVX2;
#endif
    return &LANES_PORTABLE;
}
