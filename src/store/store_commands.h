// SPDX-License-Identifier: MIT
/* Commands that programs leave for each other in the store. */
#ifndef STORE_STORE_COMMANDS_H
#define STORE_STORE_COMMANDS_H

#include "fmnist/train/command.h"
#include "store/store_parts.h"

/* The oldest command that waits for the run, and marks it as taken; false where there is none. What
 * came more than a minute ago is passed over. */
bool command_take(struct store *store, int64_t run, struct run_command *command);

#endif
