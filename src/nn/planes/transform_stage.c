// SPDX-License-Identifier: MIT
/* The stages whose convolutions are products of planes (planes.h). */
#include <string.h>

#include "nn/planes/work.h"

enum {
    IMAGE_PARTS = 4,  /* of a slice: tasks a panel in the transforms of images */
    LINE_FLOATS = 16, /* of the cache */
    PREFETCH_FLOATS = 3 * LINE_FLOATS,
};

static size_t panels(size_t channels)
{
    return channels / PANEL;
}

static size_t job_images(const struct plane_job *job)
{
    return job->end - job->first;
}

/* V: transforms a part of the slice's images, a panel of channels. */
static void transform_images(const struct plane_job *job, size_t index)
{
    const struct plane_stage *stage = job->stage;
    const struct plane_transform *transform = stage->transform;
    size_t panel = index / IMAGE_PARTS, part = index % IMAGE_PARTS, images = job_images(job);
    size_t stride = plane_stride(images, stage->in_channels);
    float *planes = job->runner->inputs + panel * images * PANEL;
    for (size_t image = images * part / IMAGE_PARTS; image < images * (part + 1) / IMAGE_PARTS;
         image++) {
        const float *from =
            stage->input + (job->first + image) * stage_input_size(stage) + panel * PANEL;
        transform->input(from, stage->in_channels, planes + image * PANEL, stride);
    }
}

/* D: transforms the gradient of a panel of the convolution's outputs; adds up the bias's. */
static void transform_gradients(const struct plane_job *job, size_t panel, float *pixels)
{
    const struct plane_stage *stage = job->stage;
    const struct plane_transform *transform = stage->transform;
    const struct plane_kernels *kernels = job->runner->kernels;
    size_t images = job_images(job), stride = plane_stride(images, stage->channels);
    float *planes = job->runner->outputs + panel * images * PANEL;
    float *bias = stage->bias->gradient + panel * PANEL;
    if (job->first == job->images.first)
        memset(bias, 0, PANEL * sizeof *bias);
    for (size_t image = 0; image < images; image++) {
        size_t place = (job->first + image) * stage_output_size(stage) + panel * PANEL;
        if (stage->pool)
            kernels->pool_gradient(job->gradient + place, stage->winners + place, stage->channels,
                                   stage->side, PANEL, pixels, bias);
        else
            kernels->rectify_gradient(stage->output + place, job->gradient + place, stage->channels,
                                      stage->places, pixels, bias);
        transform->output_gradient(pixels, planes + image * PANEL, stride);
    }
}

/* Kernels go from the network's order (output channels x input channels x taps) to that of a panel,
 * PANEL channels side by side, and back. Each of PANEL rows is read or written in order, which is
 * more than the processor foresees: the lines that come next are asked for, one in advance. */
static void prefetch_rows(const float *next, size_t row)
{
    for (size_t lane = 0; lane < PANEL; lane++)
        __builtin_prefetch(next + lane * row);
}

/* The kernels from all input channels to a panel of output channels (in channels x taps x PANEL).
 */
static void load_taps_forward(const struct plane_stage *stage, size_t panel, float *taps)
{
    size_t row = stage->in_channels * stage_taps(stage);
    const float *weight = stage->weight->value + panel * PANEL * row;
    for (size_t place = 0; place < row; place++, taps += PANEL) {
        if (place % LINE_FLOATS == 0)
            prefetch_rows(weight + place + PREFETCH_FLOATS, row);
        for (size_t lane = 0; lane < PANEL; lane++)
            taps[lane] = weight[lane * row + place];
    }
}

/* The kernels from a panel of input channels to all output channels (channels x taps x PANEL). */
static void load_taps_backward(const struct plane_stage *stage, size_t panel, float *taps)
{
    size_t count = stage_taps(stage), row = stage->in_channels * count;
    const float *weight = stage->weight->value + panel * PANEL * count;
    for (size_t out = 0; out < stage->channels; out++, weight += row) {
        for (size_t place = 0; place < PANEL * count; place += LINE_FLOATS)
            __builtin_prefetch(weight + 2 * row + place);
        for (size_t tap = 0; tap < count; tap++, taps += PANEL) {
            for (size_t lane = 0; lane < PANEL; lane++)
                taps[lane] = weight[lane * count + tap];
        }
    }
}

/* Puts the gradient of what load_taps_forward() loads in its place. */
static void store_taps_gradient(const struct plane_stage *stage, size_t panel, const float *taps)
{
    size_t row = stage->in_channels * stage_taps(stage);
    float *weight = stage->weight->gradient + panel * PANEL * row;
    for (size_t place = 0; place < row; place++, taps += PANEL) {
        if (place % LINE_FLOATS == 0)
            prefetch_rows(weight + place + PREFETCH_FLOATS, row);
        for (size_t lane = 0; lane < PANEL; lane++)
            weight[lane * row + place] = taps[lane];
    }
}

/* The panels from `first` on whose U or W of one group fits in the cache. */
static struct range block_of_panels(const struct plane_transform *transform, size_t count,
                                    size_t first)
{
    size_t end = first + transform->filter_panels;
    return (struct range){first, end < count ? end : count};
}

/* The products of all planes of `channels` channels with the kernels in scratch->taps, a panel. */
static void multiply_planes(const struct plane_job *job, const float *planes, size_t channels,
                            const struct plane_scratch *scratch)
{
    const struct plane_transform *transform = job->stage->transform;
    size_t images = job_images(job), panel_size = images * PANEL;
    size_t stride = plane_stride(images, channels), product_stride = plane_stride(images, PANEL);
    size_t panel_taps = PANEL * stage_taps(job->stage) * PANEL;
    for (size_t group = 0; group < transform->groups; group++) {
        size_t first = transform->group_first(group), end = transform->group_first(group + 1);
        for (size_t panel = 0; panel < panels(channels); panel += transform->filter_panels) {
            struct range block = block_of_panels(transform, panels(channels), panel);
            size_t rows = (block.end - block.first) * PANEL;
            size_t filter_stride = plane_stride(PANEL, rows);
            transform->filter(group, scratch->taps + panel * panel_taps, rows, scratch->filter,
                              filter_stride);
            for (size_t plane = first; plane < end; plane++)
                job->runner->kernels->multiply(planes + plane * stride + panel * panel_size,
                                               panel_size, block.end - block.first, images,
                                               scratch->filter + (plane - first) * filter_stride,
                                               panel > 0,
                                               scratch->products + plane * product_stride);
        }
    }
}

/* The outputs of a panel of channels: M, back from planes, ReLU, pooling. */
static void compute_outputs(const struct plane_job *job, size_t panel,
                            const struct plane_scratch *scratch)
{
    const struct plane_stage *stage = job->stage;
    const struct plane_kernels *kernels = job->runner->kernels;
    const float *bias = stage->bias->value + panel * PANEL;
    size_t images = job_images(job);
    load_taps_forward(stage, panel, scratch->taps);
    multiply_planes(job, job->runner->inputs, stage->in_channels, scratch);
    for (size_t image = 0; image < images; image++) {
        size_t place = (job->first + image) * stage_output_size(stage) + panel * PANEL;
        stage->transform->output(scratch->products + image * PANEL, plane_stride(images, PANEL),
                                 scratch->pixels);
        if (stage->pool)
            kernels->pool(scratch->pixels, stage->side, PANEL, bias, stage->output + place,
                          job->train ? stage->winners + place : NULL, stage->channels);
        else
            kernels->rectify(scratch->pixels, stage->places, bias, stage->output + place,
                             stage->channels);
    }
}

/* The gradient of a panel of the stage's input channels: E, back from planes. */
static void compute_input_gradient(const struct plane_job *job, size_t panel,
                                   const struct plane_scratch *scratch)
{
    const struct plane_stage *stage = job->stage;
    size_t images = job_images(job);
    load_taps_backward(stage, panel, scratch->taps);
    multiply_planes(job, job->runner->outputs, stage->channels, scratch);
    for (size_t image = 0; image < images; image++)
        stage->transform->input_gradient(
            scratch->products + image * PANEL, plane_stride(images, PANEL),
            job->input_gradient + (job->first + image) * stage_input_size(stage) + panel * PANEL,
            stage->in_channels);
}

/* W of a group's planes for a block of panels of input channels and a panel of output channels. */
static void correlate_planes(const struct plane_job *job, size_t group, struct range ins,
                             size_t panel, float *products)
{
    const struct plane_stage *stage = job->stage;
    const struct plane_transform *transform = stage->transform;
    size_t images = job_images(job), panel_size = images * PANEL;
    size_t in_stride = plane_stride(images, stage->in_channels);
    size_t out_stride = plane_stride(images, stage->channels);
    size_t product_stride = plane_stride(PANEL, (ins.end - ins.first) * PANEL);
    size_t first = transform->group_first(group), end = transform->group_first(group + 1);
    for (size_t plane = first; plane < end; plane++) {
        const float *inputs = job->runner->inputs + plane * in_stride;
        const float *gradients = job->runner->outputs + plane * out_stride + panel * panel_size;
        float *product = products + (plane - first) * product_stride;
        for (size_t in = ins.first; in < ins.end; in++)
            job->runner->kernels->correlate(inputs + in * panel_size, gradients,
                                            gradients + out_stride, images,
                                            product + (in - ins.first) * PANEL * PANEL);
    }
}

/* The gradient of the kernels of a panel of output channels, added up over the slices. */
static void compute_taps_gradient(const struct plane_job *job, size_t panel,
                                  const struct plane_scratch *scratch)
{
    const struct plane_stage *stage = job->stage;
    const struct plane_transform *transform = stage->transform;
    size_t panel_taps = PANEL * stage_taps(stage) * PANEL, in_panels = panels(stage->in_channels);
    float *taps = job->runner->taps_gradient + panel * in_panels * panel_taps;
    if (job->first == job->images.first)
        memset(taps, 0, in_panels * panel_taps * sizeof *taps);
    for (size_t group = 0; group < transform->groups; group++) {
        for (size_t in = 0; in < in_panels; in += transform->filter_panels) {
            struct range ins = block_of_panels(transform, in_panels, in);
            size_t rows = (ins.end - ins.first) * PANEL;
            correlate_planes(job, group, ins, panel, scratch->filter);
            transform->filter_gradient(group, scratch->filter, plane_stride(PANEL, rows), rows,
                                       taps + in * panel_taps);
        }
    }
    if (job->end == job->images.end)
        store_taps_gradient(stage, panel, taps);
}

static void forward_transform_task(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    layer_clock_start(job->runner->clock, worker);
    transform_images(job, index);
    layer_clock_lap(job->runner->clock, worker, job->stage->number, LAYER_FORWARD);
}

static void forward_product_task(void *context, size_t panel, unsigned worker)
{
    const struct plane_job *job = context;
    layer_clock_start(job->runner->clock, worker);
    compute_outputs(job, panel, &job->runner->scratch[worker]);
    layer_clock_lap(job->runner->clock, worker, job->stage->number, LAYER_FORWARD);
}

/* Panels of the output's gradient that backward reads: all for what the stage reads. */
static struct range gradient_panels(const struct plane_job *job)
{
    bool all = job->data.first < job->data.end;
    return all ? (struct range){0, panels(job->stage->channels)} : job->weights;
}

/* Panels of gradients first: they take longest. */
static void backward_transform_task(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    struct range range = gradient_panels(job);
    size_t gradients = range.end - range.first;
    layer_clock_start(job->runner->clock, worker);
    if (index < gradients)
        transform_gradients(job, range.first + index, job->runner->scratch[worker].pixels);
    else
        transform_images(job, index - gradients);
    layer_clock_lap(job->runner->clock, worker, job->stage->number,
                    index < gradients ? LAYER_BACKWARD_DATA : LAYER_BACKWARD_WEIGHTS);
}

static void backward_product_task(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    const struct plane_scratch *scratch = &job->runner->scratch[worker];
    size_t inputs = job->data.end - job->data.first;
    layer_clock_start(job->runner->clock, worker);
    if (index < inputs)
        compute_input_gradient(job, job->data.first + index, scratch);
    else
        compute_taps_gradient(job, job->weights.first + index - inputs, scratch);
    layer_clock_lap(job->runner->clock, worker, job->stage->number,
                    index < inputs ? LAYER_BACKWARD_DATA : LAYER_BACKWARD_WEIGHTS);
}

static void normalize_image(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    const struct plane_stage *stage = job->stage;
    size_t place = (job->images.first + index) * stage_output_size(stage);
    layer_clock_start(job->runner->clock, worker);
    job->runner->kernels->normalize(stage->output + place, stage->places, stage->channels,
                                    stage->normal + place);
    layer_clock_lap(job->runner->clock, worker, stage->number, LAYER_FORWARD);
}

static void normalize_image_gradient(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    const struct plane_stage *stage = job->stage;
    size_t place = (job->images.first + index) * stage_output_size(stage);
    layer_clock_start(job->runner->clock, worker);
    job->runner->kernels->normalize_gradient(stage->output + place, stage->places, stage->channels,
                                             job->gradient + place);
    layer_clock_lap(job->runner->clock, worker, stage->number, LAYER_BACKWARD_DATA);
}

/* Sets the job's images to slice `index` of `slices` of nearly equal size. */
static void take_slice(struct plane_job *job, size_t index, size_t slices)
{
    size_t count = job->images.end - job->images.first;
    job->first = job->images.first + count * index / slices;
    job->end = job->images.first + count * (index + 1) / slices;
}

static size_t slice_count(const struct plane_job *job)
{
    size_t slice = job->stage->transform->slice;
    return (job->images.end - job->images.first + slice - 1) / slice;
}

bool transform_stage_forward(struct plane_job *job)
{
    const struct plane_stage *stage = job->stage;
    struct pool *pool = job->runner->pool;
    size_t transforms = panels(stage->in_channels) * IMAGE_PARTS, slices = slice_count(job);
    for (size_t slice = 0; slice < slices; slice++) {
        take_slice(job, slice, slices);
        if (!pool_run(pool, transforms, forward_transform_task, job) ||
            !pool_run(pool, panels(stage->channels), forward_product_task, job))
            return false;
    }
    return !stage->norm ||
           pool_run(pool, job->images.end - job->images.first, normalize_image, job);
}

/* Backward over the job's images for the panels that it names. */
static bool backward_slices(struct plane_job *job)
{
    struct pool *pool = job->runner->pool;
    struct range gradients = gradient_panels(job);
    size_t weights = job->weights.end - job->weights.first, slices = slice_count(job);
    size_t images = weights ? panels(job->stage->in_channels) * IMAGE_PARTS : 0;
    for (size_t slice = 0; slice < slices; slice++) {
        take_slice(job, slice, slices);
        if (!pool_run(pool, gradients.end - gradients.first + images, backward_transform_task,
                      job) ||
            !pool_run(pool, job->data.end - job->data.first + weights, backward_product_task, job))
            return false;
    }
    return true;
}

/* One of several ranks: first what its own images need, while the others' gradients come in; then
 * its own kernels' gradients from all images. */
static bool backward_shared(struct plane_job *job)
{
    struct plane_job weights = *job;
    weights.images = (struct range){0, job->batch};
    weights.data = (struct range){0, 0};
    job->weights = (struct range){0, 0};
    return stage_send_gradient(job) && backward_slices(job) && stage_await(job) &&
           backward_slices(&weights);
}

bool transform_stage_backward(struct plane_job *job)
{
    const struct plane_stage *stage = job->stage;
    struct plane_runner *runner = job->runner;
    size_t images = job->images.end - job->images.first;
    if (stage->norm && !pool_run(runner->pool, images, normalize_image_gradient, job))
        return false;
    job->data = (struct range){0, panels(stage->in_channels)};
    job->weights = team_part(runner->comm, panels(stage->channels));
    return team_shares(runner->comm) ? backward_shared(job) : backward_slices(job);
}
