// SPDX-License-Identifier: MIT
#include "nn/lanes/tables.h"

static const struct lane_kernels *const KERNELS[ISA_COUNT] = {
    [ISA_GENERIC] = &LANES_GENERIC,
#ifdef HAVE_X86_KERNELS
    [ISA_AVX2] = &LANES_AVX2,
    [ISA_AVX512] = &LANES_AVX512,
#endif
};

const struct lane_kernels *lane_kernels_at(enum isa isa)
{
    return KERNELS[isa];
}
