// SPDX-License-Identifier: MIT
/*
 * Networks: a table of layers (struct network_spec, one file each in src/nn/networks/) and what is
 * built from it (struct network: parameters, gradients, workspace for one batch). All memory is
 * taken in network_create(). A network and its pool belong to one thread, the trainer's.
 *
 * forward, backward and the optimizer's update are each a function of (parameters, inputs, step),
 * so a pass that was interrupted (the functions return false then) is simply run again. Results do
 * not depend on the number of threads: work is cut in fixed chunks and partial sums are added in a
 * fixed order.
 */
#ifndef FMNIST_NN_NETWORK_H
#define FMNIST_NN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/base/pool.h"
#include "fmnist/comm/comm.h"
#include "fmnist/nn/isa.h"
#include "fmnist/nn/real.h"

enum {
    NETWORK_CLASSES = 10,
    NETWORK_NAME_SIZE = 48,
    NETWORK_RANK_MAX = 4,
    NETWORK_BATCH_MAX = 10000,
};

/* The kind of network: constant, one for the whole program. */
struct network_spec;

/* The network of that number or name ("lenet", "alexnet"); NULL where there is none. */
const struct network_spec *network_spec_at(size_t number);
const struct network_spec *network_spec_find(const char *name);
size_t network_spec_count(void);
size_t network_spec_number(const struct network_spec *spec);

const char *network_spec_name(const struct network_spec *spec);  /* "lenet": for options */
const char *network_spec_title(const struct network_spec *spec); /* "LeNet-5": for people */

/* Elements of one image: C, H, W. */
struct shape {
    size_t channels, height, width;
};

static inline size_t shape_size(struct shape shape)
{
    return shape.channels * shape.height * shape.width;
}

/* A weight or bias with its gradient; PyTorch's name and shape ("classifier.0.weight", 84 x 120).
 */
struct parameter {
    char name[NETWORK_NAME_SIZE];
    size_t rank;
    size_t sizes[NETWORK_RANK_MAX];
    size_t count;   /* product of the sizes */
    size_t fan_in;  /* inputs of one output: bounds the initial values */
    real *value;    /* owned by the network */
    real *gradient; /* d(mean loss of the batch)/d(value) after network_backward() */

    /* The numbers whose gradients are computed here, and which the optimizer updates here: all, or
     * this rank's. */
    size_t first, end;
};

/* The parameters that such a network has, without values: *count of them, for the caller to free().
 * NULL with `err` set where memory is short. */
struct parameter *network_spec_parameters(const struct network_spec *spec, size_t *count,
                                          struct error *err);

struct network;

/* Builds a network for batches of at most `max_batch` images, with initial weights uniform in
 * +-1/sqrt(fan_in) from `seed` (PyTorch's default for Conv2d and Linear), computed by the kernels
 * of `isa`; where those lack a layer of the network, and for ISA_REFERENCE, layer by layer. NULL
 * with `err` set where memory is short or the CPU has no such instructions. The pool must outlive
 * the network. */
struct network *network_create(const struct network_spec *spec, size_t max_batch, uint64_t seed,
                               enum isa isa, struct pool *pool, struct error *err);
void network_destroy(struct network *network);

/* Divides the work on each batch with the ranks of `comm`, which must outlive the network; all
 * ranks then call the same functions on the same batches. Results have the bits that one rank
 * gives. Before the optimizer is made. False with `err` set where the network's kernels cannot do
 * that. A function that returns false as if it were interrupted may then mean that the comm has
 * failed. */
bool network_join(struct network *network, struct comm *comm, struct error *err);

/* The other way: each rank trains on images of its own with all that is above, and then the
 * gradients are added up by MPI, in an order that depends on the number of ranks. What travels does
 * not grow with the batch. Only forward alone is divided as by network_join(). */
bool network_join_fast(struct network *network, struct comm *comm, struct error *err);

/* After an update of the weights: starts to give each rank the others'. The next forward waits for
 * those of each layer when it comes to it, so that they travel while it computes. False: the comm
 * has failed. */
bool network_send_weights(struct network *network);

/* Waits for all of them. False: the comm has failed. */
bool network_await_weights(struct network *network);

/* Draws the initial weights anew. */
void network_reset(struct network *network, uint64_t seed);

const struct network_spec *network_get_spec(const struct network *network);
size_t network_max_batch(const struct network *network);

size_t network_parameter_count(const struct network *network); /* tensors: 10 for LeNet-5 */
struct parameter *network_parameter(struct network *network, size_t index);
size_t network_weight_count(const struct network *network); /* numbers: 44,426 for LeNet-5 */

/* Layers in order, for tables and tests. */
size_t network_layer_count(const struct network *network);
const char *network_layer_kind(const struct network *network, size_t layer); /* "conv" */
const char *network_layer_name(const struct network *network, size_t layer); /* "classifier.0" */
struct shape network_layer_output_shape(const struct network *network, size_t layer);

/* The number of the layer's weight among the parameters, behind which its bias comes;
 * network_parameter_count() where it has none. */
size_t network_layer_weight(const struct network *network, size_t layer);

/* Multiplications for one image in the forward pass, as the definition has them; 0 for layers
 * without parameters. Either part of the backward pass has as many. */
size_t network_layer_multiplications(const struct network *network, size_t layer);

enum layer_work {
    LAYER_FORWARD,
    LAYER_BACKWARD_DATA,    /* gradients of what the layer reads */
    LAYER_BACKWARD_WEIGHTS, /* gradients of its parameters */
};

enum { LAYER_WORKS = LAYER_BACKWARD_WEIGHTS + 1 };

/* The time spent on a layer since network_reset_times(). Where layers are computed together all of
 * it is in the first of them. */
struct layer_times {
    size_t stage;                /* that first layer; itself where it is computed alone */
    double seconds[LAYER_WORKS]; /* all threads', divided by their number */
};

struct layer_times network_layer_times(const struct network *network, size_t layer);
void network_reset_times(struct network *network);

/* The instruction set that was asked for. */
enum isa network_isa(const struct network *network);

/* Where the caller puts the images: max_batch x 1 x 28 x 28. Unchanged by the passes, which read it
 * until the next network_take_images(). */
real *network_input(struct network *network);

/* The other way to give the images of the next passes: number indices[i] of an array of bytes, each
 * to be divided by 255, becomes image i. Both arrays must stay until the next call of this function
 * or network_input(): the fast path reads them in each pass, where a thread needs them. */
void network_take_images(struct network *network, const uint8_t *bytes, const uint32_t *indices,
                         size_t batch);

enum network_mode {
    NETWORK_EVALUATE, /* dropout is the identity */
    NETWORK_TRAIN, /* dropout is on, drawn from (seed, layer, step); values for backward are kept */
};

/* Computes the logits of the first `batch` images of the input. False: interrupted. */
bool network_forward(struct network *network, size_t batch, enum network_mode mode, uint64_t step);

/* batch x 10, valid until the next forward. */
const real *network_logits(const struct network *network);

/* Sums over a batch. */
struct network_loss {
    double loss;    /* mean cross-entropy */
    size_t correct; /* images whose largest logit is the label's (top-1) */
};

/* After a forward in NETWORK_TRAIN mode of the same batch: computes the loss against `labels`
 * (batch) and the gradient of every parameter. The fast path goes forward once more. False:
 * interrupted. */
bool network_backward(struct network *network, size_t batch, const uint8_t *labels,
                      struct network_loss *loss);

/* Both: forward in NETWORK_TRAIN mode, loss and gradients. False: interrupted. */
bool network_train(struct network *network, size_t batch, const uint8_t *labels, uint64_t step,
                   struct network_loss *loss);

/* As network_train(), but `count` images that are those from number `first` on of a batch of
 * `batch`, the rest of which other ranks have; gradients and loss are sums over the batch, divided
 * by its size. After network_join_fast(). */
bool network_train_part(struct network *network, size_t first, size_t count, size_t batch,
                        const uint8_t *labels, uint64_t step, struct network_loss *loss);

#endif
