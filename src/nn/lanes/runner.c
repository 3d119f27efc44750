// SPDX-License-Identifier: MIT
#include "nn/lanes/runner.h"

#include <stdlib.h>
#include <string.h>

#include "nn/lanes/plan.h"
#include "nn/lanes/team.h"
#include "nn/lanes/tables.h"
#include "nn/layer_clock.h"

enum {
    TASK_ROWS = 12,
    TREE_DEPTH = 16
}; /* outputs of a dense layer whose weights' gradient is one task */

struct lane_runner {
    const struct lane_kernels *kernels;
    struct pool *pool;
    struct layer_clock *clock;
    struct lane_plan plan;
    struct comm *comm; /* NULL: one rank */
    uint64_t pass;
};

/* One pass. */
struct lane_job {
    struct lane_runner *runner;
    const struct lane_images *images;
    size_t batch;
    const uint8_t *labels; /* NULL: forward only */
    float *logits;
    size_t mean_of;      /* images, of loss and gradients */
    struct range groups; /* this rank's */
    const float *parts;  /* the sum of all groups' */
};

/* A group at work. Forward alone, all images use the place of the first for what only backward
 * reads. */
struct lane_group {
    const struct lane_job *job;
    struct lane_scratch *scratch;
    size_t first, images;
    size_t keep; /* 1, or 0 for forward alone: times the image's number */
    unsigned worker;
};

bool lane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                        enum isa isa, struct pool *pool, struct layer_clock *clock,
                        struct lane_runner **result, struct error *err)
{
    *result = NULL;
    const struct lane_kernels *kernels = lane_kernels_at(isa);
    struct lane_plan plan = {0};
    if (!kernels || !lane_plan_match(&plan, layers, layer_count))
        return true;
    struct lane_runner *runner = memory_array(1, sizeof *runner, err);
    if (!runner)
        return false;
    *runner = (struct lane_runner){.kernels = kernels, .pool = pool, .clock = clock, .plan = plan};
    if (!lane_plan_allocate(&runner->plan, max_batch, pool, err)) {
        lane_runner_destroy(runner);
        return false;
    }
    layer_clock_fuse(clock, plan.row.layer, 3);
    layer_clock_fuse(clock, plan.tile.layer, 3);
    for (size_t number = 0; number < plan.dense_count; number++)
        if (plan.denses[number].dense.tanh)
            layer_clock_fuse(clock, plan.denses[number].layer, 2);
    *result = runner;
    return true;
}

void lane_runner_destroy(struct lane_runner *runner)
{
    if (!runner)
        return;
    lane_plan_free(&runner->plan);
    free(runner);
}

void lane_runner_join(struct lane_runner *runner, struct comm *comm)
{
    runner->comm = comm;
}

/* Makes the worker's own copies of the weights once in each pass. */
static void prepare_weights(const struct lane_runner *runner, struct lane_scratch *scratch)
{
    const struct lane_kernels *kernels = runner->kernels;
    const struct lane_plan *plan = &runner->plan;
    if (scratch->pass == runner->pass)
        return;
    scratch->pass = runner->pass;
    kernels->row_weights(plan->row.weight->value, scratch->row_products);
    kernels->tile_weights(plan->tile.weight->value, scratch->tile_products);
    for (size_t number = 0; number < plan->dense_count; number++) {
        const struct lane_linear *linear = &plan->denses[number];
        kernels->dense_columns(&linear->dense, linear->weight->value, 0, linear->dense.in,
                               scratch->columns[number]);
    }
}

static void lap(const struct lane_group *group, size_t layer, enum layer_work work)
{
    layer_clock_lap(group->job->runner->clock, group->worker, layer, work);
}

/* An image as numbers, in the worker's scratch. */
static const float *take_image(const struct lane_group *group, size_t image)
{
    const struct lane_images *images = group->job->images;
    enum { PIXELS = ROW_SIZE * ROW_SIZE };
    if (images->bytes)
        group->job->runner->kernels->pixels(
            images->bytes + (size_t)images->indices[group->first + image] * PIXELS, PIXELS,
            group->scratch->image);
    else
        memcpy(group->scratch->image, images->numbers + (group->first + image) * PIXELS,
               PIXELS * sizeof(float));
    return group->scratch->image;
}

static void forward_convolutions(const struct lane_group *group)
{
    const struct lane_kernels *kernels = group->job->runner->kernels;
    const struct lane_plan *plan = &group->job->runner->plan;
    const struct lane_scratch *scratch = group->scratch;
    for (size_t image = 0; image < group->images; image++) {
        size_t kept = image * group->keep;
        kernels->row_forward(take_image(group, image), scratch->row_products, plan->row.bias->value,
                             scratch->row_points + kept * ROW_POINTS,
                             scratch->row_output + kept * ROW_OUTPUT,
                             scratch->map + image * TILE_MAP);
    }
    lap(group, plan->row.layer, LAYER_FORWARD);
    for (size_t image = 0; image < group->images; image++) {
        size_t kept = image * group->keep;
        kernels->tile_forward(scratch->map + image * TILE_MAP, scratch->tile_products,
                              plan->tile.bias->value, scratch->tile_points + kept * TILE_POINTS,
                              scratch->tile_output + kept * TILE_OUTPUT,
                              plan->denses[0].input + (group->first + image) * TILE_POOLED);
    }
    lap(group, plan->tile.layer, LAYER_FORWARD);
}

static void forward_denses(const struct lane_group *group)
{
    const struct lane_job *job = group->job;
    const struct lane_plan *plan = &job->runner->plan;
    const struct lane_linear *linear = plan->denses;
    for (size_t number = 0; number < plan->dense_count; number++, linear++) {
        const struct lane_dense *dense = &linear->dense;
        job->runner->kernels->dense_forward(
            dense, group->images, group->scratch->columns[number], linear->bias->value,
            linear->input + group->first * dense_stride(dense->in),
            linear->output + group->first * dense_stride(dense->out));
        if (number + 1 < plan->dense_count)
            lap(group, linear->layer, LAYER_FORWARD);
    }
    const float *rows = linear[-1].output;
    for (size_t image = group->first; image < group->first + group->images; image++)
        memcpy(job->logits + image * CLASSES, rows + image * DENSE_STRIDE, CLASSES * sizeof *rows);
}

/* Loss and gradient of the logits; counted with the last layer. */
static void compute_loss(const struct lane_group *group)
{
    const struct lane_job *job = group->job;
    const struct lane_plan *plan = &job->runner->plan;
    const struct lane_linear *last = &plan->denses[plan->dense_count - 1];
    float scale = 1 / (float)job->mean_of;
    for (size_t image = group->first; image < group->first + group->images; image++)
        plan->losses[image] = job->runner->kernels->cross_entropy(
            last->output + image * DENSE_STRIDE, job->labels[image], scale,
            last->gradient + image * DENSE_STRIDE, &plan->correct[image]);
}

static void backward_denses(const struct lane_group *group)
{
    const struct lane_plan *plan = &group->job->runner->plan;
    for (size_t number = plan->dense_count; number-- > 0;) {
        const struct lane_linear *linear = &plan->denses[number];
        size_t in_stride = dense_stride(linear->dense.in) * group->first;
        size_t out_stride = dense_stride(linear->dense.out) * group->first;
        const float *value = number > 0 && linear[-1].dense.tanh ? linear->input + in_stride : NULL;
        float *to = number > 0 ? linear[-1].gradient : plan->pooled_gradient;
        group->job->runner->kernels->dense_input_gradient(
            &linear->dense, group->images, linear->weight->value, linear->gradient + out_stride,
            value, to + in_stride);
        lap(group, linear->layer, LAYER_BACKWARD_DATA);
    }
}

static void backward_convolutions(const struct lane_group *group, float *part)
{
    const struct lane_kernels *kernels = group->job->runner->kernels;
    const struct lane_plan *plan = &group->job->runner->plan;
    const struct lane_scratch *scratch = group->scratch;
    for (size_t image = 0; image < group->images; image++)
        kernels->tile_backward(scratch->tile_output + image * TILE_OUTPUT,
                               plan->pooled_gradient + (group->first + image) * TILE_POOLED,
                               scratch->tile_products,
                               scratch->tile_gradient + image * TILE_GRADIENT,
                               scratch->map_gradient + image * TILE_MAP);
    lap(group, plan->tile.layer, LAYER_BACKWARD_DATA);
    kernels->tile_gradients(group->images, scratch->tile_points, scratch->tile_gradient,
                            part + PART_TILE, part + PART_TILE + TILE_WEIGHTS);
    lap(group, plan->tile.layer, LAYER_BACKWARD_WEIGHTS);
    memset(scratch->row_sums, 0, ROW_SUMS * sizeof(float));
    for (size_t image = 0; image < group->images; image++)
        kernels->row_backward(scratch->row_points + image * ROW_POINTS,
                              scratch->row_output + image * ROW_OUTPUT,
                              scratch->map_gradient + image * TILE_MAP, scratch->row_sums);
    kernels->row_gradients(scratch->row_sums, part + PART_ROW, part + PART_ROW + ROW_WEIGHTS);
    lap(group, plan->row.layer, LAYER_BACKWARD_WEIGHTS);
}

/* After group `index` is finished: adds up all runs of this rank's groups of which it was the last.
 */
static void add_parts(const struct lane_job *job, size_t index)
{
    const struct lane_plan *plan = &job->runner->plan;
    size_t nodes[TREE_DEPTH], middles[TREE_DEPTH], depth = 0, node = 1;
    struct range runs[TREE_DEPTH], run = {0, lane_groups(job->batch)};
    for (; run.end - run.first > 1; depth++) {
        size_t middle = lane_middle(run);
        nodes[depth] = node;
        runs[depth] = run;
        middles[depth] = middle;
        node = 2 * node + (index >= middle);
        run = index < middle ? (struct range){run.first, middle} : (struct range){middle, run.end};
    }
    while (depth-- > 0 && lane_inside(runs[depth], job->groups) &&
           atomic_fetch_add(&plan->arrived[nodes[depth]], 1) == 1)
        job->runner->kernels->add(PART_SIZE, plan->parts + middles[depth] * PART_SIZE,
                                  plan->parts + runs[depth].first * PART_SIZE);
}

static void run_group(void *context, size_t task, unsigned worker)
{
    const struct lane_job *job = context;
    size_t index = job->groups.first + task;
    const struct lane_plan *plan = &job->runner->plan;
    struct range range = lane_group(job->batch, index);
    const struct lane_group group = {
        .job = job,
        .scratch = &plan->scratch[worker],
        .first = range.first,
        .images = range.end - range.first,
        .keep = job->labels != NULL,
        .worker = worker,
    };
    prepare_weights(job->runner, group.scratch);
    layer_clock_start(job->runner->clock, worker);
    forward_convolutions(&group);
    forward_denses(&group);
    if (job->labels)
        compute_loss(&group);
    lap(&group, plan->denses[plan->dense_count - 1].layer, LAYER_FORWARD);
    if (!job->labels)
        return;
    backward_denses(&group);
    backward_convolutions(&group, plan->parts + index * PART_SIZE);
    add_parts(job, index);
}

static void take_part(const struct lane_job *job, const struct lane_conv *conv, size_t place)
{
    const float *sum = job->parts + place;
    memcpy(conv->weight->gradient, sum, conv->weight->count * sizeof *sum);
    memcpy(conv->bias->gradient, sum + conv->weight->count, conv->bias->count * sizeof *sum);
}

/* Some rows of the gradient of a dense layer's weights; `index` counts through all layers. */
static void finish_dense(const struct lane_job *job, size_t index, unsigned worker)
{
    const struct lane_linear *linear = job->runner->plan.denses;
    size_t tasks;
    while (tasks = (linear->dense.out + TASK_ROWS - 1) / TASK_ROWS, index >= tasks) {
        index -= tasks;
        linear++;
    }
    size_t first = index * TASK_ROWS, left = linear->dense.out - first;
    job->runner->kernels->dense_weight_gradient(&linear->dense, job->batch, linear->input,
                                                linear->gradient, first,
                                                first + (left < TASK_ROWS ? left : TASK_ROWS),
                                                linear->weight->gradient, linear->bias->gradient);
    layer_clock_lap(job->runner->clock, worker, linear->layer, LAYER_BACKWARD_WEIGHTS);
}

static void finish(void *context, size_t index, unsigned worker)
{
    const struct lane_job *job = context;
    const struct lane_plan *plan = &job->runner->plan;
    layer_clock_start(job->runner->clock, worker);
    if (index > 1) {
        finish_dense(job, index - 2, worker);
        return;
    }
    const struct lane_conv *conv = index == 0 ? &plan->row : &plan->tile;
    take_part(job, conv, index == 0 ? PART_ROW : PART_TILE);
    layer_clock_lap(job->runner->clock, worker, conv->layer, LAYER_BACKWARD_WEIGHTS);
}

static struct lane_job lane_job(struct lane_runner *runner, const struct lane_images *images,
                                size_t batch, real *logits)
{
    runner->pass++;
    return (struct lane_job){.runner = runner,
                             .images = images,
                             .batch = batch,
                             .logits = logits,
                             .groups = team_part(runner->comm, lane_groups(batch)),
                             .parts = runner->plan.parts};
}

/* Runs this rank's groups. */
static bool run_groups(struct lane_job *job)
{
    return pool_run(job->runner->pool, job->groups.end - job->groups.first, run_group, job);
}

bool lane_runner_forward(struct lane_runner *runner, const struct lane_images *images, size_t batch,
                         real *logits)
{
    struct lane_job job = lane_job(runner, images, batch, logits);
    return run_groups(&job) &&
           (!team_shares(runner->comm) || lane_exchange_logits(runner->comm, batch, logits));
}

static void sum_losses(const struct lane_plan *plan, size_t batch, size_t mean_of,
                       struct network_loss *loss)
{
    *loss = (struct network_loss){0};
    for (size_t image = 0; image < batch; image++) {
        loss->loss += plan->losses[image];
        loss->correct += plan->correct[image];
    }
    loss->loss /= (double)mean_of;
}

/* Takes over what the other ranks' groups made. */
static bool exchange_groups(struct lane_job *job)
{
    struct lane_runner *runner = job->runner;
    if (!team_shares(runner->comm))
        return true;
    if (!lane_exchange(runner->comm, &runner->plan, job->batch, job->logits))
        return false;
    if (pool_leads(runner->pool))
        lane_add_sums(runner->comm, &runner->plan, runner->kernels, job->batch);
    job->parts = runner->plan.sums;
    return pool_meet(runner->pool);
}

/* Sets back which halves of the tree are finished. */
static bool expect_groups(const struct lane_runner *runner, size_t batch)
{
    for (size_t node = 0; pool_leads(runner->pool) && node < lane_nodes(batch); node++)
        atomic_store_explicit(&runner->plan.arrived[node], 0, memory_order_relaxed);
    return pool_meet(runner->pool);
}

bool lane_runner_train(struct lane_runner *runner, const struct lane_images *images, size_t batch,
                       size_t mean_of, const uint8_t *labels, real *logits,
                       struct network_loss *loss)
{
    struct lane_job job = lane_job(runner, images, batch, logits);
    job.labels = labels;
    job.mean_of = mean_of;
    size_t tasks = 2;
    for (size_t number = 0; number < runner->plan.dense_count; number++)
        tasks += (runner->plan.denses[number].dense.out + TASK_ROWS - 1) / TASK_ROWS;
    if (!expect_groups(runner, batch) || !run_groups(&job) || !exchange_groups(&job) ||
        !pool_run(runner->pool, tasks, finish, &job))
        return false;
    sum_losses(&runner->plan, batch, mean_of, loss);
    return true;
}
