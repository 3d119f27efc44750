// SPDX-License-Identifier: MIT
/*
 * Runs a whole network on the kernels of lanes.h: the fast path for LeNet-5. A group of some images
 * goes forward through all layers and all the way back, so that what a layer wrote is still in the
 * cache when the next one reads it; each group is a task of the pool. Gradients of the convolutions
 * are summed within a group and then over the groups in their order, those of dense layers over all
 * images at the end. Groups depend on the size of the batch alone.
 *
 * Owned by the network; its thread.
 */
#ifndef FMNIST_NN_LANES_RUNNER_H
#define FMNIST_NN_LANES_RUNNER_H

#include "nn/layer.h"

struct lane_runner;

/* The images of a batch: bytes to be divided by 255 where `bytes` is not NULL, number indices[i] of
 * them being image i; else numbers. */
struct lane_images {
    const uint8_t *bytes;
    const uint32_t *indices;
    const real *numbers; /* batch x 28 x 28 */
};

/* Makes a runner for these layers in *runner, or NULL there where the instruction set has no
 * kernels or they lack one of the layers. Its times go to `clock`. False with `err` set where
 * memory is short. */
bool lane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                        enum isa isa, struct pool *pool, struct layer_clock *clock,
                        struct lane_runner **runner, struct error *err);
void lane_runner_destroy(struct lane_runner *runner);

/* From now on divides the work with the ranks of `comm`, which must outlive the runner: each takes
 * some groups. What the groups made is exchanged before the sums over all images, which every rank
 * adds up. */
void lane_runner_join(struct lane_runner *runner, struct comm *comm);

/* The logits (batch x classes) of the images. False: interrupted. */
bool lane_runner_forward(struct lane_runner *runner, const struct lane_images *images, size_t batch,
                         real *logits);

/* The same, and loss and gradient of each parameter; both are sums divided by `mean_of`, a number
 * of images. */
bool lane_runner_train(struct lane_runner *runner, const struct lane_images *images, size_t batch,
                       size_t mean_of, const uint8_t *labels, real *logits,
                       struct network_loss *loss);

#endif
