// SPDX-License-Identifier: MIT
/*
 * Runs the first layers of a network, those that are convolutions as planes.h has kernels for, with
 * what stands between them: all of AlexNet but its classifier.
 *
 * The images of a batch go through a stage (stage.h) in slices. A slice takes two jobs of the pool:
 * the transforms of what the stage reads, then the products and the transforms back, one panel of
 * output channels a task. The tasks and the order of every sum depend on the batch only, not on the
 * number of threads. Owned by the network; its thread.
 */
#ifndef FMNIST_NN_PLANES_RUNNER_H
#define FMNIST_NN_PLANES_RUNNER_H

#include "nn/layer.h"
#include "nn/layer_clock.h"

struct plane_runner;

/* Makes a runner for the first of these layers in *runner, or NULL there where the instruction set
 * has no kernels or they lack the first layer. False with `err` set where memory is short. */
bool plane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                         enum isa isa, struct pool *pool, struct layer_clock *clock,
                         struct plane_runner **runner, struct error *err);
void plane_runner_destroy(struct plane_runner *runner);

/* From now on divides passes with the ranks of `comm`, as team.h says, or with nobody. It must
 * outlive the runner. */
void plane_runner_use(struct plane_runner *runner, struct comm *comm);

/* Gives the weights the bounds of what a rank has the gradients of. */
void plane_runner_divide(struct plane_runner *runner, const struct comm *comm, unsigned rank);

/* How the images of the last pass were dealt out. */
const struct comm_shares *plane_runner_images(const struct plane_runner *runner);

/* How many layers it computes; the last one's output array it fills, those of the others it does
 * not use. */
size_t plane_runner_layers(const struct plane_runner *runner);

/* From the first `batch` images of the first layer's input to the last layer's output, of several
 * ranks for this one's images. False: interrupted. */
bool plane_runner_forward(struct plane_runner *runner, size_t batch, enum network_mode mode);

/* After a forward in NETWORK_TRAIN mode: the gradients of the layers' parameters, from that of the
 * last layer's output (batch x C x H x W). False: interrupted. */
bool plane_runner_backward(struct plane_runner *runner, size_t batch, const real *output_gradient);

#endif
