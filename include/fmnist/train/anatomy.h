// SPDX-License-Identifier: MIT
/*
 * What goes on in each layer of a learner's network: its time, the norms of its parameters, units
 * that do nothing. Built on the trainer's thread about once a second, then immutable and counted by
 * reference, so that any thread may read it.
 */
#ifndef FMNIST_TRAIN_ANATOMY_H
#define FMNIST_TRAIN_ANATOMY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/nn/network.h"

enum { ANATOMY_LAYERS_MAX = 32, ANATOMY_TREND_MAX = 64 };

/* The outputs of a tanh beyond this are saturated: its derivative there is below 0.06. */
#define ANATOMY_SATURATION 0.97

/* Euclidean norms of a layer's weight and bias together; all zero before the first sample. */
struct anatomy_norms {
    float weights;   /* after an update */
    float gradients; /* of the batch that led to it */
    float updates;   /* what it changed */
};

enum anatomy_idleness {
    ANATOMY_NONE,      /* the layer cannot idle */
    ANATOMY_DEAD,      /* ReLU: part of its channels (or units) that are 0 everywhere */
    ANATOMY_SATURATED, /* tanh: part of its outputs that are saturated */
};

struct anatomy_layer {
    const char *kind, *name; /* "conv", "feature_extractor.0"; live as long as the anatomy */
    struct shape output;
    size_t weight_count;     /* numbers in weight and bias; 0: none */
    bool filters;            /* it is a convolution */
    size_t stage;            /* the first of the layers that are computed together with it */
    double forward_seconds;  /* of a training step, of all those layers, in the first of them */
    double backward_seconds; /* likewise, for gradients of data and parameters */
    struct anatomy_norms norms;
    struct anatomy_norms trend[ANATOMY_TREND_MAX]; /* trend_count, oldest first */
    enum anatomy_idleness idleness;
    double idle; /* 0 to 1 over the images that were looked at */
};

struct anatomy {
    uint64_t norms_step; /* the step that the norms are of; 0: none yet */
    double step_seconds; /* of a training step, all included; 0: not known yet */
    size_t trend_count;  /* over the run so far, evenly spread */
    uint64_t idle_step;  /* training steps made when the images were looked at */
    size_t idle_images;  /* how many; 0: not yet, or nobody wanted it */
    size_t layer_count;  /* at most ANATOMY_LAYERS_MAX */
    struct anatomy_layer layers[ANATOMY_LAYERS_MAX];
};

/* An anatomy from what was kept of one: a copy, with one reference and names of its own (shorter
 * than NETWORK_NAME_SIZE). NULL with `err` set where memory is short. Any thread. */
const struct anatomy *anatomy_restore(const struct anatomy *kept, struct error *err);

/* What `anatomy` says, but of idle units what `census` does: another one of the same layers, with
 * one reference. NULL with `err` set where memory is short or the layers are others. Any thread. */
const struct anatomy *anatomy_with_census(const struct anatomy *anatomy,
                                          const struct anatomy *census, struct error *err);

/* One more reference; returns its argument. NULL is fine. */
const struct anatomy *anatomy_share(const struct anatomy *anatomy);

/* One reference less; the last one frees it. NULL is fine. */
void anatomy_release(const struct anatomy *anatomy);

#endif
