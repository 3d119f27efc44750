// SPDX-License-Identifier: MIT
/* Building a network from its table, and what it tells of itself. */
#include "fmnist/nn/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "fmnist/nn/blas.h"
#include "nn/network_parts.h"

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
    network->scratch = plan_piece(plan, pool_workers(network->pool), network->scratch_stride);
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
    network->arena = plan.arena = pool_arena(network->pool, plan.bytes, err);
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
    network->clock = layer_clock_create(spec->layer_count, pool_workers(pool), err);
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
    (void)network_await_weights(network); /* which others may be writing to */
    lane_runner_destroy(network->lanes);
    plane_runner_destroy(network->planes);
    layer_clock_destroy(network->clock);
    arena_destroy(network->arena);
    free(network->weight_shares);
    free(network->parameters);
    free(network->layers);
    free(network);
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
    (void)network_await_weights(network); /* where that fails, the next pass does */
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
