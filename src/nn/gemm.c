// SPDX-License-Identifier: MIT
#include "nn/gemm.h"

#include <cblas.h>

#ifdef FMNIST_DOUBLE
#define GEMM cblas_dgemm
#else
#define GEMM cblas_sgemm
#endif

static CBLAS_TRANSPOSE gemm_flag(enum gemm_transpose transpose)
{
    return transpose == GEMM_TRANSPOSED ? CblasTrans : CblasNoTrans;
}

void gemm(size_t rows, size_t columns, size_t inner, struct gemm_operand a, struct gemm_operand b,
          real beta, real *c, size_t c_stride)
{
    GEMM(CblasRowMajor, gemm_flag(a.transpose), gemm_flag(b.transpose), (blasint)rows,
         (blasint)columns, (blasint)inner, 1, a.data, (blasint)a.stride, b.data, (blasint)b.stride,
         beta, c, (blasint)c_stride);
}
