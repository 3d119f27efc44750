// SPDX-License-Identifier: MIT
#ifndef FMNIST_TRAIN_SHARED_SNAPSHOT_H
#define FMNIST_TRAIN_SHARED_SNAPSHOT_H

#include "fmnist/train/snapshot.h"

/* A zeroed snapshot with one reference, to be filled before others see it; NULL with `err` set
 * where memory is short. Its learners' histories and evaluations are references that it will
 * release. */
struct snapshot *snapshot_create(struct error *err);

#endif
