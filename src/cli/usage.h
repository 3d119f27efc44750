// SPDX-License-Identifier: MIT
/* The text of --help, from the tables of commands and options. */
#ifndef FMNIST_CLI_USAGE_H
#define FMNIST_CLI_USAGE_H

#include <stdio.h>

#include "cli/command.h"

/* Writes how to call the command; NULL: what the program can do, and how to call the dashboard. */
void usage_write(FILE *out, const struct command *command);

#endif
