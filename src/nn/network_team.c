// SPDX-License-Identifier: MIT
/* A network's part of the work where several ranks train it together. */
#include <string.h>

#include "base/memory.h"
#include "nn/network_parts.h"

/* Whether ranks can share the layers behind those of the fast path. */
static bool network_divides(const struct network *network)
{
    if (network->lanes)
        return true;
    for (size_t number = network->plane_layers; number < network->spec->layer_count; number++) {
        const struct layer_kind *kind = network->spec->layers[number].kind;
        if (kind != &LAYER_LINEAR && kind != &LAYER_RELU && kind != &LAYER_DROPOUT)
            return false;
    }
    return network->planes;
}

/* Fully connected layers by panels of outputs. */
static void divide_linear(const struct comm *comm, unsigned rank, const struct layer *layer)
{
    if (!layer->weight)
        return;
    size_t in = shape_size(layer->in);
    struct range features = team_features_of(comm, rank, layer->out.channels);
    layer->weight->first = features.first * in;
    layer->weight->end = features.end * in;
    layer->bias->first = features.first;
    layer->bias->end = features.end;
}

/* Gives parameters the bounds of what a rank computes the gradients of. */
static void divide_weights(struct network *network, unsigned rank)
{
    plane_runner_divide(network->planes, network->comm, rank);
    for (size_t number = network->plane_layers; number < network->spec->layer_count; number++)
        divide_linear(network->comm, rank, &network->layers[number]);
}

/* Notes all ranks' bounds, and leaves this one's with the parameters. */
static void network_divide(struct network *network)
{
    for (unsigned rank = 0; rank < comm_size(network->comm); rank++) {
        divide_weights(network, rank);
        for (size_t index = 0; index < network->parameter_count; index++) {
            const struct parameter *parameter = &network->parameters[index];
            struct comm_shares *shares = &network->weight_shares[index];
            shares->bounds[rank] = parameter->first;
            shares->bounds[rank + 1] = parameter->count;
        }
    }
    divide_weights(network, comm_rank(network->comm));
}

bool network_join(struct network *network, struct comm *comm, struct error *err)
{
    if (!team_shares(comm))
        return true;
    if (!network_divides(network)) {
        error_set(err, ERROR_USAGE, "%s with --isa %s: that works on one host only",
                  network->spec->title, isa_name(network->isa));
        return false;
    }
    network->weight_shares =
        memory_array(network->parameter_count, sizeof *network->weight_shares, err);
    if (!network->weight_shares)
        return false;
    network->comm = comm;
    if (network->lanes) {
        lane_runner_join(network->lanes, comm);
        return true;
    }
    plane_runner_use(network->planes, comm);
    network_divide(network);
    return true;
}

/* Divides passes with these ranks, or with nobody. */
static void use_comm(struct network *network, struct comm *comm)
{
    network->comm = comm;
    if (network->lanes)
        lane_runner_join(network->lanes, comm);
    if (network->planes)
        plane_runner_use(network->planes, comm);
}

bool network_join_fast(struct network *network, struct comm *comm, struct error *err)
{
    if (!network_join(network, comm, err))
        return false;
    network->fast = team_shares(comm);
    for (size_t index = 0; index < network->parameter_count; index++) {
        network->parameters[index].first = 0;
        network->parameters[index].end = network->parameters[index].count;
    }
    return true;
}

/* Adds all ranks' gradients and losses up. */
static bool sum_parts(struct network *network, struct network_loss *loss)
{
    struct comm *comm = network->comm;
    struct network_loss parts[COMM_RANKS_MAX];
    for (size_t index = 0; index < network->parameter_count; index++) {
        const struct parameter *parameter = &network->parameters[index];
        if (!comm_start_sum(comm, SLOT_WEIGHTS + index, (void *)parameter->gradient,
                            parameter->count))
            return false;
    }
    memset(parts, 0, sizeof parts);
    parts[comm_rank(comm)] = *loss;
    if (!comm_gather(comm, parts, sizeof *parts))
        return false;
    *loss = (struct network_loss){0};
    for (unsigned rank = 0; rank < comm_size(comm); rank++) {
        loss->loss += parts[rank].loss;
        loss->correct += parts[rank].correct;
    }
    for (size_t index = 0; index < network->parameter_count; index++)
        if (!comm_finish(comm, SLOT_WEIGHTS + index))
            return false;
    return true;
}

static void clear_gradients(const struct network *network)
{
    for (size_t index = 0; index < network->parameter_count; index++)
        memset(network->parameters[index].gradient, 0,
               network->parameters[index].count * sizeof(real));
}

bool network_train_part(struct network *network, size_t first, size_t count, size_t batch,
                        const uint8_t *labels, uint64_t step, struct network_loss *loss)
{
    struct comm *comm = network->comm;
    bool good = true;
    *loss = (struct network_loss){0};
    use_comm(network, NULL);
    network->part_first = first;
    network->part_of = batch;
    if (count > 0)
        good = network_train(network, count, labels, step, loss);
    else
        clear_gradients(network);
    network->part_first = network->part_of = 0;
    use_comm(network, comm);
    return good && sum_parts(network, loss);
}

/* Whether this parameter's numbers are dealt out: else all ranks have them all. */
static bool parameter_divided(const struct network *network, size_t index)
{
    unsigned ranks = comm_size(network->comm);
    return !network->lanes && network->weight_shares[index].bounds[ranks - 1] > 0;
}

/* Starts to exchange the numbers of all divided parameters. */
static bool send_numbers(struct network *network, real *const *arrays)
{
    if (!team_shares(network->comm) || network->fast)
        return true;
    for (size_t index = 0; index < network->parameter_count; index++) {
        const struct comm_piece piece = {arrays ? arrays[index] : network->parameters[index].value,
                                         1, 0, sizeof(real), &network->weight_shares[index]};
        if (parameter_divided(network, index) &&
            !comm_start(network->comm, SLOT_WEIGHTS + index, &piece, 1))
            return false;
    }
    return true;
}

bool network_await_weights(struct network *network)
{
    for (size_t index = 0; team_shares(network->comm) && index < network->parameter_count; index++)
        if (!comm_finish(network->comm, SLOT_WEIGHTS + index))
            return false;
    return true;
}

bool network_exchange(struct network *network, real *const *arrays)
{
    return network_await_weights(network) && send_numbers(network, arrays) &&
           network_await_weights(network);
}

bool network_send_weights(struct network *network)
{
    return send_numbers(network, NULL);
}
