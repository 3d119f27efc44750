// SPDX-License-Identifier: MIT
#include "nn/lanes/runner.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "nn/lanes/stage.h"
#include "nn/lanes/tables.h"

enum { TASK_ROWS = 12 }; /* outputs of a dense layer whose weights' gradient is one task */

/* A part of the parameters' gradients: some rows of a dense stage, or a whole conv stage. */
struct gradient_task {
    const struct lane_stage *stage;
    size_t first, end;
};

struct lane_runner {
    const struct lane_kernels *kernels;
    struct pool *pool;
    const struct layer *layers;
    size_t max_groups;
    struct lane_stage *stages;
    size_t stage_count;
    struct lane_sizes sizes;
    struct gradient_task *tasks;
    size_t task_count;
    struct arena *arena;
    float *activations; /* max_groups x sizes.activations */
    float *gradients;   /* max_groups x sizes.gradients */
    float *scratch;     /* threads x sizes.scratch */
    float *rows;        /* for each dense stage max_groups x LANES x row_stride */
};

/* One pass. */
struct lane_job {
    struct lane_runner *runner;
    size_t batch;
    bool train;
    float *logits;
    const float *logits_gradient;
};

static size_t group_count(size_t batch)
{
    return (batch + LANES - 1) / LANES;
}

static bool allocate(struct lane_runner *runner, struct error *err)
{
    const struct lane_sizes *sizes = &runner->sizes;
    size_t groups = runner->max_groups, threads = pool_threads(runner->pool), bytes = 0;
    if (!arena_plan(groups, sizes->activations * sizeof(float), &bytes) ||
        !arena_plan(groups, sizes->gradients * sizeof(float), &bytes) ||
        !arena_plan(threads, sizes->scratch * sizeof(float), &bytes) ||
        !arena_plan(groups * LANES, sizes->rows * sizeof(float), &bytes)) {
        error_set(err, ERROR_MEMORY, "batches of %zu images are larger than any memory",
                  groups * LANES);
        return false;
    }
    runner->arena = arena_create(bytes, err);
    if (!runner->arena)
        return false;
    runner->activations = arena_cut(runner->arena, groups, sizes->activations * sizeof(float));
    runner->gradients = arena_cut(runner->arena, groups, sizes->gradients * sizeof(float));
    runner->scratch = arena_cut(runner->arena, threads, sizes->scratch * sizeof(float));
    runner->rows = arena_cut(runner->arena, groups * LANES, sizes->rows * sizeof(float));
    return true;
}

static size_t stage_task_count(const struct lane_stage *stage)
{
    return stage->is_conv ? 1 : (stage->dense.out + TASK_ROWS - 1) / TASK_ROWS;
}

static bool plan_tasks(struct lane_runner *runner, struct error *err)
{
    for (size_t number = 0; number < runner->stage_count; number++)
        runner->task_count += stage_task_count(&runner->stages[number]);
    runner->tasks = memory_array(runner->task_count, sizeof *runner->tasks, err);
    if (!runner->tasks)
        return false;
    struct gradient_task *task = runner->tasks;
    for (size_t number = 0; number < runner->stage_count; number++) {
        const struct lane_stage *stage = &runner->stages[number];
        for (size_t index = 0; index < stage_task_count(stage); index++) {
            size_t first = index * TASK_ROWS, left = stage->dense.out - first;
            *task++ =
                (struct gradient_task){stage, first, first + (left < TASK_ROWS ? left : TASK_ROWS)};
        }
    }
    return true;
}

bool lane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                        enum isa isa, struct pool *pool, struct lane_runner **result,
                        struct error *err)
{
    *result = NULL;
    const struct lane_kernels *kernels = lane_kernels_at(isa);
    if (!kernels)
        return true;
    struct lane_runner *runner = memory_array(1, sizeof *runner, err);
    if (!runner)
        return false;
    runner->kernels = kernels;
    runner->pool = pool;
    runner->layers = layers;
    runner->max_groups = group_count(max_batch);
    runner->stages = memory_array(layer_count, sizeof *runner->stages, err);
    if (!runner->stages)
        goto fail;
    runner->stage_count = lane_stages(layers, layer_count, runner->stages, &runner->sizes);
    if (runner->stage_count == 0) {
        lane_runner_destroy(runner);
        return true;
    }
    if (!plan_tasks(runner, err) || !allocate(runner, err))
        goto fail;
    *result = runner;
    return true;
fail:
    lane_runner_destroy(runner);
    return false;
}

void lane_runner_destroy(struct lane_runner *runner)
{
    if (!runner)
        return;
    arena_destroy(runner->arena);
    free(runner->tasks);
    free(runner->stages);
    free(runner);
}

/* How many images of a group are in the batch. */
static size_t images_in_group(const struct lane_job *job, size_t group)
{
    size_t left = job->batch - group * LANES;
    return left < LANES ? left : LANES;
}

/* Turns rows of `count` numbers, one an image, into lanes; lanes without an image become 0. */
static void rows_to_lanes(const float *rows, size_t images, size_t count, float *lanes)
{
    if (images < LANES)
        memset(lanes, 0, count * LANES * sizeof *lanes);
    for (size_t image = 0; image < images; image++) {
        for (size_t index = 0; index < count; index++)
            lanes[index * LANES + image] = rows[image * count + index];
    }
}

static void lanes_to_rows(const float *lanes, size_t images, size_t count, size_t stride,
                          float *rows)
{
    for (size_t image = 0; image < images; image++) {
        for (size_t index = 0; index < count; index++)
            rows[image * stride + index] = lanes[index * LANES + image];
    }
}

/* The rows of a dense stage's inputs. */
static float *stage_rows(const struct lane_runner *runner, const struct lane_stage *stage)
{
    return runner->rows + runner->max_groups * LANES * stage->rows;
}

static void forward_stage(const struct lane_job *job, const struct lane_stage *stage, size_t group)
{
    const struct lane_runner *runner = job->runner;
    float *activations = runner->activations + group * runner->sizes.activations;
    const float *input = activations + stage->input;
    if (stage->is_conv) {
        runner->kernels->conv_forward(&stage->conv, stage->weight->value, stage->bias->value, input,
                                      activations + stage->unpooled, activations + stage->output);
        return;
    }
    if (job->train)
        lanes_to_rows(input, LANES, stage->dense.in, stage->row_stride,
                      stage_rows(runner, stage) + group * LANES * stage->row_stride);
    runner->kernels->dense_forward(&stage->dense, stage->weight->value, stage->bias->value, input,
                                   activations + stage->output);
}

static void forward_group(void *context, size_t group, unsigned worker)
{
    (void)worker;
    const struct lane_job *job = context;
    const struct lane_runner *runner = job->runner;
    size_t images = images_in_group(job, group), first = group * LANES;
    size_t pixels = shape_size(runner->layers[0].in);
    float *activations = runner->activations + group * runner->sizes.activations;
    rows_to_lanes(runner->layers[0].input + first * pixels, images, pixels, activations);
    for (size_t number = 0; number < runner->stage_count; number++)
        forward_stage(job, &runner->stages[number], group);
    const struct lane_stage *last = &runner->stages[runner->stage_count - 1];
    lanes_to_rows(activations + last->output, images, last->dense.out, last->dense.out,
                  job->logits + first * last->dense.out);
}

bool lane_runner_forward(struct lane_runner *runner, size_t batch, enum network_mode mode,
                         real *logits)
{
    struct lane_job job = {
        .runner = runner, .batch = batch, .train = mode == NETWORK_TRAIN, .logits = logits};
    return pool_run(runner->pool, group_count(batch), forward_group, &job);
}

/* Where the gradient of a stage's output is kept while a group goes backward. */
static float *output_gradient(const struct lane_runner *runner, const struct lane_stage *stage,
                              size_t group, unsigned worker)
{
    if (stage->is_conv)
        return runner->scratch + worker * runner->sizes.scratch + stage->pooled_gradient;
    return runner->gradients + group * runner->sizes.gradients + stage->gradient;
}

/* `input_gradient` is NULL for the first stage, where nobody needs it. */
static void backward_conv(const struct lane_runner *runner, const struct lane_stage *stage,
                          size_t group, unsigned worker, float *input_gradient)
{
    const float *activations = runner->activations + group * runner->sizes.activations;
    float *scratch = runner->scratch + worker * runner->sizes.scratch;
    float *gradient = scratch + stage->unpooled_gradient;
    float *weight = runner->gradients + group * runner->sizes.gradients + stage->gradient;
    runner->kernels->conv_output_gradient(&stage->conv, activations + stage->unpooled,
                                          scratch + stage->pooled_gradient, gradient);
    runner->kernels->conv_weight_gradient(&stage->conv, activations + stage->input, gradient,
                                          weight, weight + stage->weight->count);
    if (input_gradient)
        runner->kernels->conv_input_gradient(&stage->conv, stage->weight->value, gradient,
                                             input_gradient);
}

static void backward_dense(const struct lane_runner *runner, const struct lane_stage *stage,
                           size_t group, float *input_gradient)
{
    const float *activations = runner->activations + group * runner->sizes.activations;
    float *gradient = runner->gradients + group * runner->sizes.gradients + stage->gradient;
    if (stage->dense.tanh)
        runner->kernels->tanh_backward(stage->dense.out, activations + stage->output, gradient);
    if (input_gradient)
        runner->kernels->dense_input_gradient(&stage->dense, stage->weight->value, gradient,
                                              input_gradient);
}

static void backward_group(void *context, size_t group, unsigned worker)
{
    const struct lane_job *job = context;
    const struct lane_runner *runner = job->runner;
    const struct lane_stage *last = &runner->stages[runner->stage_count - 1];
    rows_to_lanes(job->logits_gradient + group * LANES * last->dense.out,
                  images_in_group(job, group), last->dense.out,
                  output_gradient(runner, last, group, worker));
    for (const struct lane_stage *stage = last + 1; stage-- > runner->stages;) {
        float *input_gradient =
            stage == runner->stages ? NULL : output_gradient(runner, stage - 1, group, worker);
        if (stage->is_conv)
            backward_conv(runner, stage, group, worker, input_gradient);
        else
            backward_dense(runner, stage, group, input_gradient);
    }
}

/* Adds the groups' gradients of a convolution in the order of the groups. */
static void add_conv_gradients(const struct lane_job *job, const struct lane_stage *stage)
{
    const struct lane_runner *runner = job->runner;
    size_t weights = stage->weight->count, biases = stage->bias->count;
    memset(stage->weight->gradient, 0, weights * sizeof(float));
    memset(stage->bias->gradient, 0, biases * sizeof(float));
    for (size_t group = 0; group < group_count(job->batch); group++) {
        const float *part = runner->gradients + group * runner->sizes.gradients + stage->gradient;
        for (size_t index = 0; index < weights; index++)
            stage->weight->gradient[index] += part[index];
        for (size_t index = 0; index < biases; index++)
            stage->bias->gradient[index] += part[weights + index];
    }
}

static void finish_gradients(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct lane_job *job = context;
    const struct lane_runner *runner = job->runner;
    const struct gradient_task *task = &runner->tasks[index];
    const struct lane_stage *stage = task->stage;
    if (stage->is_conv) {
        add_conv_gradients(job, stage);
        return;
    }
    struct lane_dense_sources sources = {
        .groups = group_count(job->batch),
        .inputs = stage_rows(runner, stage),
        .input_stride = stage->row_stride,
        .gradients = runner->gradients + stage->gradient,
        .gradient_stride = runner->sizes.gradients,
    };
    runner->kernels->dense_weight_gradient(&stage->dense, &sources, task->first, task->end,
                                           stage->weight->gradient, stage->bias->gradient);
}

bool lane_runner_backward(struct lane_runner *runner, size_t batch, const real *logits_gradient)
{
    struct lane_job job = {.runner = runner, .batch = batch, .logits_gradient = logits_gradient};
    return pool_run(runner->pool, group_count(batch), backward_group, &job) &&
           pool_run(runner->pool, runner->task_count, finish_gradients, &job);
}
