// SPDX-License-Identifier: MIT
#include "fmnist/nn/probe.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fmnist/nn/blas.h"
#include "nn/layer.h"

struct probe {
    struct pool *pool;
    size_t max_batch;
    size_t layer_count;
    struct layer *layers; /* the network's, with arrays of their own */
    struct arena *arena;  /* those arrays and the two below */
    real *input;
    unsigned char *scratch; /* scratch_stride bytes for each worker */
    size_t scratch_stride;
};

static size_t saved_size(const struct layer *layer)
{
    return layer->spec->kind->saved_size ? layer->spec->kind->saved_size(layer) : 0;
}

static size_t largest_scratch(const struct probe *probe)
{
    size_t largest = 0;
    for (size_t number = 0; number < probe->layer_count; number++) {
        const struct layer *layer = &probe->layers[number];
        size_t size = layer->spec->kind->scratch_size ? layer->spec->kind->scratch_size(layer) : 0;
        largest = size > largest ? size : largest;
    }
    return (largest + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

static bool probe_plan(const struct probe *probe, size_t *bytes)
{
    size_t images = probe->max_batch;
    bool fits = arena_plan(images * shape_size(probe->layers[0].in), sizeof(real), bytes) &&
                arena_plan(pool_threads(probe->pool), probe->scratch_stride, bytes);
    for (size_t number = 0; fits && number < probe->layer_count; number++) {
        const struct layer *layer = &probe->layers[number];
        fits = arena_plan(images * shape_size(layer->out), sizeof(real), bytes) &&
               arena_plan(images, saved_size(layer), bytes);
    }
    return fits;
}

static void probe_cut(struct probe *probe)
{
    size_t images = probe->max_batch;
    probe->input = arena_cut(probe->arena, images * shape_size(probe->layers[0].in), sizeof(real));
    probe->scratch = arena_cut(probe->arena, pool_threads(probe->pool), probe->scratch_stride);
    const real *input = probe->input;
    for (size_t number = 0; number < probe->layer_count; number++) {
        struct layer *layer = &probe->layers[number];
        layer->input = input;
        input = layer->output =
            arena_cut(probe->arena, images * shape_size(layer->out), sizeof(real));
        layer->saved = arena_cut(probe->arena, images, saved_size(layer));
    }
}

static bool probe_allocate(struct probe *probe, struct error *err)
{
    size_t bytes = 0;
    probe->scratch_stride = largest_scratch(probe);
    if (!probe_plan(probe, &bytes)) {
        error_set(err, ERROR_MEMORY, "the layers' outputs are larger than any memory");
        return false;
    }
    probe->arena = arena_create(bytes, err);
    if (!probe->arena || !blas_prepare(pool_threads(probe->pool), 0, err))
        return false;
    probe_cut(probe);
    return true;
}

struct probe *probe_create(const struct network *network, size_t max_batch, struct error *err)
{
    struct probe *probe = memory_array(1, sizeof *probe, err);
    if (!probe)
        return NULL;
    probe->pool = network_pool(network);
    probe->max_batch = max_batch;
    probe->layer_count = network_layer_count(network);
    probe->layers = memory_array(probe->layer_count, sizeof *probe->layers, err);
    for (size_t number = 0; probe->layers && number < probe->layer_count; number++)
        probe->layers[number] = network_layers(network)[number];
    if (!probe->layers || !probe_allocate(probe, err)) {
        error_prefix(err, "a look into %s", network_spec_title(network_get_spec(network)));
        probe_destroy(probe);
        return NULL;
    }
    return probe;
}

void probe_destroy(struct probe *probe)
{
    if (!probe)
        return;
    arena_destroy(probe->arena);
    free(probe->layers);
    free(probe);
}

size_t probe_max_batch(const struct probe *probe)
{
    return probe->max_batch;
}

real *probe_input(struct probe *probe)
{
    return probe->input;
}

void probe_take_images(struct probe *probe, const uint8_t *bytes, const uint32_t *indices,
                       size_t batch)
{
    size_t size = shape_size(probe->layers[0].in);
    for (size_t image = 0; image < batch; image++)
        for (size_t pixel = 0; pixel < size; pixel++)
            probe->input[image * size + pixel] = (real)bytes[indices[image] * size + pixel] / 255;
}

bool probe_forward(struct probe *probe, size_t batch)
{
    const struct pass pass = {
        .pool = probe->pool,
        .batch = batch,
        .mode = NETWORK_EVALUATE,
        .scratch = probe->scratch,
        .scratch_stride = probe->scratch_stride,
    };
    for (size_t number = 0; number < probe->layer_count; number++) {
        const struct layer *layer = &probe->layers[number];
        if (!layer->spec->kind->forward(layer, &pass))
            return false;
    }
    return true;
}

const real *probe_output(const struct probe *probe, size_t layer)
{
    return probe->layers[layer].output;
}
