// SPDX-License-Identifier: MIT
/* The command that goes on with a run, to be copied into a shell. */
#ifndef FMNIST_CLI_RESUMING_H
#define FMNIST_CLI_RESUMING_H

#include <stdio.h>

#include "fmnist/comm/comm.h"

/* Writes one line: the command that goes on with run `run` on as many ranks as `comm` has (NULL:
 * one). `store`: the store's folder where that must be named, or NULL. */
void resuming_write(FILE *out, const struct comm *comm, const char *store, const char *run);

#endif
