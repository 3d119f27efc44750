// SPDX-License-Identifier: MIT
/* Files with the weights of a LeNet-5 that has learnt a little, for commands that take them. All
 * fail the test where something cannot be made. */
#ifndef FMNIST_TESTS_CLI_TRAINED_H
#define FMNIST_TESTS_CLI_TRAINED_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/train/checkpoint.h"

enum { TRAINED_SEED = 7 };

/* Trains on the sample for some 60 steps; with a place where `whole`. With one reference. */
struct checkpoint *trained_create(bool whole);

/* Writes it, and its state where it is whole. */
void trained_write(const struct checkpoint *checkpoint, const char *path);

#endif
