// SPDX-License-Identifier: MIT
/* The kernels of a few lines: pixels, loss, sums and Adam. */
#ifndef FMNIST_NN_LANES_SMALL_H
#define FMNIST_NN_LANES_SMALL_H

#include <math.h>

#include "nn/lanes/lanes.h"
#include "nn/lanes/vector.h"

INLINE vector load_bytes(const uint8_t *bytes)
{
#if LANES == 16 && defined(__AVX512F__)
    return (vector)_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)bytes)));
#elif LANES == 8 && defined(__AVX2__)
    return (vector)_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)bytes)));
#else
    vector value = {0};
    for (size_t lane = 0; lane < LANES; lane++)
        value[lane] = (float)bytes[lane];
    return value;
#endif
}

/* byte * (1 / 255) may be off by a bit; one step with the rest, which is exact where there is a
 * fused multiplication, makes it the quotient. */
static void pixels(const uint8_t *bytes, size_t count, float *result)
{
    for (size_t index = 0; index < count; index += LANES) {
        vector value = load_bytes(bytes + index);
#ifdef __FMA__
        vector quotient = value * (1 / 255.0F);
        vector rest = value - quotient * 255;
        store(result + index, quotient + rest * (1 / 255.0F));
#else
        store(result + index, value / 255);
#endif
    }
}

/* The first largest; a NaN counts as the largest, so that it shows in what is computed from it. */
INLINE size_t largest(const float *logits, size_t classes)
{
    size_t best = 0;
    for (size_t class = 1; class < classes; class ++)
        if (logits[class] > logits[best] || logits[class] != logits[class])
            best = class;
    return best;
}

static double cross_entropy_row(const float *logits, size_t label, float scale, float *gradient,
                                bool *correct)
{
    enum { CLASSES = 10, PADDED = 16 };
    _Alignas(64) float powers[PADDED];
    size_t best = largest(logits, CLASSES);
    float most = logits[best], sum = 0;
    *correct = best == label;
    for (size_t class = 0; class < PADDED; class += LANES)
        store(powers + class, vector_exp(load(logits + class) - most));
    for (size_t class = 0; class < CLASSES; class ++)
        sum += powers[class];
    /* The difference comes first, so that a small loss of large logits keeps its digits. */
    double loss = (double)(logf(sum) + (most - logits[label]));
    for (size_t class = CLASSES; class < PADDED; class ++)
        powers[class] = 0;
    float factor = 1 / sum;
    for (size_t class = 0; class < PADDED; class += LANES)
        store(gradient + class, load(powers + class) * factor * scale);
    gradient[label] = (powers[label] * factor - 1) * scale;
    return loss;
}

static void add(size_t count, const float *part, float *sum)
{
    size_t index = 0;
    for (; index + LANES <= count; index += LANES)
        store(sum + index, load(sum + index) + load(part + index));
    for (; index < count; index++)
        sum[index] += part[index];
}

INLINE vector square_root(vector x)
{
#if LANES == 16 && defined(__AVX512F__)
    return (vector)_mm512_sqrt_ps((__m512)x);
#elif LANES == 8 && defined(__AVX2__)
    return (vector)_mm256_sqrt_ps((__m256)x);
#else
    for (size_t lane = 0; lane < LANES; lane++)
        x[lane] = sqrtf(x[lane]);
    return x;
#endif
}

INLINE void adam_vector(const struct adam_factors *factors, vector gradient, vector *first,
                        vector *second, vector *value)
{
    *first = *first * factors->beta1 + gradient * factors->rest1;
    *second = *second * factors->beta2 + gradient * gradient * factors->rest2;
    vector denominator = square_root(*second) / factors->root_correction2 + factors->epsilon;
    *value -= factors->step_size * (*first / denominator);
}

static void adam(const struct adam_factors *factors, size_t count, const float *gradient,
                 float *first_moment, float *second_moment, float *value)
{
    for (size_t index = 0; index < count; index += LANES) {
        size_t left = count - index;
        vector g = {0}, m = {0}, v = {0}, w = {0};
        if (left >= LANES) {
            g = load(gradient + index);
            m = load(first_moment + index);
            v = load(second_moment + index);
            w = load(value + index);
            adam_vector(factors, g, &m, &v, &w);
            store(first_moment + index, m);
            store(second_moment + index, v);
            store(value + index, w);
            continue;
        }
        memcpy(&g, gradient + index, left * sizeof *gradient);
        memcpy(&m, first_moment + index, left * sizeof *gradient);
        memcpy(&v, second_moment + index, left * sizeof *gradient);
        memcpy(&w, value + index, left * sizeof *gradient);
        adam_vector(factors, g, &m, &v, &w);
        memcpy(first_moment + index, &m, left * sizeof *gradient);
        memcpy(second_moment + index, &v, left * sizeof *gradient);
        memcpy(value + index, &w, left * sizeof *gradient);
    }
}

#endif
