// SPDX-License-Identifier: MIT
/*
 * What a run can be told to do, as a value: from a key, from a command line, or through the store
 * from another process.
 */
#ifndef FMNIST_TRAIN_COMMAND_H
#define FMNIST_TRAIN_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "fmnist/train/study.h"

enum run_command_kind {
    RUN_PAUSE,
    RUN_RESUME,
    RUN_STEP,
    RUN_REACH,
    RUN_END_EPOCH,
    RUN_SWITCH,
    RUN_EVALUATE,
    RUN_RESTART,
    RUN_LEARNING_RATE,
    RUN_OBSERVE,
    RUN_EPOCHS,
    RUN_SAVE,
    RUN_REFRESH, /* look at the recorder again */
    RUN_OPEN,    /* watch another run; of watchers only */
    RUN_STOP,
};

struct run_command {
    enum run_command_kind kind;
    size_t model;                   /* RUN_SWITCH: number of the network */
    double learning_rate;           /* RUN_LEARNING_RATE */
    struct observation observation; /* RUN_OBSERVE */
    uint64_t number;                /* RUN_STEP: steps; RUN_REACH: the step; RUN_EPOCHS: epochs;
                                       RUN_OPEN: the run */
};

#endif
