// SPDX-License-Identifier: MIT
/*
 * What a layer is. A network's table has a row (struct layer_spec) a layer; each kind of layer is a
 * constant struct of functions in a file of its own in layers/. All arrays are N x C x H x W,
 * images outermost, and belong to the network.
 *
 * A pass over a layer is one or more pool jobs whose tasks are fixed by the shapes and the batch,
 * never by the number of threads, and write disjoint places: that makes results independent of
 * threads.
 */
#ifndef FMNIST_NN_LAYER_H
#define FMNIST_NN_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/pool.h"
#include "fmnist/comm/comm.h"
#include "fmnist/nn/network.h"
#include "fmnist/nn/real.h"
#include "nn/chunk.h"
#include "nn/team.h"

struct layer;
struct layer_clock;
struct layer_kind;
struct pass;

/* A row of a network's table. What a kind does not use is zero. */
struct layer_spec {
    const struct layer_kind *kind;
    const char *name; /* PyTorch's module name where there are parameters */
    size_t out;       /* output channels (conv) or features (linear) */
    size_t kernel, stride, padding;
    double rate; /* dropout: probability that an element becomes zero */
};

struct network_spec {
    const char *name, *title;
    struct shape input;
    const struct layer_spec *layers;
    size_t layer_count;
};

struct layer_kind {
    const char *name;

    /* May write its output over its input, and needs only its output for backward. */
    bool in_place;

    /* The output's shape for an input's; all zero where the input does not fit. */
    struct shape (*output_shape)(const struct layer_spec *spec, struct shape in);

    /* Shapes of weight and bias (rank, sizes, fan_in); NULL for kinds without parameters. */
    void (*parameters)(const struct layer_spec *spec, struct shape in, struct parameter *weight,
                       struct parameter *bias);

    /* NULL for none: bytes an image that forward keeps for backward; bytes a worker that passes may
     * scribble on; numbers a chunk for partial sums of parameter gradients. */
    size_t (*saved_size)(const struct layer *layer);
    size_t (*scratch_size)(const struct layer *layer);
    size_t (*partial_count)(const struct layer *layer);

    /* output = f(input). False: interrupted. */
    bool (*forward)(const struct layer *layer, const struct pass *pass);

    /* Given d(loss)/d(output), writes the gradients of the parameters and, where input_gradient is
     * not NULL, d(loss)/d(input). False: interrupted. */
    bool (*backward)(const struct layer *layer, const struct pass *pass);
};

/* A layer of a built network. */
struct layer {
    const struct layer_spec *spec;
    size_t number; /* place in the table, from 0 */
    struct shape in, out;
    struct parameter *weight, *bias; /* NULL where the kind has none */
    const real *input;               /* max_batch x in */
    real *output;                    /* max_batch x out; the input itself when in place */
    void *saved;                     /* max_batch x saved_size bytes */
};

/* What the layers of one pass share. */
struct pass {
    struct pool *pool;
    size_t batch;       /* images in this pass */
    size_t first_image; /* its first one's number in the batch, for dropout */
    struct layer_clock *clock;
    enum network_mode mode;
    uint64_t seed, step;         /* for dropout */
    const real *output_gradient; /* batch x out */
    real *input_gradient;        /* batch x in, or NULL where nobody needs it */
    unsigned char *scratch;      /* scratch_stride bytes for each worker */
    size_t scratch_stride;
    real *partial; /* CHUNKS x partial_stride */
    size_t partial_stride;

    /* Of several ranks (team.h) each has only its own features of every row now: forward of what
     * was computed last, backward of output_gradient. */
    struct comm *comm; /* NULL: one rank */
    bool split;
};

/* What a task of a layer needs to know where the images are independent of one another. */
struct layer_job {
    const struct layer *layer;
    const struct pass *pass;
};

/* The features of each row of `size` that a layer without parameters computes. */
static inline struct range pass_features(const struct pass *pass, size_t size)
{
    return pass->split ? team_features(pass->comm, size) : (struct range){0, size};
}

/* Runs `task` for every chunk of the batch, with a struct layer_job as its context. */
static inline bool layer_run_chunks(const struct layer *layer, const struct pass *pass,
                                    pool_task task)
{
    struct layer_job job = {layer, pass};
    return pool_run(pass->pool, CHUNKS, task, &job);
}

extern const struct layer_kind LAYER_CONV;
extern const struct layer_kind LAYER_LINEAR;
extern const struct layer_kind LAYER_TANH;
extern const struct layer_kind LAYER_RELU;
extern const struct layer_kind LAYER_AVERAGE_POOL;
extern const struct layer_kind LAYER_MAX_POOL;
extern const struct layer_kind LAYER_LOCAL_RESPONSE_NORM;
extern const struct layer_kind LAYER_DROPOUT;

/* Derives the shapes of the network's layers, one from the one before; `layers` has room for all
 * and is zeroed. False with `err` set where one does not fit its input. */
bool layers_shape(const struct network_spec *spec, struct layer *layers, struct error *err);

/* Describes the parameters of layers that have their shapes, weight then bias, and points the
 * layers to them; there is room for two a layer. Returns how many there are. */
size_t layers_describe(const struct network_spec *spec, struct layer *layers,
                       struct parameter *parameters);

/* The network's layers, network_layer_count() of them, for passes beside its own; see probe.h. */
const struct layer *network_layers(const struct network *network);
struct pool *network_pool(const struct network *network);

/* Gives each rank the other ranks' numbers of arrays like the parameters, of the parameters' values
 * where `arrays` is NULL. False: the comm has failed. */
bool network_exchange(struct network *network, real *const *arrays);

/* Backward from any gradient of the last layer's output (batch x out), with the gradient of the
 * network's input (batch x in) where `input_gradient` is not NULL: the plain path only. False:
 * interrupted. */
bool network_backward_from(struct network *network, size_t batch, const real *output_gradient,
                           real *input_gradient);

#endif
