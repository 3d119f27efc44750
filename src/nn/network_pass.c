// SPDX-License-Identifier: MIT
/* The passes over a network's layers. */
#include <assert.h>

#include "base/clock.h"
#include "fmnist/nn/loss.h"
#include "nn/network_parts.h"

static struct pass network_pass(const struct network *network, size_t batch)
{
    return (struct pass){
        .pool = network->pool,
        .batch = batch,
        .first_image = network->part_first,
        .clock = network->clock,
        .seed = network->seed,
        .scratch = network->scratch,
        .scratch_stride = network->scratch_stride,
        .partial = network->partial,
        .partial_stride = network->partial_stride,
        .comm = network->comm,
    };
}

/* Of several ranks each has its own features of the rows of `data`: makes them whole. */
static bool exchange_features(const struct pass *pass, const real *data, size_t features)
{
    struct comm_shares shares;
    team_feature_shares(pass->comm, features, &shares);
    const struct comm_piece piece = {(void *)data, pass->batch, features * sizeof(real),
                                     sizeof(real), &shares};
    return comm_exchange(pass->comm, &piece, 1);
}

/* The same for the images of what the last layer of the planes put out. */
static bool exchange_images(const struct network *network)
{
    const struct layer *layer = &network->layers[network->plane_layers - 1];
    const struct comm_piece piece = {layer->output, 1, 0, shape_size(layer->out) * sizeof(real),
                                     plane_runner_images(network->planes)};
    return comm_exchange(network->comm, &piece, 1);
}

/* Whether ranks compute only their own features of rows of so many. */
static bool splits(const struct network *network, size_t features)
{
    return team_shares(network->comm) && panel_count(features) > 1;
}

/* Counts a layer's seconds on the plain path, where all threads work on one layer at a time. */
static void count_layer(const struct network *network, size_t number, enum layer_work work,
                        double seconds)
{
    layer_clock_add(network->clock, 0, number, work, seconds * pool_threads(network->pool));
}

bool network_forward(struct network *network, size_t batch, enum network_mode mode, uint64_t step)
{
    /* Partners may still be reading what the last pass has left. */
    if (!pool_meet(network->pool))
        return false;
    if (network->lanes)
        return lane_runner_forward(network->lanes, &network->images, batch,
                                   network->layers[network->spec->layer_count - 1].output);
    struct pass pass = network_pass(network, batch);
    pass.mode = mode;
    pass.step = network->step = step;
    if (network->planes && !plane_runner_forward(network->planes, batch, mode))
        return false;
    if (team_shares(network->comm) && !exchange_images(network))
        return false;
    for (size_t number = network->plane_layers; number < network->spec->layer_count; number++) {
        const struct layer *layer = &network->layers[number];
        double start = clock_seconds();
        if (layer->weight && pass.split &&
            !exchange_features(&pass, layer->input, shape_size(layer->in)))
            return false;
        if (layer->weight && (!team_await(network->comm, network->parameters, layer->weight) ||
                              !team_await(network->comm, network->parameters, layer->bias)))
            return false;
        if (!layer->spec->kind->forward(layer, &pass))
            return false;
        if (layer->weight)
            pass.split = splits(network, shape_size(layer->out));
        count_layer(network, number, LAYER_FORWARD, clock_seconds() - start);
    }
    return true;
}

bool network_backward_from(struct network *network, size_t batch, const real *output_gradient,
                           real *input_gradient)
{
    assert(!network->lanes && (!network->planes || !input_gradient));
    struct pass pass = network_pass(network, batch);
    pass.mode = NETWORK_TRAIN;
    pass.step = network->step;
    pass.output_gradient = output_gradient;
    for (size_t number = network->spec->layer_count; number-- > network->plane_layers;) {
        const struct layer *layer = &network->layers[number];
        if (number == 0)
            pass.input_gradient = input_gradient;
        else
            pass.input_gradient = network->gradients[number % 2];
        double start = clock_seconds();
        double weights = layer_clock_sum(network->clock, number, LAYER_BACKWARD_WEIGHTS);
        if (!layer->spec->kind->backward(layer, &pass))
            return false;
        weights = layer_clock_sum(network->clock, number, LAYER_BACKWARD_WEIGHTS) - weights;
        count_layer(network, number, LAYER_BACKWARD_DATA,
                    clock_seconds() - start - weights / pool_threads(network->pool));
        pass.output_gradient = pass.input_gradient;
        if (layer->weight)
            pass.split = splits(network, shape_size(layer->in));
    }
    if (pass.split && !exchange_features(&pass, pass.output_gradient,
                                         shape_size(network->layers[network->plane_layers].in)))
        return false;
    return !network->planes || plane_runner_backward(network->planes, batch, pass.output_gradient);
}

/* From the mean over the images of a pass to their part of the mean over the batch. */
static void take_part_of_mean(const struct network *network, size_t batch, real *gradient,
                              struct network_loss *loss)
{
    size_t classes = shape_size(network->layers[network->spec->layer_count - 1].out);
    real part = (real)batch / (real)network->part_of;
    for (size_t index = 0; index < batch * classes; index++)
        gradient[index] *= part;
    loss->loss *= (double)batch / (double)network->part_of;
}

bool network_backward(struct network *network, size_t batch, const uint8_t *labels,
                      struct network_loss *loss)
{
    size_t last = network->spec->layer_count;
    size_t mean_of = network->part_of ? network->part_of : batch;
    if (network->lanes)
        return lane_runner_train(network->lanes, &network->images, batch, mean_of, labels,
                                 network->layers[last - 1].output, loss);
    real *gradient = network->gradients[last % 2];
    cross_entropy(network_logits(network), labels, batch, shape_size(network->layers[last - 1].out),
                  pool_leads(network->pool) ? gradient : NULL, loss);
    if (!pool_meet(network->pool))
        return false;
    if (mean_of != batch)
        take_part_of_mean(network, batch, gradient, loss);
    return network_backward_from(network, batch, gradient, NULL);
}

bool network_train(struct network *network, size_t batch, const uint8_t *labels, uint64_t step,
                   struct network_loss *loss)
{
    return (network->lanes || network_forward(network, batch, NETWORK_TRAIN, step)) &&
           network_backward(network, batch, labels, loss);
}
