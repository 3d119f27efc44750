// SPDX-License-Identifier: MIT
/*
 * Runs a whole network on lanes (lanes.h): the fast path for networks that consist of what the
 * kernels know, as LeNet-5 does. Groups of LANES images go through all layers one after another, so
 * that what a layer wrote is still in the cache when the next one reads it; each group is a task of
 * the pool.
 *
 * Groups are the same whatever the number of threads, and sums over groups are made in their order.
 * Owned by the network; its thread.
 */
#ifndef FMNIST_NN_LANES_RUNNER_H
#define FMNIST_NN_LANES_RUNNER_H

#include "nn/layer.h"

struct lane_runner;

/* Makes a runner for these layers in *runner, or NULL there where the instruction set has no
 * kernels or they lack one of the layers. False with `err` set where memory is short. */
bool lane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                        enum isa isa, struct pool *pool, struct lane_runner **runner,
                        struct error *err);
void lane_runner_destroy(struct lane_runner *runner);

/* The logits (batch x classes) of the first `batch` images of the first layer's input. False:
 * interrupted. */
bool lane_runner_forward(struct lane_runner *runner, size_t batch, enum network_mode mode,
                         real *logits);

/* After a forward in NETWORK_TRAIN mode: the gradient of each parameter, from that of the logits
 * (batch x classes). False: interrupted. */
bool lane_runner_backward(struct lane_runner *runner, size_t batch, const real *logits_gradient);

#endif
