// SPDX-License-Identifier: MIT
/*
 * Vectors for the kernels, in GCC's vector extensions. The including file defines LANES, 8 or 16,
 * and KERNEL_REGISTERS, how many vector registers there are.
 *
 * A vector is made of HALVES runs of eight lanes, and most kernels treat a run as one tile of an
 * image: what they say of eight lanes happens in two tiles at once where there are 16.
 */
#ifndef FMNIST_NN_LANES_VECTOR_H
#define FMNIST_NN_LANES_VECTOR_H

#include <stddef.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

#define INLINE static inline __attribute__((always_inline))

enum { HALVES = LANES / 8 };

/* Aligned to one number only: loads and stores may be anywhere. */
typedef float vector __attribute__((vector_size(4 * LANES), may_alias, aligned(4)));
typedef float eight __attribute__((vector_size(32), may_alias, aligned(4)));
typedef float four __attribute__((vector_size(16), may_alias, aligned(4)));
typedef int integers __attribute__((vector_size(4 * LANES), may_alias));

/* In each half: lanes 0 to 7 are those of a half of `a`, 8 to 15 those of the same half of `b`. */
#if LANES == 16
#define PLACE(lane, half) ((lane) + 8 * (half) + 8 * ((lane) / 8))
#define PICK(a, b, i0, i1, i2, i3, i4, i5, i6, i7)                                                 \
    __builtin_shufflevector((a), (b), PLACE(i0, 0), PLACE(i1, 0), PLACE(i2, 0), PLACE(i3, 0),      \
                            PLACE(i4, 0), PLACE(i5, 0), PLACE(i6, 0), PLACE(i7, 0), PLACE(i0, 1),  \
                            PLACE(i1, 1), PLACE(i2, 1), PLACE(i3, 1), PLACE(i4, 1), PLACE(i5, 1),  \
                            PLACE(i6, 1), PLACE(i7, 1))
#else
#define PICK(a, b, i0, i1, i2, i3, i4, i5, i6, i7)                                                 \
    __builtin_shufflevector((a), (b), i0, i1, i2, i3, i4, i5, i6, i7)
#endif

INLINE vector load(const float *from)
{
    return *(const vector *)from;
}

INLINE void store(float *to, vector value)
{
    *(vector *)to = value;
}

INLINE vector spread(float value)
{
    return value - (vector){0}; /* costs nothing, unlike 0 + value, which is not -0 for -0 */
}

/* A vector of eight numbers from each of two places, of those from `first` alone where there is
 * one half. */
INLINE vector load_halves(const float *first, const float *second)
{
#if LANES == 16
    return __builtin_shufflevector(*(const eight *)first, *(const eight *)second, 0, 1, 2, 3, 4, 5,
                                   6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
    (void)second;
    return load(first);
#endif
}

/* The same eight numbers in each half. */
INLINE vector load_twice(const float *from)
{
    return load_halves(from, from);
}

INLINE eight half_of(vector value, int half)
{
#if LANES == 16
    return half ? __builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15)
                : __builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7);
#else
    (void)half;
    return value;
#endif
}

INLINE four quarter_of(eight value, int quarter)
{
    return quarter ? __builtin_shufflevector(value, value, 4, 5, 6, 7)
                   : __builtin_shufflevector(value, value, 0, 1, 2, 3);
}

/* Transposes the 8x8 numbers of each half. */
INLINE void transpose(vector rows[8])
{
    vector pairs[8], quads[8];
    UNROLL
    for (int row = 0; row < 8; row += 2) {
        pairs[row] = PICK(rows[row], rows[row + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        pairs[row + 1] = PICK(rows[row], rows[row + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    UNROLL
    for (int row = 0; row < 8; row += 4) {
        quads[row] = PICK(pairs[row], pairs[row + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        quads[row + 1] = PICK(pairs[row], pairs[row + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        quads[row + 2] = PICK(pairs[row + 1], pairs[row + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        quads[row + 3] = PICK(pairs[row + 1], pairs[row + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    UNROLL
    for (int row = 0; row < 4; row++) {
        rows[row] = PICK(quads[row], quads[row + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[row + 4] = PICK(quads[row], quads[row + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/* In each half the sums of neighbours: four from `a`, four from `b`. */
INLINE vector pair_sums(vector a, vector b)
{
    return PICK(a, b, 0, 2, 4, 6, 8, 10, 12, 14) + PICK(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
}

/* The sums of the lanes of eight vectors. */
INLINE eight lane_sums(const vector values[8])
{
    vector columns[8];
    memcpy(columns, values, sizeof columns);
    transpose(columns);
    vector sum = ((columns[0] + columns[1]) + (columns[2] + columns[3])) +
                 ((columns[4] + columns[5]) + (columns[6] + columns[7]));
#if LANES == 16
    return half_of(sum, 0) + half_of(sum, 1);
#else
    return sum;
#endif
}

/* Limits to [-limit, limit]; NaN stays NaN. x86's minimum and maximum give the second operand where
 * one is NaN. */
INLINE vector clamp(vector x, float limit)
{
#if LANES == 16 && defined(__AVX512F__)
    return (vector)_mm512_max_ps((__m512)spread(-limit),
                                 _mm512_min_ps((__m512)spread(limit), (__m512)x));
#elif LANES == 8 && defined(__AVX2__)
    return (vector)_mm256_max_ps((__m256)spread(-limit),
                                 _mm256_min_ps((__m256)spread(limit), (__m256)x));
#else
    vector most = spread(limit);
    integers above = x > most, below = x < -most;
    return (vector)((above & (integers)most) | (below & (integers)-most) |
                    (~(above | below) & (integers)x));
#endif
}

/* a / b for b that are neither tiny nor huge. An estimate of 1 / b of 14 bits and a step of
 * Newton's method take a fraction of the time of a division where there is such an estimate. */
INLINE vector quotient(vector a, vector b)
{
#if LANES == 16 && defined(__AVX512F__)
    vector estimate = (vector)_mm512_rcp14_ps((__m512)b);
    vector first = a * estimate;
    return first + estimate * (a - first * b);
#else
    return a / b;
#endif
}

/*
 * tanh(x) = x P(x^2) / Q(x^2) with P of degree 6 and Q of degree 3, a minimax approximation on
 * [-7.9, 7.9], beyond which tanh is 1 in single precision; its error here is below 4e-7 (the same
 * coefficients as in Eigen's ptanh). NaN stays NaN.
 */
INLINE vector vector_tanh(vector x)
{
    x = clamp(x, 7.90531110763549805F);
    vector square = x * x;
    vector p = square * -2.76076847742355e-16F + 2.00018790482477e-13F;
    p = square * p + -8.60467152213735e-11F;
    p = square * p + 5.12229709037114e-08F;
    p = square * p + 1.48572235717979e-05F;
    p = square * p + 6.37261928875436e-04F;
    p = square * p + 4.89352455891786e-03F;
    vector q = square * 1.19825839466702e-06F + 1.18534705686654e-04F;
    q = square * q + 2.26843463243900e-03F;
    q = square * q + 4.89352518554385e-03F;
    return quotient(x * p, q);
}

/*
 * exp(x) for x <= 0; below -87 it is that of -87, 1.6e-38. x = n ln 2 + r with a whole n and |r| <=
 * ln 2 / 2, for which a polynomial of degree 6 suffices (Taylor's: error below 2e-7 of the result).
 * Adding 1.5 * 2^23 rounds to a whole number, which is then in the lowest bits. NaN stays NaN.
 */
INLINE vector vector_exp(vector x)
{
    const float magic = 12582912;
    x = clamp(x, 87);
    vector shifted = x * 1.44269504F + magic;
    vector whole = shifted - magic;
    vector rest = x - whole * 0.693145752F;
    rest = rest - whole * 1.42860677e-6F;
    vector sum = rest * (1 / 720.0F) + 1 / 120.0F;
    sum = sum * rest + 1 / 24.0F;
    sum = sum * rest + 1 / 6.0F;
    sum = sum * rest + 0.5F;
    sum = sum * rest + 1;
    sum = sum * rest + 1;
    return (vector)((integers)sum + ((integers)shifted << 23));
}

#endif
