// SPDX-License-Identifier: MIT
#include "cli/version.h"

void version_write(FILE *out, enum isa isa)
{
    (void)fprintf(out, "%s\ninstruction sets:", PACKAGE_STRING);
    for (int number = 0; number < ISA_COUNT; number++)
        if (isa_supported((enum isa)number))
            (void)fprintf(out, " %s", isa_name((enum isa)number));
    (void)fprintf(out, "\nchosen: %s\n", isa_name(isa));
}
