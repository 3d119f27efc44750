// SPDX-License-Identifier: MIT
/* Vectors of KERNEL_FLOATS numbers, for the kernels of this folder; the file that includes it says
 * how many, and how many vector registers there are (KERNEL_REGISTERS). */
#ifndef FMNIST_NN_PLANES_VECTOR_H
#define FMNIST_NN_PLANES_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "nn/planes/planes.h"

#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(4 * KERNEL_FLOATS), may_alias));
typedef float vector_anywhere
    __attribute__((vector_size(4 * KERNEL_FLOATS), may_alias, aligned(4)));
typedef int32_t mask __attribute__((vector_size(4 * KERNEL_FLOATS), may_alias));
typedef uint8_t bytes __attribute__((vector_size(KERNEL_FLOATS), may_alias, aligned(1)));

enum { WIDTH = KERNEL_FLOATS };

INLINE vector load(const float *from)
{
    return *(const vector *)from;
}

/* A plane of the next image is PANEL numbers further on; what the processor foresees is another
 * plane. */
INLINE void prefetch_next_image(const float *plane)
{
    __builtin_prefetch(plane + PANEL, 0, 2);
}

INLINE vector load_anywhere(const float *from)
{
    return *(const vector_anywhere *)from;
}

INLINE void store(float *to, vector value)
{
    *(vector *)to = value;
}

/* Stores a number of one image and asks for the place of the next image's. */
INLINE void store_plane(float *plane, vector value)
{
    store(plane, value);
    __builtin_prefetch(plane + PANEL, 1, 2);
}

INLINE vector spread(float value)
{
    return (vector){0} + value;
}

INLINE vector choose(mask where, vector yes, vector no)
{
    return (vector)((where & (mask)yes) | (~where & (mask)no));
}

/* Keeps what is above 0, and what is no number. */
INLINE vector positive(vector value)
{
    return (vector)(~(value <= spread(0)) & (mask)value);
}

#endif
