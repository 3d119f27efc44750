// SPDX-License-Identifier: MIT
/* How the files of a checkpoint, and what is in them, are called. */
#ifndef STORE_CHECKPOINT_NAMES_H
#define STORE_CHECKPOINT_NAMES_H

#include <stdio.h>

#include "fmnist/base/error.h"
#include "fmnist/nn/network.h"

enum { CHECKPOINT_TENSOR_SIZE = NETWORK_NAME_SIZE + 32 };

/* Facts. */
#define CHECKPOINT_FACT_MODEL "model"
#define CHECKPOINT_FACT_WEIGHTS "weights_sha256"
#define CHECKPOINT_FACT_ISA "isa"
#define CHECKPOINT_FACT_BLAS "blas_core"
#define CHECKPOINT_FACT_VERSION "state_version"

/* Of the state's layout; another number means another layout. */
#define CHECKPOINT_STATE_VERSION "1"

/* The name of a parameter's moment, 1 or 2. */
static inline void checkpoint_moment_name(int moment, const char *parameter,
                                          char name[CHECKPOINT_TENSOR_SIZE])
{
    (void)snprintf(name, CHECKPOINT_TENSOR_SIZE, "optimizer.%s_moment.%s",
                   moment == 1 ? "first" : "second", parameter);
}

/* The path of the state beside weights, for the caller to free(); NULL with `err` set where `path`
 * does not end in ".safetensors" or memory is short. */
char *checkpoint_state_path(const char *path, struct error *err);

#endif
