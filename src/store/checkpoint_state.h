// SPDX-License-Identifier: MIT
/* The numbers of a checkpoint beside its arrays, as tensors of one element each. */
#ifndef STORE_CHECKPOINT_STATE_H
#define STORE_CHECKPOINT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/store/safetensors.h"
#include "fmnist/train/checkpoint.h"

enum { CHECKPOINT_STATE_COUNT = 20 };

union state_number {
    int64_t integer;
    double real;
};

/* Describes all numbers. The tensors point to `numbers`. */
void checkpoint_state_describe(const struct checkpoint *checkpoint,
                               union state_number numbers[CHECKPOINT_STATE_COUNT],
                               struct safetensors_tensor tensors[CHECKPOINT_STATE_COUNT]);

/* Takes all numbers over from a file, whose name is `path`; false with `err` set where one is
 * missing, can be none of a checkpoint's, or, if that is asked, is not finite. */
bool checkpoint_state_read(const struct safetensors *file, const char *path, bool finite,
                           struct checkpoint *checkpoint, struct error *err);

#endif
