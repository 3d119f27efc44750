// SPDX-License-Identifier: MIT
/* What the command line leaves open: from the environment, then from the file of settings. */
#ifndef FMNIST_CLI_SETTINGS_H
#define FMNIST_CLI_SETTINGS_H

#include "cli/option.h"

enum { SETTINGS_VARIABLE_SIZE = 64 };

/* Takes what is set there. False with `err` set where it makes no sense, in the file also where a
 * stronger value holds. */
bool settings_take(struct options *options, struct error *err);

/* Of two values of which only one can be in force, the stronger one stays; false with `err` set
 * where they come from the same place. */
bool settings_settle(struct options *options, struct error *err);

/* The name of the variable that stands for the option: "FMNIST_NO_MOUSE". */
const char *settings_variable(const struct option *option, char name[SETTINGS_VARIABLE_SIZE]);

#endif
