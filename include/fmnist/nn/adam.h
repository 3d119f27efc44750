// SPDX-License-Identifier: MIT
/*
 * Adam (Kingma, Ba: "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1), with the
 * order of operations of torch.optim.Adam.
 */
#ifndef FMNIST_NN_ADAM_H
#define FMNIST_NN_ADAM_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/nn/network.h"

struct adam_settings {
    double beta1, beta2, epsilon;
};

extern const struct adam_settings ADAM_DEFAULTS; /* 0.9, 0.999, 1e-8 */

struct adam;

/* Optimizer state (first and second moments, zero at the start) for a network, which must outlive
 * it. NULL with `err` set where memory is short. Trainer's thread. */
struct adam *adam_create(struct network *network, struct adam_settings settings, struct error *err);
void adam_destroy(struct adam *adam);

/* Forgets the moments and the count of updates. */
void adam_reset(struct adam *adam, struct pool *pool);

/* One update of all parameters from their gradients. Never interrupted: it takes some 10 ms. */
void adam_update(struct adam *adam, double learning_rate, struct pool *pool);

/* Euclidean norms of one parameter: its values after an update, the gradient that led to it, and
 * the difference it made. */
struct adam_norms {
    double value, gradient, update;
};

/* The same update, bit for bit, and what it was like: `norms` has network_parameter_count() items.
 * Norms are good to five digits. */
void adam_update_measured(struct adam *adam, double learning_rate, struct pool *pool,
                          struct adam_norms *norms);

/* Number of updates so far: t in the paper. Set where moments are, too, to go on from them. */
uint64_t adam_updates(const struct adam *adam);
void adam_set_updates(struct adam *adam, uint64_t updates);

/* Of several ranks each updates its own weights: gives each the others' moments, for a checkpoint.
 * False: the comm has failed. */
bool adam_exchange(struct adam *adam);

/* First (m) and second (v) moment of parameter `index`, in the parameter's shape. */
real *adam_first_moment(struct adam *adam, size_t index);
real *adam_second_moment(struct adam *adam, size_t index);

#endif
