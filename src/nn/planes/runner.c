// SPDX-License-Identifier: MIT
#include "nn/planes/runner.h"

#include <stdlib.h>

#include "base/memory.h"
#include "nn/planes/tables.h"
#include "nn/planes/work.h"

/* Numbers of the arrays that stages share: those of the stage that needs most. */
struct largest {
    size_t inputs, outputs, taps_gradient; /* a runner */
    size_t partials, direct_taps;          /* direct: a chunk, a runner */
    size_t gradient;                       /* an image */
    size_t taps, filter, products, pixels; /* a worker */
};

static void grow(size_t *largest, size_t size)
{
    *largest = size > *largest ? size : *largest;
}

static size_t most_group_planes(const struct plane_transform *transform)
{
    size_t most = 0;
    for (size_t group = 0; group < transform->groups; group++)
        grow(&most, transform->group_first(group + 1) - transform->group_first(group));
    return most;
}

static void grow_for_transform(struct largest *largest, const struct plane_stage *stage,
                               size_t max_batch)
{
    const struct plane_transform *transform = stage->transform;
    size_t slice = max_batch < transform->slice ? max_batch : transform->slice;
    size_t planes = transform->planes, ins = stage->in_channels;
    size_t channels = ins > stage->channels ? ins : stage->channels;
    grow(&largest->inputs, planes * plane_stride(slice, ins));
    grow(&largest->outputs, planes * plane_stride(slice, stage->channels));
    grow(&largest->taps_gradient, stage->weight->count);
    grow(&largest->taps, channels * stage_taps(stage) * PANEL);
    grow(&largest->filter,
         most_group_planes(transform) * plane_stride(PANEL, transform->filter_panels * PANEL));
    grow(&largest->products, planes * plane_stride(slice, PANEL));
    grow(&largest->pixels, stage_pixels(stage) * PANEL);
    grow(&largest->gradient, stage_input_size(stage));
}

static struct largest find_largest(const struct plane_runner *runner)
{
    struct largest largest = {0};
    for (size_t number = 0; number < runner->stage_count; number++) {
        const struct plane_stage *stage = &runner->stages[number];
        grow(&largest.gradient, stage_output_size(stage));
        if (stage->transform) {
            grow_for_transform(&largest, stage, runner->max_batch);
            continue;
        }
        grow(&largest.direct_taps, stage->weight->count);
        grow(&largest.partials, stage->weight->count + stage->bias->count);
        grow(&largest.pixels, stage_pixels(stage) * stage->channels);
    }
    return largest;
}

/* The arrays are listed once, and the list is gone through twice: without an arena to add up the
 * sizes, then to cut the pieces. */
struct plan {
    struct arena *arena;
    size_t bytes;
    bool overflow;
};

static void *piece(struct plan *plan, size_t count, size_t number_size, size_t size)
{
    size_t bytes = 0;
    if (plan->arena)
        return arena_cut(plan->arena, count, number_size * size);
    if (!size_multiply(number_size, size, &bytes) || !arena_plan(count, bytes, &plan->bytes))
        plan->overflow = true;
    return NULL;
}

static void plan_stage(struct plane_runner *runner, struct plan *plan, struct plane_stage *stage)
{
    size_t images = runner->max_batch, size = stage_output_size(stage);
    stage->output = piece(plan, images, size, sizeof(float));
    stage->normal = stage->norm ? piece(plan, images, size, sizeof(float)) : stage->output;
    if (stage->pool)
        stage->winners = piece(plan, images, size, sizeof *stage->winners);
    if (stage > runner->stages)
        stage->input = stage[-1].normal;
}

static void plan_arrays(struct plane_runner *runner, struct plan *plan)
{
    struct largest largest = find_largest(runner);
    size_t images = runner->max_batch;
    runner->inputs = piece(plan, 1, largest.inputs, sizeof(float));
    runner->outputs = piece(plan, 1, largest.outputs, sizeof(float));
    runner->taps_gradient = piece(plan, 1, largest.taps_gradient, sizeof(float));
    runner->partials = piece(plan, DIRECT_CHUNKS, largest.partials, sizeof(float));
    runner->direct_taps = piece(plan, 1, largest.direct_taps, sizeof(float));
    for (int side = 0; side < 2; side++)
        runner->gradients[side] = piece(plan, images, largest.gradient, sizeof(float));
    for (size_t number = 0; number < runner->stage_count; number++)
        plan_stage(runner, plan, &runner->stages[number]);
}

static void plan_scratch(struct plane_runner *runner, struct plan *plan)
{
    struct largest largest = find_largest(runner);
    for (unsigned worker = 0; worker < pool_workers(runner->pool); worker++) {
        struct plane_scratch *scratch = &runner->scratch[worker];
        scratch->taps = piece(plan, 1, largest.taps, sizeof(float));
        scratch->filter = piece(plan, 1, largest.filter, sizeof(float));
        scratch->products = piece(plan, 1, largest.products, sizeof(float));
        scratch->pixels = piece(plan, 1, largest.pixels, sizeof(float));
    }
}

/* Takes memory for what one of the two functions above lists; NULL with `err` set. Scratch belongs
 * to this process: what processes share has small pages, which the processor finds more slowly. */
static struct arena *allocate(struct plane_runner *runner,
                              void (*list)(struct plane_runner *runner, struct plan *plan),
                              bool shared, struct error *err)
{
    struct plan plan = {0};
    list(runner, &plan);
    if (plan.overflow) {
        error_set(err, ERROR_MEMORY, "batches of %zu images are larger than any memory",
                  runner->max_batch);
        return NULL;
    }
    plan.arena = shared ? pool_arena(runner->pool, plan.bytes, err) : arena_create(plan.bytes, err);
    if (plan.arena)
        list(runner, &plan);
    return plan.arena;
}

bool plane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                         enum isa isa, struct pool *pool, struct layer_clock *clock,
                         struct plane_runner **result, struct error *err)
{
    *result = NULL;
    const struct plane_kernels *kernels = plane_kernels_at(isa);
    if (!kernels)
        return true;
    struct plane_runner *runner = memory_array(1, sizeof *runner, err);
    if (!runner)
        return false;
    *runner = (struct plane_runner){
        .kernels = kernels, .pool = pool, .clock = clock, .layers = layers, .max_batch = max_batch};
    runner->stages = memory_array(layer_count, sizeof *runner->stages, err);
    runner->scratch = memory_array(pool_workers(pool), sizeof *runner->scratch, err);
    if (!runner->stages || !runner->scratch)
        goto fail;
    runner->stage_count = plane_stages(layers, layer_count, kernels, runner->stages);
    if (runner->stage_count == 0) {
        plane_runner_destroy(runner);
        return true;
    }
    for (size_t number = 0; number < runner->stage_count; number++) {
        const struct plane_stage *stage = &runner->stages[number];
        runner->layer_count += stage->layers;
        layer_clock_fuse(clock, stage->number, stage->layers);
    }
    runner->arena = allocate(runner, plan_arrays, true, err);
    runner->scratch_arena = allocate(runner, plan_scratch, false, err);
    if (!runner->arena || !runner->scratch_arena)
        goto fail;
    *result = runner;
    return true;
fail:
    plane_runner_destroy(runner);
    return false;
}

void plane_runner_destroy(struct plane_runner *runner)
{
    if (!runner)
        return;
    arena_destroy(runner->arena);
    arena_destroy(runner->scratch_arena);
    free(runner->scratch);
    free(runner->stages);
    free(runner);
}

size_t plane_runner_layers(const struct plane_runner *runner)
{
    return runner->layer_count;
}

void plane_runner_use(struct plane_runner *runner, struct comm *comm)
{
    runner->comm = comm;
}

void plane_runner_divide(struct plane_runner *runner, const struct comm *comm, unsigned rank)
{
    for (size_t number = 0; number < runner->stage_count; number++) {
        struct plane_stage *stage = &runner->stages[number];
        struct range panels = team_part_of(comm, rank, stage->channels / PANEL);
        if (!stage->transform)
            continue;
        size_t row = stage->weight->count / stage->channels * PANEL;
        stage->weight->first = panels.first * row;
        stage->weight->end = panels.end * row;
        stage->bias->first = panels.first * PANEL;
        stage->bias->end = panels.end * PANEL;
    }
}

const struct comm_shares *plane_runner_images(const struct plane_runner *runner)
{
    return &runner->images;
}

/* The images that this rank takes of a batch. */
static struct range take_images(struct plane_runner *runner, size_t batch)
{
    if (!team_shares(runner->comm))
        return (struct range){0, batch};
    comm_divide_groups(runner->comm, batch, DIRECT_CHUNKS, &runner->images);
    return team_own(runner->comm, &runner->images);
}

/* Between the last stage's places x channels and the network's channels x places. */
static void store_output(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct plane_job *job = context;
    size_t image = job->images.first + index;
    const struct plane_stage *stage = job->stage;
    size_t size = stage_output_size(stage);
    const float *from = stage->normal + image * size;
    float *to = job->runner->layers[job->runner->layer_count - 1].output + image * size;
    for (size_t place = 0; place < stage->places; place++) {
        for (size_t channel = 0; channel < stage->channels; channel++)
            to[channel * stage->places + place] = from[place * stage->channels + channel];
    }
}

static void load_gradient(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct plane_job *job = context;
    const struct plane_stage *stage = job->stage;
    size_t place = (job->images.first + index) * stage_output_size(stage);
    const float *from = job->output_gradient + place;
    float *to = job->gradient + place;
    for (size_t channel = 0; channel < stage->channels; channel++) {
        for (size_t pixel = 0; pixel < stage->places; pixel++)
            to[pixel * stage->channels + channel] = from[channel * stage->places + pixel];
    }
}

bool plane_runner_forward(struct plane_runner *runner, size_t batch, enum network_mode mode)
{
    struct plane_job job = {.runner = runner,
                            .batch = batch,
                            .images = take_images(runner, batch),
                            .train = mode == NETWORK_TRAIN};
    runner->stages[0].input = runner->layers[0].input;
    for (size_t number = 0; number < runner->stage_count; number++) {
        job.stage = &runner->stages[number];
        if (!stage_await_weights(&job) ||
            !(job.stage->transform ? transform_stage_forward(&job) : direct_stage_forward(&job)) ||
            (job.train && !stage_send_outputs(&job)))
            return false;
    }
    return pool_run(runner->pool, job.images.end - job.images.first, store_output, &job);
}

bool plane_runner_backward(struct plane_runner *runner, size_t batch, const real *output_gradient)
{
    size_t last = runner->stage_count - 1;
    struct plane_job job = {.runner = runner,
                            .stage = &runner->stages[last],
                            .batch = batch,
                            .images = take_images(runner, batch),
                            .train = true,
                            .output_gradient = output_gradient,
                            .gradient = runner->gradients[last % 2]};
    if (!pool_run(runner->pool, job.images.end - job.images.first, load_gradient, &job))
        return false;
    for (size_t number = runner->stage_count; number-- > 0;) {
        job.stage = &runner->stages[number];
        job.gradient = runner->gradients[number % 2];
        job.input_gradient = runner->gradients[(number + 1) % 2];
        if (!(job.stage->transform ? transform_stage_backward(&job) : direct_stage_backward(&job)))
            return false;
    }
    return true;
}
