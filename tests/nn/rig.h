// SPDX-License-Identifier: MIT
/* A network with its pool, optimizer, images and labels, all from the formula: what tests train. */
#ifndef FMNIST_TESTS_NN_RIG_H
#define FMNIST_TESTS_NN_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/comm/comm.h"
#include "fmnist/nn/adam.h"
#include "nn/layer.h"

enum { RIG_BATCH_MAX = 130, RIG_LAYERS_MAX = 32 };

struct rig {
    struct layer_spec layers[RIG_LAYERS_MAX]; /* the network's own table, copied */
    struct network_spec spec;
    struct pool *pool;
    struct comm *team; /* whom the network has joined; NULL: nobody */
    bool team_is_own;  /* made by the rig */
    struct network *network;
    struct adam *adam;
    size_t batch;
    uint8_t labels[RIG_BATCH_MAX];
    uint64_t step; /* of the next rig_step() */
    struct network_loss loss;
};

struct rig_settings {
    const struct network_spec *spec;
    size_t batch;
    unsigned threads;
    uint32_t salt; /* of weights, images, labels, and the seed of dropout */
    bool no_dropout;
    enum isa isa;      /* must be supported */
    struct comm *comm; /* NULL: one rank */
    bool unite;        /* ranks of a host share memory */
};

/* Sets up `rig`, which must stay where it is until rig_close(). Fails the test on errors. */
void rig_open(struct rig *rig, struct rig_settings settings);
void rig_close(struct rig *rig);

/* Forward and backward of step `rig->step`; false where interrupted. */
bool rig_pass(struct rig *rig);

/* The same and an update of the weights; nothing may interrupt it. */
void rig_step(struct rig *rig);

/* Copies of all weights or gradients, one parameter after the other, for the caller to free(). */
real *rig_copy_values(struct rig *rig);
real *rig_copy_gradients(struct rig *rig);

#endif
