// SPDX-License-Identifier: MIT
/*
 * A probe: a few images sent through a network's layers one by one, as ISA_REFERENCE does, with
 * the output of each kept to be looked at. The fast ways to compute a network do not keep them all.
 *
 * It reads the network's weights as they are at the moment and has arrays of its own for all else,
 * so that it changes nothing in the network: neither what backward needs nor the times of layers.
 * Trainer's thread.
 */
#ifndef FMNIST_NN_PROBE_H
#define FMNIST_NN_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/nn/network.h"

struct probe;

/* For at most `max_batch` images. The network must outlive it. NULL with `err` set where memory is
 * short. */
struct probe *probe_create(const struct network *network, size_t max_batch, struct error *err);
void probe_destroy(struct probe *probe);

size_t probe_max_batch(const struct probe *probe);

/* Where the caller puts the images: max_batch x 1 x 28 x 28. Unchanged by passes. */
real *probe_input(struct probe *probe);

/* Puts `batch` images there: number indices[i] of an array of bytes, each divided by 255, becomes
 * image i. */
void probe_take_images(struct probe *probe, const uint8_t *bytes, const uint32_t *indices,
                       size_t batch);

/* Computes all layers' outputs, as in NETWORK_EVALUATE. False: interrupted. */
bool probe_forward(struct probe *probe, size_t batch);

/* Of the last pass: batch x C x H x W of the layer's output shape. */
const real *probe_output(const struct probe *probe, size_t layer);

#endif
