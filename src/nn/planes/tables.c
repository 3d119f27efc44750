// SPDX-License-Identifier: MIT
#include "nn/planes/tables.h"

static const struct plane_kernels *const KERNELS[ISA_COUNT] = {
    [ISA_GENERIC] = &PLANES_GENERIC,
#ifdef HAVE_X86_KERNELS
    [ISA_AVX2] = &PLANES_AVX2,
    [ISA_AVX512] = &PLANES_AVX512,
#endif
};

const struct plane_kernels *plane_kernels_at(enum isa isa)
{
    return KERNELS[isa];
}
