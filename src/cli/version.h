// SPDX-License-Identifier: MIT
#ifndef FMNIST_CLI_VERSION_H
#define FMNIST_CLI_VERSION_H

#include <stdio.h>

#include "fmnist/nn/isa.h"

/* Writes the program's version, then what its results depend on besides. `isa` is the chosen one.
 */
void version_write(FILE *out, enum isa isa);

#endif
