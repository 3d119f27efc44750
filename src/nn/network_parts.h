// SPDX-License-Identifier: MIT
/* What the files of the network share: network.c (building it, and what it tells of itself),
 * network_pass.c (the passes over its layers) and network_team.c (its part where several ranks
 * train). */
#ifndef FMNIST_NN_NETWORK_PARTS_H
#define FMNIST_NN_NETWORK_PARTS_H

#include "nn/lanes/runner.h"
#include "nn/layer.h"
#include "nn/layer_clock.h"
#include "nn/planes/runner.h"

struct network {
    const struct network_spec *spec;
    struct pool *pool;
    size_t max_batch;
    uint64_t seed;
    struct layer *layers; /* spec->layer_count */
    struct parameter *parameters;
    size_t parameter_count;
    struct arena *arena; /* all arrays below, and those of layers and parameters */
    real *input;
    real *gradients[2]; /* of outputs and inputs by turns; the largest array between layers */
    real *partial;
    size_t partial_stride;
    unsigned char *scratch;
    size_t scratch_stride;
    struct layer_clock *clock;
    enum isa isa;
    struct lane_runner *lanes;   /* the fast path for the whole network, or NULL */
    struct lane_images images;   /* where it finds them */
    struct plane_runner *planes; /* that for its convolutions, or NULL */
    size_t plane_layers;         /* how many layers `planes` computes, from the first */
    uint64_t step;               /* of the last forward: backward draws the same dropout masks */

    /* The images of a pass are those from number part_first on of a batch of part_of; 0: they are
     * the batch. */
    size_t part_first, part_of;

    struct comm *comm;                 /* NULL: one rank */
    bool fast;                         /* gradients are added up: all ranks have all weights */
    struct comm_shares *weight_shares; /* of several ranks: of each parameter's numbers */
};

#endif
