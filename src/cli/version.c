// SPDX-License-Identifier: MIT
#include "cli/version.h"

#include "fmnist/nn/blas.h"

void version_write(FILE *out, enum isa isa)
{
    (void)fprintf(out, "%s\ninstruction sets:", PACKAGE_STRING);
    for (int number = 0; number < ISA_COUNT; number++)
        if (isa_supported((enum isa)number))
            (void)fprintf(out, " %s", isa_name((enum isa)number));
    (void)fprintf(out, "\nchosen: %s\nOpenBLAS core: %s\n", isa_name(isa), blas_core());
}
