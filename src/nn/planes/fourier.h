// SPDX-License-Identifier: MIT
/*
 * Convolutions of 13x13 images with 5x5 kernels and a padding of 2 by a Fourier transform of 15x15.
 *
 * A product of transforms is a cyclic convolution. One of 15 is enough: an image has 13 pixels in
 * each direction, the kernel reaches 2 beyond, and what wraps around meets either the two zeros
 * that fill the image up or results that nobody needs. So there is one tile an image, whatever the
 * padding; Winograd's F(5x5, 5x5) would need nine with 81 products each.
 *
 * The transform of real numbers has X(-u, -v) = conj X(u, v), so half of it tells all: row u = 0
 * with one real number and v = 1..7, and rows u = 1..7 with v = 0..14: one real and 112 complex
 * numbers. A product of complex numbers takes three real ones (Gauss),
 *
 *     k1 = c (a + b), k2 = a (d - c), k3 = b (c + d),  (a + ib)(c + id) = k1 - k3 + i (k1 + k2),
 *
 * which makes 337 planes, where F(5x5, 5x5) has 729: V has a + b, a, b for an image's a + ib, and U
 * has c, d - c, c + d for a kernel's c + id. Let w = 2 pi / 15. In one dimension
 *
 *     X(u) = sum of x(n) e^-iwun,  G(u) = sum of g(k) e^iwu(k-2),  y(n) = Re sum of Y(u) e^iwun /
 * 15,
 *
 * the kernel's sign since a convolution layer is a correlation. The factor 1/225 and a 2 for each
 * complex number (its conjugate is left out) are put in the kernel's transform. Then the adjoint of
 * the transform of images is the transform back, and the other way round: two functions in two
 * dimensions, each with two ways to spread complex numbers over planes, do all.
 *
 * Sums over n use that n and 15 - n have the same cosine and opposite sines.
 */
#ifndef FMNIST_NN_PLANES_FOURIER_H
#define FMNIST_NN_PLANES_FOURIER_H

#include "nn/planes/planes.h"
#include "nn/planes/vector.h"

enum {
    PERIOD = 15,
    HALF = PERIOD / 2,
    SIDE = 13,
    REACH = 5,                       /* of the kernel */
    GAUSS = 3,                       /* planes a complex number */
    ROW_PLANES_0 = 1 + GAUSS * HALF, /* of u = 0 */
    ROW_PLANES = GAUSS * PERIOD,
    FOURIER_PLANES = ROW_PLANES_0 + HALF * ROW_PLANES,
};

/* cos and sin of 2 pi n / 15. */
static const float COSINE[PERIOD] = {
    1.0F,  0.91354546F,  0.66913061F,  0.30901699F,  -0.10452846F,
    -0.5F, -0.80901699F, -0.97814760F, -0.97814760F, -0.80901699F,
    -0.5F, -0.10452846F, 0.30901699F,  0.66913061F,  0.91354546F,
};
static const float SINE[PERIOD] = {
    0.0F,         0.40673664F,  0.74314483F,  0.95105652F,  0.99452190F,
    0.86602540F,  0.58778525F,  0.20791169F,  -0.20791169F, -0.58778525F,
    -0.86602540F, -0.99452190F, -0.95105652F, -0.74314483F, -0.40673664F,
};

struct complex_vector {
    vector real, imaginary;
};

/* X(0..7) of SIDE real numbers; the imaginary part of X(0) is 0 and not set. */
INLINE void real_forward(const vector *x, vector *real, vector *imaginary)
{
    vector sums[HALF + 1], differences[HALF + 1], total = x[0];
    UNROLL
    for (int n = 1; n <= HALF; n++) {
        sums[n] = x[n];
        differences[n] = -x[n];
        if (PERIOD - n < SIDE) {
            sums[n] += x[PERIOD - n];
            differences[n] += x[PERIOD - n];
        }
        total += sums[n];
    }
    real[0] = total;
    UNROLL
    for (int u = 1; u <= HALF; u++) {
        vector even = x[0], odd = differences[1] * SINE[u];
        UNROLL
        for (int n = 1; n <= HALF; n++)
            even += sums[n] * COSINE[u * n % PERIOD];
        UNROLL
        for (int n = 2; n <= HALF; n++)
            odd += differences[n] * SINE[u * n % PERIOD];
        real[u] = even;
        imaginary[u] = odd;
    }
}

/* y(0..12) = real(0) + sum over u = 1..7 of real(u) cos(wun) - imaginary(u) sin(wun). */
INLINE void real_backward(const vector *real, const vector *imaginary, vector *y)
{
    vector total = real[0];
    UNROLL
    for (int u = 1; u <= HALF; u++)
        total += real[u];
    y[0] = total;
    UNROLL
    for (int n = 1; n <= HALF; n++) {
        vector even = real[0], odd = imaginary[1] * SINE[n];
        UNROLL
        for (int u = 1; u <= HALF; u++)
            even += real[u] * COSINE[u * n % PERIOD];
        UNROLL
        for (int u = 2; u <= HALF; u++)
            odd += imaginary[u] * SINE[u * n % PERIOD];
        y[n] = even - odd;
        if (PERIOD - n < SIDE)
            y[PERIOD - n] = even + odd;
    }
}

/* Whether planes hold what is transformed, or the gradient of a transform's result. */
enum spread { SPREAD_VALUES, SPREAD_GRADIENT };

/* V: a + b, a, b. D, the gradient of k1, k2, k3 from that of the product: a + b, b, -a. */
INLINE void spread_complex(const enum spread spread, vector a, vector b, float *planes,
                           size_t stride)
{
    store_plane(planes, a + b);
    store_plane(planes + stride, spread == SPREAD_VALUES ? a : b);
    store_plane(planes + 2 * stride, spread == SPREAD_VALUES ? b : -a);
}

/* The product from k1, k2, k3: k1 - k3, k1 + k2. The gradient of a, b from that of a + b, a, b. */
INLINE struct complex_vector collect_complex(const enum spread spread, const float *planes,
                                             size_t stride)
{
    vector first = load(planes), second = load(planes + stride), third = load(planes + 2 * stride);
    prefetch_next_image(planes);
    prefetch_next_image(planes + stride);
    prefetch_next_image(planes + 2 * stride);
    return spread == SPREAD_VALUES ? (struct complex_vector){first - third, first + second}
                                   : (struct complex_vector){first + second, first + third};
}

/* Where v and -v of a row u > 0 begin. */
INLINE size_t row_plane(size_t u, size_t v, bool negative)
{
    return ROW_PLANES_0 + (u - 1) * ROW_PLANES + GAUSS * (v == 0 ? 0 : 2 * v - 1 + negative);
}

/* Transforms the rows' transforms along the rows: row u of the result. */
INLINE void spread_row(const enum spread spread, size_t u, const vector *real,
                       const vector *imaginary, float *planes, size_t stride)
{
    vector rr[HALF + 1], ri[HALF + 1], ir[HALF + 1], ii[HALF + 1];
    real_forward(real, rr, ri);
    if (u == 0) {
        store(planes, rr[0]);
        UNROLL
        for (size_t v = 1; v <= HALF; v++)
            spread_complex(spread, rr[v], ri[v], planes + (1 + GAUSS * (v - 1)) * stride, stride);
        return;
    }
    real_forward(imaginary, ir, ii);
    spread_complex(spread, rr[0], ir[0], planes + row_plane(u, 0, false) * stride, stride);
    UNROLL
    for (size_t v = 1; v <= HALF; v++) {
        spread_complex(spread, rr[v] - ii[v], ri[v] + ir[v],
                       planes + row_plane(u, v, false) * stride, stride);
        spread_complex(spread, rr[v] + ii[v], ir[v] - ri[v],
                       planes + row_plane(u, v, true) * stride, stride);
    }
}

INLINE void fourier_forward(const enum spread spread, const float *image, size_t pixel_stride,
                            float *planes, size_t plane_stride)
{
    for (size_t lane = 0; lane < PANEL; lane += WIDTH) {
        vector real[HALF + 1][SIDE], imaginary[HALF + 1][SIDE];
        for (size_t x = 0; x < SIDE; x++) {
            vector column[SIDE], columns_real[HALF + 1], columns_imaginary[HALF + 1];
            UNROLL
            for (size_t y = 0; y < SIDE; y++)
                column[y] = load(image + (y * SIDE + x) * pixel_stride + lane);
            real_forward(column, columns_real, columns_imaginary);
            UNROLL
            for (int u = 0; u <= HALF; u++)
                real[u][x] = columns_real[u];
            UNROLL
            for (int u = 1; u <= HALF; u++)
                imaginary[u][x] = columns_imaginary[u];
        }
        spread_row(spread, 0, real[0], imaginary[0], planes + lane, plane_stride);
        for (size_t u = 1; u <= HALF; u++)
            spread_row(spread, u, real[u], imaginary[u], planes + lane, plane_stride);
    }
}

/* Row u of planes transformed back along the row. */
INLINE void collect_row(const enum spread spread, size_t u, const float *planes, size_t stride,
                        vector *real, vector *imaginary)
{
    vector er[HALF + 1], oi[HALF + 1], ei[HALF + 1], or [HALF + 1];
    if (u == 0) {
        er[0] = load(planes);
        UNROLL
        for (size_t v = 1; v <= HALF; v++) {
            struct complex_vector value =
                collect_complex(spread, planes + (1 + GAUSS * (v - 1)) * stride, stride);
            er[v] = value.real;
            oi[v] = value.imaginary;
        }
        real_backward(er, oi, real);
        return;
    }
    struct complex_vector value =
        collect_complex(spread, planes + row_plane(u, 0, false) * stride, stride);
    er[0] = value.real;
    ei[0] = value.imaginary;
    UNROLL
    for (size_t v = 1; v <= HALF; v++) {
        value = collect_complex(spread, planes + row_plane(u, v, false) * stride, stride);
        struct complex_vector other =
            collect_complex(spread, planes + row_plane(u, v, true) * stride, stride);
        er[v] = value.real + other.real;
        ei[v] = value.imaginary + other.imaginary;
        oi[v] = value.imaginary - other.imaginary;
        or [v] = other.real - value.real;
    }
    real_backward(er, oi, real);
    real_backward(ei, or, imaginary);
}

INLINE void fourier_backward(const enum spread spread, const float *planes, size_t plane_stride,
                             float *image, size_t pixel_stride)
{
    for (size_t lane = 0; lane < PANEL; lane += WIDTH) {
        vector real[HALF + 1][SIDE], imaginary[HALF + 1][SIDE];
        collect_row(spread, 0, planes + lane, plane_stride, real[0], imaginary[0]);
        for (size_t u = 1; u <= HALF; u++)
            collect_row(spread, u, planes + lane, plane_stride, real[u], imaginary[u]);
        for (size_t x = 0; x < SIDE; x++) {
            vector columns_real[HALF + 1], columns_imaginary[HALF + 1], column[SIDE];
            UNROLL
            for (int u = 0; u <= HALF; u++)
                columns_real[u] = real[u][x];
            UNROLL
            for (int u = 1; u <= HALF; u++)
                columns_imaginary[u] = imaginary[u][x];
            real_backward(columns_real, columns_imaginary, column);
            UNROLL
            for (size_t y = 0; y < SIDE; y++)
                store(image + (y * SIDE + x) * pixel_stride + lane, column[y]);
        }
    }
}

static void fourier_input(const float *image, size_t pixel_stride, float *planes,
                          size_t plane_stride)
{
    fourier_forward(SPREAD_VALUES, image, pixel_stride, planes, plane_stride);
}

static void fourier_output_gradient(const float *pixels, float *planes, size_t plane_stride)
{
    fourier_forward(SPREAD_GRADIENT, pixels, PANEL, planes, plane_stride);
}

static void fourier_output(const float *planes, size_t plane_stride, float *pixels)
{
    fourier_backward(SPREAD_VALUES, planes, plane_stride, pixels, PANEL);
}

static void fourier_input_gradient(const float *planes, size_t plane_stride, float *image,
                                   size_t pixel_stride)
{
    fourier_backward(SPREAD_GRADIENT, planes, plane_stride, image, pixel_stride);
}

/* A group is a row u. */
static size_t fourier_group_first(size_t group)
{
    return group == 0 ? 0 : ROW_PLANES_0 + (group - 1) * ROW_PLANES;
}

/* What a kernel's transform is multiplied by: 1/225, twice that for a complex number. */
static const float FOURIER_SCALE = 1.0F / (PERIOD * PERIOD);

/* U of a kernel's c + id. */
INLINE void spread_filter(vector c, vector d, float *planes, size_t stride)
{
    store(planes, c);
    store(planes + stride, d - c);
    store(planes + 2 * stride, c + d);
}

/* Row u of one vector of kernels, from what its columns give at u: REACH complex numbers. */
INLINE void filter_row(const vector *real, const vector *imaginary, const bool complex,
                       float *planes, size_t stride)
{
    vector e1 = real[1] + real[3], e2 = real[0] + real[4];
    vector o1 = real[3] - real[1], o2 = real[4] - real[0];
    if (!complex) {
        store(planes, (real[2] + e1 + e2) * 0.5F);
        UNROLL
        for (int v = 1; v <= HALF; v++)
            spread_filter(real[2] + e1 * COSINE[v] + e2 * COSINE[2 * v % PERIOD],
                          o1 * SINE[v] + o2 * SINE[2 * v % PERIOD],
                          planes + (size_t)(1 + GAUSS * (v - 1)) * stride, stride);
        return;
    }
    vector f1 = imaginary[1] + imaginary[3], f2 = imaginary[0] + imaginary[4];
    vector p1 = imaginary[3] - imaginary[1], p2 = imaginary[4] - imaginary[0];
    spread_filter(real[2] + e1 + e2, imaginary[2] + f1 + f2, planes, stride);
    UNROLL
    for (int v = 1; v <= HALF; v++) {
        const float c1 = COSINE[v], c2 = COSINE[2 * v % PERIOD];
        const float s1 = SINE[v], s2 = SINE[2 * v % PERIOD];
        vector er = real[2] + e1 * c1 + e2 * c2, ei = imaginary[2] + f1 * c1 + f2 * c2;
        vector or = o1 * s1 + o2 * s2, oi = p1 * s1 + p2 * s2;
        float *to = planes + (size_t)(GAUSS * (2 * v - 1)) * stride;
        spread_filter(er - oi, ei + or, to, stride);
        spread_filter(er + oi, ei - or, to + GAUSS * stride, stride);
    }
}

INLINE void filter_rows(size_t u, const bool complex, const float *taps, size_t rows, float *planes,
                        size_t plane_stride)
{
    const float scale = 2 * FOURIER_SCALE;
    const float c1 = scale * COSINE[u], c2 = scale * COSINE[2 * u % PERIOD];
    const float s1 = scale * SINE[u], s2 = scale * SINE[2 * u % PERIOD];
    for (size_t place = 0; place < rows * PANEL; place += WIDTH) {
        const float *from = taps + place / PANEL * REACH * REACH * PANEL + place % PANEL;
        vector real[REACH], imaginary[REACH];
        UNROLL
        for (size_t x = 0; x < REACH; x++) {
            vector column[REACH];
            UNROLL
            for (size_t y = 0; y < REACH; y++)
                column[y] = load(from + (y * REACH + x) * PANEL);
            real[x] =
                column[2] * scale + (column[1] + column[3]) * c1 + (column[0] + column[4]) * c2;
            imaginary[x] = (column[3] - column[1]) * s1 + (column[4] - column[0]) * s2;
        }
        filter_row(real, imaginary, complex, planes + place, plane_stride);
    }
}

static void fourier_filter(size_t group, const float *taps, size_t rows, float *planes,
                           size_t plane_stride)
{
    if (group == 0)
        filter_rows(0, false, taps, rows, planes, plane_stride);
    else
        filter_rows(group, true, taps, rows, planes, plane_stride);
}

/* The gradient of a kernel's c and d from that of U. */
INLINE struct complex_vector collect_filter(const float *planes, size_t stride)
{
    vector first = load(planes), second = load(planes + stride), third = load(planes + 2 * stride);
    return (struct complex_vector){first - second + third, second + third};
}

/* The adjoint of filter_row(). */
INLINE void filter_row_gradient(const float *planes, size_t stride, const bool complex,
                                vector *real, vector *imaginary)
{
    vector e0, e1, e2, f0 = spread(0), f1, f2, o1, o2, p1, p2;
    o1 = o2 = p1 = p2 = spread(0);
    if (complex) {
        struct complex_vector value = collect_filter(planes, stride);
        e0 = value.real;
        f0 = value.imaginary;
    } else {
        e0 = load(planes) * 0.5F;
    }
    e1 = e2 = e0;
    f1 = f2 = f0;
    UNROLL
    for (int v = 1; v <= HALF; v++) {
        const float c1 = COSINE[v], c2 = COSINE[2 * v % PERIOD];
        const float s1 = SINE[v], s2 = SINE[2 * v % PERIOD];
        const float *from =
            planes + (size_t)(complex ? GAUSS * (2 * v - 1) : 1 + GAUSS * (v - 1)) * stride;
        struct complex_vector value = collect_filter(from, stride);
        vector even = value.real, odd = value.imaginary;
        if (complex) {
            struct complex_vector other = collect_filter(from + GAUSS * stride, stride);
            vector even_i = value.imaginary + other.imaginary, odd_i = other.real - value.real;
            even = value.real + other.real;
            odd = value.imaginary - other.imaginary;
            f0 += even_i;
            f1 += even_i * c1;
            f2 += even_i * c2;
            p1 += odd_i * s1;
            p2 += odd_i * s2;
        }
        e0 += even;
        e1 += even * c1;
        e2 += even * c2;
        o1 += odd * s1;
        o2 += odd * s2;
    }
    real[0] = e2 - o2;
    real[1] = e1 - o1;
    real[2] = e0;
    real[3] = e1 + o1;
    real[4] = e2 + o2;
    imaginary[0] = f2 - p2;
    imaginary[1] = f1 - p1;
    imaginary[2] = f0;
    imaginary[3] = f1 + p1;
    imaginary[4] = f2 + p2;
}

INLINE void filter_rows_gradient(size_t u, const bool complex, const float *planes,
                                 size_t plane_stride, size_t rows, float *taps)
{
    const float scale = 2 * FOURIER_SCALE;
    const float c1 = scale * COSINE[u], c2 = scale * COSINE[2 * u % PERIOD];
    const float s1 = scale * SINE[u], s2 = scale * SINE[2 * u % PERIOD];
    for (size_t place = 0; place < rows * PANEL; place += WIDTH) {
        float *to = taps + place / PANEL * REACH * REACH * PANEL + place % PANEL;
        vector real[REACH], imaginary[REACH];
        filter_row_gradient(planes + place, plane_stride, complex, real, imaginary);
        UNROLL
        for (size_t x = 0; x < REACH; x++) {
            const vector column[REACH] = {
                real[x] * c2 - imaginary[x] * s2, real[x] * c1 - imaginary[x] * s1, real[x] * scale,
                real[x] * c1 + imaginary[x] * s1, real[x] * c2 + imaginary[x] * s2};
            UNROLL
            for (size_t y = 0; y < REACH; y++) {
                float *tap = to + (y * REACH + x) * PANEL;
                store(tap, load(tap) + column[y]);
            }
        }
    }
}

static void fourier_filter_gradient(size_t group, const float *planes, size_t plane_stride,
                                    size_t rows, float *taps)
{
    if (group == 0)
        filter_rows_gradient(0, false, planes, plane_stride, rows, taps);
    else
        filter_rows_gradient(group, true, planes, plane_stride, rows, taps);
}

static const struct plane_transform FOURIER = {
    .side = SIDE,
    .kernel = REACH,
    .planes = FOURIER_PLANES,
    .groups = HALF + 1,
    .slice = 128,
    .filter_panels = 3,
    .group_first = fourier_group_first,
    .input = fourier_input,
    .output = fourier_output,
    .output_gradient = fourier_output_gradient,
    .input_gradient = fourier_input_gradient,
    .filter = fourier_filter,
    .filter_gradient = fourier_filter_gradient,
};

#endif
