// SPDX-License-Identifier: MIT
#include "nn/lanes/plan.h"

#include <stdlib.h>

/* Whether layer `number` is there and of a kind. */
static bool is_kind(const struct layer *layers, size_t layer_count, size_t number,
                    const struct layer_kind *kind)
{
    return number < layer_count && layers[number].spec->kind == kind;
}

/* conv 5x5, tanh, average pooling 2x2: three layers, for inputs of a size. */
static bool match_conv(const struct layer *layers, size_t layer_count, size_t number,
                       struct shape in, size_t out_channels, struct lane_conv *conv)
{
    if (!is_kind(layers, layer_count, number, &LAYER_CONV) ||
        !is_kind(layers, layer_count, number + 1, &LAYER_TANH) ||
        !is_kind(layers, layer_count, number + 2, &LAYER_AVERAGE_POOL))
        return false;
    const struct layer *layer = &layers[number];
    const struct layer_spec *spec = layer->spec, *pool = layers[number + 2].spec;
    *conv = (struct lane_conv){.weight = layer->weight, .bias = layer->bias, .layer = number};
    return layer->in.channels == in.channels && layer->in.height == in.height &&
           layer->in.width == in.width && layer->out.channels == out_channels &&
           spec->kernel == 5 && spec->stride == 1 && spec->padding == 0 && pool->kernel == 2 &&
           pool->stride == 2;
}

/* A linear layer, or a convolution whose kernel covers its input; with tanh or without. */
static bool match_dense(const struct layer *layers, size_t layer_count, size_t number,
                        struct lane_linear *linear)
{
    const struct layer *layer = &layers[number];
    bool covers = layer->spec->kind == &LAYER_CONV && layer->spec->padding == 0 &&
                  layer->spec->kernel == layer->in.height && layer->spec->kernel == layer->in.width;
    if (layer->spec->kind != &LAYER_LINEAR && !covers)
        return false;
    *linear = (struct lane_linear){
        .dense = {.in = shape_size(layer->in),
                  .out = shape_size(layer->out),
                  .tanh = is_kind(layers, layer_count, number + 1, &LAYER_TANH)},
        .weight = layer->weight,
        .bias = layer->bias,
        .layer = number,
    };
    return linear->dense.in >= DENSE_IN_MIN;
}

bool lane_plan_match(struct lane_plan *plan, const struct layer *layers, size_t layer_count)
{
    const struct shape image = {1, ROW_SIZE, ROW_SIZE}, map = {TILE_IN, TILE_SIZE, TILE_SIZE};
    if (!match_conv(layers, layer_count, 0, image, ROW_CHANNELS, &plan->row) ||
        !match_conv(layers, layer_count, 3, map, TILE_OUT, &plan->tile))
        return false;
    for (size_t number = 6; number < layer_count;) {
        struct lane_linear *linear = &plan->denses[plan->dense_count];
        if (plan->dense_count == DENSES_MAX || !match_dense(layers, layer_count, number, linear))
            return false;
        plan->dense_count++;
        number += linear->dense.tanh ? 2 : 1;
    }
    if (plan->dense_count == 0)
        return false;
    const struct lane_linear *last = &plan->denses[plan->dense_count - 1];
    return !last->dense.tanh && last->dense.out == CLASSES;
}

/* The arrays are listed once and the list is gone through twice: to add up the sizes, and then to
 * cut the pieces. */
struct cutting {
    struct arena *arena;
    size_t bytes;
    bool overflow;
};

static void *cut(struct cutting *cutting, size_t count, size_t size)
{
    if (cutting->arena)
        return arena_cut(cutting->arena, count, size);
    if (!arena_plan(count, size, &cutting->bytes))
        cutting->overflow = true;
    return NULL;
}

static float *cut_floats(struct cutting *cutting, size_t count, size_t size)
{
    return cut(cutting, count, size * sizeof(float));
}

static void cut_scratch(const struct lane_plan *plan, struct cutting *cutting,
                        struct lane_scratch *scratch)
{
    *scratch = (struct lane_scratch){
        .row_products = cut_floats(cutting, 1, ROW_PRODUCTS),
        .tile_products = cut_floats(cutting, 1, TILE_PRODUCTS),
        .image = cut_floats(cutting, 1, ROW_IMAGE),
        .row_points = cut_floats(cutting, GROUP_IMAGES, ROW_POINTS),
        .row_output = cut_floats(cutting, GROUP_IMAGES, ROW_OUTPUT),
        .row_sums = cut_floats(cutting, 1, ROW_SUMS),
        .map = cut_floats(cutting, GROUP_IMAGES, TILE_MAP),
        .map_gradient = cut_floats(cutting, GROUP_IMAGES, TILE_MAP),
        .tile_points = cut_floats(cutting, GROUP_IMAGES, TILE_POINTS),
        .tile_output = cut_floats(cutting, GROUP_IMAGES, TILE_OUTPUT),
        .tile_gradient = cut_floats(cutting, GROUP_IMAGES, TILE_GRADIENT),
    };
    for (size_t number = 0; number < plan->dense_count; number++) {
        const struct lane_dense *dense = &plan->denses[number].dense;
        scratch->columns[number] = cut_floats(cutting, dense->in, dense_stride(dense->out));
    }
}

static void cut_arrays(struct lane_plan *plan, size_t max_batch, struct cutting *cutting)
{
    float *input = cut_floats(cutting, max_batch, TILE_POOLED);
    plan->pooled_gradient = cut_floats(cutting, max_batch, TILE_POOLED);
    for (size_t number = 0; number < plan->dense_count; number++) {
        struct lane_linear *linear = &plan->denses[number];
        size_t stride = dense_stride(linear->dense.out);
        linear->input = input;
        linear->output = input = cut_floats(cutting, max_batch, stride);
        linear->gradient = cut_floats(cutting, max_batch, stride);
    }
    plan->parts = cut_floats(cutting, lane_groups(max_batch), PART_SIZE);
    plan->sums = cut_floats(cutting, lane_groups(max_batch), PART_SIZE);
    plan->arrived = cut(cutting, lane_nodes(max_batch), sizeof *plan->arrived);
    plan->losses = cut(cutting, max_batch, sizeof *plan->losses);
    plan->correct = cut(cutting, max_batch, sizeof *plan->correct);
}

/* Scratch belongs to this process: what processes share has small pages, which the processor finds
 * more slowly. */
static bool allocate_scratch(struct lane_plan *plan, unsigned workers, struct error *err)
{
    struct cutting cutting = {0};
    plan->scratch = memory_array(workers, sizeof *plan->scratch, err);
    if (!plan->scratch)
        return false;
    for (unsigned worker = 0; worker < workers; worker++)
        cut_scratch(plan, &cutting, &plan->scratch[worker]);
    if (cutting.overflow) {
        error_set(err, ERROR_MEMORY, "%u threads need more than any memory", workers);
        return false;
    }
    plan->scratch_arena = cutting.arena = arena_create(cutting.bytes, err);
    for (unsigned worker = 0; cutting.arena && worker < workers; worker++)
        cut_scratch(plan, &cutting, &plan->scratch[worker]);
    return cutting.arena;
}

bool lane_plan_allocate(struct lane_plan *plan, size_t max_batch, struct pool *pool,
                        struct error *err)
{
    struct cutting cutting = {0};
    cut_arrays(plan, max_batch, &cutting);
    if (cutting.overflow) {
        error_set(err, ERROR_MEMORY, "batches of %zu images are larger than any memory", max_batch);
        return false;
    }
    plan->arena = cutting.arena = pool_arena(pool, cutting.bytes, err);
    if (!plan->arena)
        return false;
    cut_arrays(plan, max_batch, &cutting);
    return allocate_scratch(plan, pool_workers(pool), err);
}

void lane_plan_free(struct lane_plan *plan)
{
    arena_destroy(plan->arena);
    arena_destroy(plan->scratch_arena);
    free(plan->scratch);
}
