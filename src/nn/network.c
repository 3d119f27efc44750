// SPDX-License-Identifier: MIT
/* Building a network from its table, and the passes over its layers. */
#include "fmnist/nn/network.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "fmnist/nn/blas.h"
#include "fmnist/nn/loss.h"
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

static bool layer_in_place(const struct layer *layer)
{
    /* The layer before must not need its own output afterwards; those with parameters do not. */
    return layer->spec->kind->in_place && layer->number > 0 && layer[-1].weight;
}

/* The sizes of the arrays that layers share are those of the layer that needs most. */
struct largest {
    size_t elements; /* of one image between layers */
    size_t partial;  /* numbers a chunk */
    size_t scratch;  /* bytes a worker */
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static struct largest network_largest(const struct network *network)
{
    struct largest largest = {0};
    for (size_t number = network->plane_layers; number < network->spec->layer_count; number++) {
        const struct layer *layer = &network->layers[number];
        const struct layer_kind *kind = layer->spec->kind;
        largest.elements =
            larger(largest.elements, larger(shape_size(layer->in), shape_size(layer->out)));
        if (kind->partial_count)
            largest.partial = larger(largest.partial, kind->partial_count(layer));
        if (kind->scratch_size)
            largest.scratch = larger(largest.scratch, kind->scratch_size(layer));
    }
    return largest;
}

/* The network's arrays are listed once and the list is gone through twice: without an arena to add
 * up the sizes, then to cut the pieces. */
struct plan {
    struct arena *arena;
    size_t bytes;
    bool overflow;
};

static void *plan_piece(struct plan *plan, size_t count, size_t size)
{
    if (plan->arena)
        return arena_cut(plan->arena, count, size);
    if (!arena_plan(count, size, &plan->bytes))
        plan->overflow = true;
    return NULL;
}

static void network_plan(struct network *network, struct plan *plan)
{
    struct largest largest = network_largest(network);
    size_t images = network->max_batch;
    network->input = plan_piece(plan, images * shape_size(network->spec->input), sizeof(real));
    network->gradients[0] = plan_piece(plan, images * largest.elements, sizeof(real));
    network->gradients[1] = plan_piece(plan, images * largest.elements, sizeof(real));
    network->partial_stride = largest.partial;
    network->partial = plan_piece(plan, CHUNKS * largest.partial, sizeof(real));
    network->scratch_stride =
        (largest.scratch + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    network->scratch = plan_piece(plan, pool_threads(network->pool), network->scratch_stride);
    for (size_t index = 0; index < network->parameter_count; index++) {
        struct parameter *parameter = &network->parameters[index];
        parameter->value = plan_piece(plan, parameter->count, sizeof(real));
        parameter->gradient = plan_piece(plan, parameter->count, sizeof(real));
    }
    real *input = network->input;
    for (size_t number = 0; number < network->spec->layer_count; number++) {
        struct layer *layer = &network->layers[number];
        const struct layer_kind *kind = layer->spec->kind;
        layer->input = input;
        if (number + 1 < network->plane_layers)
            continue;
        layer->output = number >= network->plane_layers && layer_in_place(layer)
                            ? input
                            : plan_piece(plan, images * shape_size(layer->out), sizeof(real));
        if (number >= network->plane_layers && kind->saved_size)
            layer->saved = plan_piece(plan, images, kind->saved_size(layer));
        input = layer->output;
    }
}

static bool network_allocate(struct network *network, struct error *err)
{
    struct plan plan = {0};
    network_plan(network, &plan);
    if (plan.overflow) {
        error_set(err, ERROR_MEMORY, "%s with batches of %zu images is larger than any memory",
                  network->spec->title, network->max_batch);
        return false;
    }
    network->arena = plan.arena = arena_create(plan.bytes, err);
    if (!network->arena) {
        error_prefix(err, "%s with batches of %zu images", network->spec->title,
                     network->max_batch);
        return false;
    }
    network_plan(network, &plan);
    return true;
}

/* The optimizer takes two moments for each weight later. */
static bool network_prepare_blas(const struct network *network, struct error *err)
{
    size_t moments = 2 * network_weight_count(network) * sizeof(real);
    return blas_prepare(pool_threads(network->pool), moments, err);
}

struct network *network_create(const struct network_spec *spec, size_t max_batch, uint64_t seed,
                               enum isa isa, struct pool *pool, struct error *err)
{
    if (max_batch == 0 || max_batch > NETWORK_BATCH_MAX) {
        error_set(err, ERROR_USAGE, "batches of %zu images: 1 to %d are possible", max_batch,
                  NETWORK_BATCH_MAX);
        return NULL;
    }
    if (!isa_check(isa, err))
        return NULL;
    struct network *network = memory_array(1, sizeof *network, err);
    if (!network)
        return NULL;
    network->spec = spec;
    network->pool = pool;
    network->max_batch = max_batch;
    network->isa = isa;
    network->layers = memory_array(spec->layer_count, sizeof *network->layers, err);
    if (!network->layers)
        goto fail;
    network->parameters =
        memory_array(2 * spec->layer_count, sizeof *network->parameters, err); /* at most */
    if (!network->parameters || !layers_shape(spec, network->layers, err))
        goto fail;
    network->parameter_count = layers_describe(spec, network->layers, network->parameters);
    network->clock = layer_clock_create(spec->layer_count, pool_threads(pool), err);
    if (!network->clock)
        goto fail;
    if (!plane_runner_create(network->layers, spec->layer_count, max_batch, isa, pool,
                             network->clock, &network->planes, err))
        goto fail;
    network->plane_layers = network->planes ? plane_runner_layers(network->planes) : 0;
    if (!network_allocate(network, err))
        goto fail;
    if (!lane_runner_create(network->layers, spec->layer_count, max_batch, isa, pool,
                            network->clock, &network->lanes, err))
        goto fail;
    if (!network->lanes && !network_prepare_blas(network, err))
        goto fail;
    network->images.numbers = network->input;
    network_reset(network, seed);
    return network;
fail:
    network_destroy(network);
    return NULL;
}

void network_destroy(struct network *network)
{
    if (!network)
        return;
    lane_runner_destroy(network->lanes);
    plane_runner_destroy(network->planes);
    layer_clock_destroy(network->clock);
    arena_destroy(network->arena);
    free(network->weight_shares);
    free(network->parameters);
    free(network->layers);
    free(network);
}

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
static void divide_linear(const struct network *network, const struct layer *layer)
{
    if (!layer->weight)
        return;
    size_t in = shape_size(layer->in);
    struct range own = team_features(network->comm, layer->out.channels);
    layer->weight->first = own.first * in;
    layer->weight->end = own.end * in;
    layer->bias->first = own.first;
    layer->bias->end = own.end;
}

/* Asks all ranks which numbers of a parameter they have. */
static bool network_ask_shares(struct network *network, size_t index, struct error *err)
{
    size_t firsts[COMM_RANKS_MAX + 1];
    firsts[comm_rank(network->comm)] = network->parameters[index].first;
    firsts[comm_size(network->comm)] = network->parameters[index].count;
    memcpy(network->weight_shares[index].bounds, firsts, sizeof firsts);
    return comm_gather(network->comm, network->weight_shares[index].bounds, sizeof *firsts) ||
           !comm_failed(network->comm, err);
}

bool network_join(struct network *network, struct comm *comm, struct error *err)
{
    if (!team_shares(comm))
        return true;
    if (!network_divides(network)) {
        error_set(err, ERROR_USAGE, "%s with --isa %s: that works on one rank only",
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
    plane_runner_join(network->planes, comm);
    for (size_t number = network->plane_layers; number < network->spec->layer_count; number++)
        divide_linear(network, &network->layers[number]);
    for (size_t index = 0; index < network->parameter_count; index++)
        if (!network_ask_shares(network, index, err))
            return false;
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

bool network_exchange(struct network *network, real *const *arrays)
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
    for (size_t index = 0; index < network->parameter_count; index++)
        if (!comm_finish(network->comm, SLOT_WEIGHTS + index))
            return false;
    return true;
}

bool network_exchange_weights(struct network *network)
{
    return network_exchange(network, NULL);
}

enum { RESET_RUN = 16384 }; /* initial weights that one task draws */

struct reset_job {
    const struct parameter *parameter;
    uint64_t seed;
    uint32_t index; /* the parameter's */
};

static void reset_run(void *context, size_t run, unsigned worker)
{
    (void)worker;
    const struct reset_job *job = context;
    size_t first = run * RESET_RUN, left = job->parameter->count - first;
    size_t end = first + (left < RESET_RUN ? left : RESET_RUN);
    real bound = 1 / (real)sqrt((double)job->parameter->fan_in);
    struct random random;
    random_init(&random, job->seed, RANDOM_WEIGHTS, job->index);
    random_seek(&random, first);
    for (size_t i = first; i < end; i++)
        job->parameter->value[i] = (2 * (real)random_unit(&random) - 1) * bound;
}

void network_reset(struct network *network, uint64_t seed)
{
    network->seed = seed;
    for (size_t index = 0; index < network->parameter_count; index++) {
        struct reset_job job = {&network->parameters[index], seed, (uint32_t)index};
        size_t runs = (job.parameter->count + RESET_RUN - 1) / RESET_RUN;
        pool_run_all(network->pool, runs, reset_run, &job);
    }
}

const struct network_spec *network_get_spec(const struct network *network)
{
    return network->spec;
}

size_t network_max_batch(const struct network *network)
{
    return network->max_batch;
}

size_t network_parameter_count(const struct network *network)
{
    return network->parameter_count;
}

struct parameter *network_parameter(struct network *network, size_t index)
{
    return &network->parameters[index];
}

size_t network_weight_count(const struct network *network)
{
    size_t count = 0;
    for (size_t index = 0; index < network->parameter_count; index++)
        count += network->parameters[index].count;
    return count;
}

size_t network_layer_count(const struct network *network)
{
    return network->spec->layer_count;
}

const struct layer *network_layers(const struct network *network)
{
    return network->layers;
}

struct pool *network_pool(const struct network *network)
{
    return network->pool;
}

const char *network_layer_kind(const struct network *network, size_t layer)
{
    return network->spec->layers[layer].kind->name;
}

const char *network_layer_name(const struct network *network, size_t layer)
{
    const char *name = network->spec->layers[layer].name;
    return name ? name : "";
}

struct shape network_layer_output_shape(const struct network *network, size_t layer)
{
    return network->layers[layer].out;
}

size_t network_layer_weight(const struct network *network, size_t layer)
{
    const struct parameter *weight = network->layers[layer].weight;
    return weight ? (size_t)(weight - network->parameters) : network->parameter_count;
}

size_t network_layer_multiplications(const struct network *network, size_t layer)
{
    const struct layer *described = &network->layers[layer];
    if (!described->weight)
        return 0;
    return described->weight->count * described->out.height * described->out.width;
}

struct layer_times network_layer_times(const struct network *network, size_t layer)
{
    struct layer_times times = {.stage = network->clock->stages[layer]};
    for (int work = 0; work < LAYER_WORKS; work++)
        times.seconds[work] = layer_clock_sum(network->clock, layer, (enum layer_work)work) /
                              pool_threads(network->pool);
    return times;
}

void network_reset_times(struct network *network)
{
    layer_clock_reset(network->clock);
}

enum isa network_isa(const struct network *network)
{
    return network->isa;
}

real *network_input(struct network *network)
{
    network->images = (struct lane_images){.numbers = network->input};
    return network->input;
}

struct images_job {
    struct network *network;
    const uint8_t *bytes;
    const uint32_t *indices;
    size_t batch;
};

/* Divides a chunk of the images' bytes by 255. */
static void divide_chunk(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct images_job *job = context;
    struct range range = chunk_range(job->batch, index);
    size_t pixels = shape_size(job->network->spec->input);
    for (size_t image = range.first; image < range.end; image++) {
        const uint8_t *from = job->bytes + job->indices[image] * pixels;
        real *to = job->network->input + image * pixels;
        for (size_t pixel = 0; pixel < pixels; pixel++)
            to[pixel] = (real)from[pixel] / 255;
    }
}

void network_take_images(struct network *network, const uint8_t *bytes, const uint32_t *indices,
                         size_t batch)
{
    network->images = (struct lane_images){.bytes = bytes, .indices = indices};
    if (network->lanes)
        return;
    struct images_job job = {network, bytes, indices, batch};
    pool_run_all(network->pool, CHUNKS, divide_chunk, &job);
}

const real *network_logits(const struct network *network)
{
    return network->layers[network->spec->layer_count - 1].output;
}

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
                  gradient, loss);
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
