// SPDX-License-Identifier: MIT
/* What a run's figures were after one of its steps, from its history alone. Any thread. */
#ifndef FMNIST_STORE_MOMENT_H
#define FMNIST_STORE_MOMENT_H

#include "fmnist/store/store.h"

/* A run as far as its history and settings tell. */
struct moment_run {
    const struct history *history;
    struct history_counts counts;
    size_t batch, steps_per_epoch, epochs;
    double initial_learning_rate;
};

/* Members as in struct learner_snapshot. */
struct moment {
    uint64_t step;
    double learning_rate;
    double train_loss, train_accuracy;
    double seconds, images_per_second, eta_seconds;
    double best_accuracy;
    size_t best_epoch;
};

/* How many of `counts` points lie at that step or before it. */
struct history_counts moment_counts(const struct history *history, struct history_counts counts,
                                    uint64_t step);

struct moment moment_at(const struct moment_run *run, uint64_t step);

#endif
