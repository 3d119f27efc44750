// SPDX-License-Identifier: MIT
/*
 * Convolution with 5 taps by fewer multiplications: Winograd's minimal filtering F(4,5), see A.
 * Lavin and S. Gray, "Fast algorithms for convolutional neural networks" (arXiv:1509.09308, 2015).
 *
 * Four outputs y[j] = sum over k of d[j+k] g[k], j = 0..3, k = 0..4, need 20 multiplications, or 8:
 * the product of two polynomials of degrees 3 and 4 has degree 7, so its values at 8 points
 * determine it. Let E4 and E5 be the matrices that evaluate polynomials with 4 and 5 coefficients
 * at the points, and E8 the one for 8 coefficients. The product's coefficients are E8^-1 ((E4 a)
 * (E5 g)), with the product taken point by point. That is linear in a; its transpose is the
 * filter:
 *
 *     y = A' ((G g) (B' d)),  A = E4, G = E5, B' = E8^-T
 *
 * The points are 0, 1, -1, 2, -2, 1/2, -1/2 and infinity, which stands for the highest coefficient.
 * Row p of B' holds the coefficients of M(x) / (x - p), with M the product of all x - p:
 *
 *     M(x) = x (x^2 - 1) (x^2 - 4) (x^2 - 1/4) = x^7 - 21/4 x^5 + 21/4 x^3 - x
 *
 * and row infinity those of M; what E8^-1 would divide by, M'(p), divides the rows of G instead.
 * Points p and -p share all of their work but the last addition.
 *
 * In two dimensions the same is done to columns and rows: y = A' ((G g G') (B' d B)) A. The
 * gradients are the exact adjoints of that, with the same U = G g G' and V = B' d B, and D = A dy
 * A':
 *
 *     dd = B (U D) B',   dg = G' (sum of V D) G
 *
 * A transform is applied to arrays of vectors, one number of each lane.
 */
#ifndef FMNIST_NN_LANES_WINOGRAD_H
#define FMNIST_NN_LANES_WINOGRAD_H

#include "nn/lanes/vector.h"

enum {
    POINTS = 8, /* in the order above */
    TAPS = 5,
    TILE = 4,     /* outputs of a tile */
    POINT_ONE = 1 /* where D is the sum of a tile's dy: what a bias's gradient is made of */
};

/* 1 / M'(p) for 0, +-1, +-2, +-1/2. */
static const float G_ZERO = -1, G_ONE = -1 / 4.5F, G_TWO = 1 / 90.0F, G_HALF = 1 / 1.40625F;

/* B' d */
INLINE void transform_input(const vector d[POINTS], vector v[POINTS])
{
    vector even1 = d[6] - 4.25F * d[4] + d[2], odd1 = d[5] - 4.25F * d[3] + d[1];
    vector even2 = d[6] - 1.25F * d[4] + 0.25F * d[2], odd2 = d[5] - 1.25F * d[3] + 0.25F * d[1];
    vector even3 = d[6] - 5 * d[4] + 4 * d[2], odd3 = d[5] - 5 * d[3] + 4 * d[1];
    v[0] = d[6] - d[0] + 5.25F * (d[2] - d[4]);
    v[1] = even1 + odd1;
    v[2] = even1 - odd1;
    v[3] = even2 + 2 * odd2;
    v[4] = even2 - 2 * odd2;
    v[5] = even3 + 0.5F * odd3;
    v[6] = even3 - 0.5F * odd3;
    v[7] = d[7] - d[1] + 5.25F * (d[3] - d[5]);
}

/* B v */
INLINE void transform_input_back(const vector v[POINTS], vector d[POINTS])
{
    vector sum1 = v[1] + v[2], sum2 = v[3] + v[4], sum3 = v[5] + v[6];
    vector dif1 = v[1] - v[2], dif2 = v[3] - v[4], dif3 = v[5] - v[6];
    d[0] = -v[0];
    d[1] = dif1 + 0.5F * dif2 + 2 * dif3 - v[7];
    d[2] = sum1 + 0.25F * sum2 + 4 * sum3 + 5.25F * v[0];
    d[3] = 5.25F * v[7] - 4.25F * dif1 - 2.5F * (dif2 + dif3);
    d[4] = -5.25F * v[0] - 4.25F * sum1 - 1.25F * sum2 - 5 * sum3;
    d[5] = dif1 + 2 * dif2 + 0.5F * dif3 - 5.25F * v[7];
    d[6] = sum1 + sum2 + sum3 + v[0];
    d[7] = v[7];
}

/* A' m */
INLINE void transform_output(const vector m[POINTS], vector y[TILE])
{
    vector sum1 = m[1] + m[2], sum2 = m[3] + m[4], sum3 = m[5] + m[6];
    vector dif1 = m[1] - m[2], dif2 = m[3] - m[4], dif3 = m[5] - m[6];
    y[0] = (m[0] + sum1) + (sum2 + sum3);
    y[1] = dif1 + 2 * dif2 + 0.5F * dif3;
    y[2] = sum1 + 4 * sum2 + 0.25F * sum3;
    y[3] = (dif1 + m[7]) + 8 * dif2 + 0.125F * dif3;
}

/* A y */
INLINE void transform_output_back(const vector y[TILE], vector m[POINTS])
{
    vector even1 = y[0] + y[2], odd1 = y[1] + y[3];
    vector even2 = y[0] + 4 * y[2], odd2 = y[1] + 4 * y[3];
    vector even3 = y[0] + 0.25F * y[2], odd3 = y[1] + 0.25F * y[3];
    m[0] = y[0];
    m[1] = even1 + odd1;
    m[2] = even1 - odd1;
    m[3] = even2 + 2 * odd2;
    m[4] = even2 - 2 * odd2;
    m[5] = even3 + 0.5F * odd3;
    m[6] = even3 - 0.5F * odd3;
    m[7] = y[3];
}

/* G g */
INLINE void transform_taps(const vector g[TAPS], vector u[POINTS])
{
    vector even1 = G_ONE * (g[0] + g[2] + g[4]), odd1 = G_ONE * (g[1] + g[3]);
    vector even2 = G_TWO * (g[0] + 4 * g[2] + 16 * g[4]), odd2 = G_TWO * (2 * g[1] + 8 * g[3]);
    vector even3 = G_HALF * (g[0] + 0.25F * g[2] + 0.0625F * g[4]);
    vector odd3 = G_HALF * (0.5F * g[1] + 0.125F * g[3]);
    u[0] = G_ZERO * g[0];
    u[1] = even1 + odd1;
    u[2] = even1 - odd1;
    u[3] = even2 + odd2;
    u[4] = even2 - odd2;
    u[5] = even3 + odd3;
    u[6] = even3 - odd3;
    u[7] = g[4];
}

/* G' u */
INLINE void transform_taps_back(const vector u[POINTS], vector g[TAPS])
{
    vector sum1 = G_ONE * (u[1] + u[2]), dif1 = G_ONE * (u[1] - u[2]);
    vector sum2 = G_TWO * (u[3] + u[4]), dif2 = G_TWO * (u[3] - u[4]);
    vector sum3 = G_HALF * (u[5] + u[6]), dif3 = G_HALF * (u[5] - u[6]);
    g[0] = G_ZERO * u[0] + sum1 + sum2 + sum3;
    g[1] = dif1 + 2 * dif2 + 0.5F * dif3;
    g[2] = sum1 + 4 * sum2 + 0.25F * sum3;
    g[3] = dif1 + 8 * dif2 + 0.125F * dif3;
    g[4] = sum1 + 16 * sum2 + 0.0625F * sum3 + u[7];
}

#endif
