// SPDX-License-Identifier: MIT
#include "fmnist/nn/blas.h"

#include <cblas.h>
#include <sys/mman.h>

#include "base/memory.h"

/* BUFFER_SIZE in OpenBLAS's common_x86_64.h and common_arm64.h; less on smaller machines. */
static const size_t BUFFER_BYTES = (size_t)128 << 20;

/* Whether so many bytes can be mapped at once, as they will be piece by piece. */
static bool can_map(size_t bytes)
{
    void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED)
        return false;
    (void)munmap(place, bytes);
    return true;
}

bool blas_prepare(unsigned callers, size_t reserve, struct error *err)
{
    size_t bytes;
    openblas_set_num_threads(1);
    if (size_multiply(callers, BUFFER_BYTES, &bytes) && size_add(bytes, reserve, &bytes) &&
        can_map(bytes))
        return true;
    error_set(err, ERROR_MEMORY,
              "OpenBLAS needs 128 MiB of address space for each of %u threads; raise the limit "
              "(ulimit -v) or give fewer --threads",
              callers);
    return false;
}

const char *blas_core(void)
{
    return openblas_get_corename();
}
