// SPDX-License-Identifier: MIT
/*
 * All that a learner is between two training steps: from it, and the same data, a run goes on bit
 * for bit. Filled by the trainer's thread or by who reads files, then immutable and counted by
 * reference, so that any thread may read it.
 */
#ifndef FMNIST_TRAIN_CHECKPOINT_H
#define FMNIST_TRAIN_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/nn/isa.h"
#include "fmnist/nn/network.h"

enum { CHECKPOINT_PARAMETERS_MAX = 32, CHECKPOINT_CORE_SIZE = 32 };

/* One of the network's weights or biases and what Adam keeps of it, each `count` numbers in
 * PyTorch's order of elements. */
struct checkpoint_parameter {
    char name[NETWORK_NAME_SIZE]; /* "classifier.0.weight" */
    size_t rank;
    size_t sizes[NETWORK_RANK_MAX];
    size_t count;
    float *value;
    float *first_moment, *second_moment; /* NULL where the checkpoint holds weights only */
};

/* Where the run is; all zero where there are weights only. */
struct checkpoint_place {
    uint64_t seed;
    size_t batch;         /* images a step */
    size_t train_count;   /* images an epoch */
    size_t epochs;        /* to make in all */
    size_t epochs_done;   /* whole ones */
    size_t epoch_step;    /* steps made in the one under way */
    uint64_t step;        /* training steps made */
    uint64_t updates;     /* of the optimizer: t in Adam's paper */
    double learning_rate; /* of the next update */
    double initial_learning_rate;
    double loss_average, accuracy_average; /* exponential, biased to zero at the start */
    double seconds;                        /* of training and evaluation */
    double best_accuracy;                  /* validation; 0: none yet */
    size_t best_epoch;
    bool validation_due, test_due; /* the run's own evaluations, not made yet */
    bool validation_requested;
};

struct checkpoint {
    const struct network_spec *spec;
    bool whole; /* moments and place are there, else only weights */
    struct checkpoint_place place;
    enum isa isa;                         /* of the kernels that computed it */
    char blas_core[CHECKPOINT_CORE_SIZE]; /* OpenBLAS's kernels, "SkylakeX" */
    bool best; /* no evaluation of the run was better than that of this step, nor as good before */
    double accuracy; /* validation at this step, 0 to 1; negative: not evaluated here */
    size_t parameter_count;
    struct checkpoint_parameter parameters[CHECKPOINT_PARAMETERS_MAX];
};

/* A checkpoint for such a network, all arrays zero, with one reference; to be filled before others
 * see it. `whole`: with moments. NULL with `err` set where memory is short. Any thread. */
struct checkpoint *checkpoint_create(const struct network_spec *spec, bool whole,
                                     struct error *err);

/* One more reference; returns its argument. NULL is fine. */
const struct checkpoint *checkpoint_share(const struct checkpoint *checkpoint);

/* One reference less; the last one frees it. NULL is fine. */
void checkpoint_release(const struct checkpoint *checkpoint);

/* Whether all weights (and moments) are finite; else `err` names the first parameter that is not.
 */
bool checkpoint_check_finite(const struct checkpoint *checkpoint, struct error *err);

#endif
