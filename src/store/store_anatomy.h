// SPDX-License-Identifier: MIT
#ifndef STORE_STORE_ANATOMY_H
#define STORE_STORE_ANATOMY_H

#include "fmnist/train/anatomy.h"
#include "store/database.h"

/* Writes the run's newest anatomy in place of the one before, within a transaction. */
bool anatomy_write(struct database *database, int64_t run, const struct anatomy *anatomy,
                   struct error *err);

#endif
