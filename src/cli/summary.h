// SPDX-License-Identifier: MIT
/* What stays on the normal screen after the program with screens has ended. */
#ifndef FMNIST_CLI_SUMMARY_H
#define FMNIST_CLI_SUMMARY_H

#include <stdio.h>

#include "cli/options.h"
#include "cli/recording.h"

/* Writes, for each model that was trained, how far it came, its best and its test accuracy with two
 * standard errors, and its worst classes; then how to have the same run again. Nothing where
 * nothing was trained. */
void summary_write(FILE *out, const struct snapshot *snapshot, const struct recording *recording,
                   const struct trainer_settings *settings);

#endif
