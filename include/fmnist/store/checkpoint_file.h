// SPDX-License-Identifier: MIT
/*
 * Checkpoints on disk, as two files in the safetensors format:
 *
 *     NAME.safetensors        the weights under PyTorch's names and nothing else, so that
 *                             load_state_dict(strict=True) takes it as it lies there
 *     NAME.state.safetensors  what a run needs besides to go on bit for bit: the optimizer's
 *                             moments, "optimizer.first_moment.PARAMETER" and so on, and numbers
 *                             under "state."; it names the SHA-256 of the weights it belongs to
 *
 * `path` is always that of the weights. The weights are written last: once their file has its name
 * the checkpoint is there. To save over one that exists leaves, for a moment, weights without their
 * state, so each checkpoint of a run takes a name of its own. Any thread.
 */
#ifndef FMNIST_STORE_CHECKPOINT_FILE_H
#define FMNIST_STORE_CHECKPOINT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/train/checkpoint.h"

/* Writes a checkpoint; where it holds weights only, just them. `path` ends in ".safetensors"; `run`
 * is what the run is called, NULL for none. False with `err` set, code ERROR_FULL where the disk
 * has no room; other checkpoints are as before then. */
bool checkpoint_file_save(const struct checkpoint *checkpoint, const char *path, const char *run,
                          struct error *err);

/* What to make of weights and moments that are infinite or no numbers. */
enum checkpoint_numbers {
    CHECKPOINT_FINITE, /* refuse them */
    CHECKPOINT_ANY,
};

/* Reads both files of a checkpoint, with one reference for the caller. NULL with `err` set, which
 * names the file, where anything is not as it was written. */
struct checkpoint *checkpoint_file_load(const char *path, enum checkpoint_numbers numbers,
                                        struct error *err);

/* Reads the weights alone, ours or PyTorch's, which may lack a hash and facts; of the network that
 * the file's fact "model" names, or else of the one whose table it fits. */
struct checkpoint *checkpoint_file_load_weights(const char *path, enum checkpoint_numbers numbers,
                                                struct error *err);

/* Removes both files, of which either may be missing. */
bool checkpoint_file_remove(const char *path, struct error *err);

#endif
