// SPDX-License-Identifier: MIT
/*
 * A chain of multiplications and additions that memory does not slow down: included once for each
 * instruction set, with PEAK_NAME, PEAK_TARGET (an attribute or nothing) and PEAK_LANES defined.
 *
 * A fused multiply-add takes four cycles and two can begin in each, so at least eight must be under
 * way; there are twelve, which with both factors still fit into sixteen registers.
 */
typedef float PEAK_VECTOR __attribute__((vector_size(PEAK_LANES * sizeof(float))));

PEAK_TARGET static float PEAK_NAME(size_t repeats, float start)
{
    const PEAK_VECTOR factor = (PEAK_VECTOR){0} + 0.999F, term = (PEAK_VECTOR){0} + 0.001F;
    PEAK_VECTOR a = (PEAK_VECTOR){0} + start, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5;
    PEAK_VECTOR g = a + 6, h = a + 7, i = a + 8, j = a + 9, k = a + 10, l = a + 11;
    for (size_t repeat = 0; repeat < repeats; repeat++) {
        a = a * factor + term;
        b = b * factor + term;
        c = c * factor + term;
        d = d * factor + term;
        e = e * factor + term;
        f = f * factor + term;
        g = g * factor + term;
        h = h * factor + term;
        i = i * factor + term;
        j = j * factor + term;
        k = k * factor + term;
        l = l * factor + term;
    }
    a += b + c + d + e + f + g + h + i + j + k + l;
    return a[0];
}

#undef PEAK_NAME
#undef PEAK_TARGET
#undef PEAK_LANES
#undef PEAK_VECTOR
