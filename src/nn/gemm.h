// SPDX-License-Identifier: MIT
#ifndef FMNIST_NN_GEMM_H
#define FMNIST_NN_GEMM_H

#include <stddef.h>

#include "fmnist/nn/real.h"

enum gemm_transpose { GEMM_PLAIN, GEMM_TRANSPOSED };

/* A row-major matrix: element (row, column) lies at data[row * stride + column], or with rows and
 * columns exchanged where it is transposed. */
struct gemm_operand {
    const real *data;
    size_t stride;
    enum gemm_transpose transpose;
};

/* c = a b + beta c, with a: rows x inner, b: inner x columns, c: rows x columns, by OpenBLAS on the
 * calling thread. Any thread, after blas_prepare(); a beta of 0 never reads c. */
void gemm(size_t rows, size_t columns, size_t inner, struct gemm_operand a, struct gemm_operand b,
          real beta, real *c, size_t c_stride);

#endif
