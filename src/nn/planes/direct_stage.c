// SPDX-License-Identifier: MIT
/* The stage with the direct convolution: an image at a time goes through all of it. */
#include <string.h>

#include "nn/planes/work.h"

enum { DIRECT_TAPS = DIRECT_KERNEL * DIRECT_KERNEL };

static void forward_image(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    size_t image = job->images.first + index;
    const struct plane_runner *runner = job->runner;
    const struct plane_stage *stage = job->stage;
    const struct plane_kernels *kernels = runner->kernels;
    float *pixels = runner->scratch[worker].pixels;
    size_t place = image * stage_output_size(stage);
    layer_clock_start(runner->clock, worker);
    kernels->direct(stage->input + image * stage_input_size(stage), runner->direct_taps,
                    stage->channels, pixels);
    kernels->pool(pixels, stage->side, stage->channels, stage->bias->value, stage->output + place,
                  job->train ? stage->winners + place : NULL, stage->channels);
    if (stage->norm)
        kernels->normalize(stage->output + place, stage->places, stage->channels,
                           stage->normal + place);
    layer_clock_lap(runner->clock, worker, stage->number, LAYER_FORWARD);
}

/* Puts the kernels side by side, as the direct convolution reads them. */
static void load_taps(const struct plane_job *job)
{
    const struct plane_stage *stage = job->stage;
    for (size_t channel = 0; channel < stage->channels; channel++) {
        for (size_t tap = 0; tap < DIRECT_TAPS; tap++)
            job->runner->direct_taps[tap * stage->channels + channel] =
                stage->weight->value[channel * DIRECT_TAPS + tap];
    }
}

bool direct_stage_forward(struct plane_job *job)
{
    struct pool *pool = job->runner->pool;
    if (pool_leads(pool))
        load_taps(job);
    return pool_meet(pool) &&
           pool_run(pool, job->images.end - job->images.first, forward_image, job);
}

static size_t partial_size(const struct plane_stage *stage)
{
    return (DIRECT_TAPS + 1) * stage->channels;
}

/* The images of a chunk. */
static struct range direct_chunk(size_t batch, size_t chunk)
{
    return (struct range){batch * chunk / DIRECT_CHUNKS, batch * (chunk + 1) / DIRECT_CHUNKS};
}

static void backward_chunk(void *context, size_t index, unsigned worker)
{
    const struct plane_job *job = context;
    const struct plane_runner *runner = job->runner;
    size_t chunk = team_part(runner->comm, DIRECT_CHUNKS).first + index;
    const struct plane_stage *stage = job->stage;
    const struct plane_kernels *kernels = runner->kernels;
    float *pixels = runner->scratch[worker].pixels;
    float *taps = runner->partials + chunk * partial_size(stage);
    float *bias = taps + DIRECT_TAPS * stage->channels;
    struct range images = direct_chunk(job->batch, chunk);
    memset(taps, 0, partial_size(stage) * sizeof *taps);
    layer_clock_start(runner->clock, worker);
    for (size_t image = images.first; image < images.end; image++) {
        size_t place = image * stage_output_size(stage);
        if (stage->norm)
            kernels->normalize_gradient(stage->output + place, stage->places, stage->channels,
                                        job->gradient + place);
        kernels->pool_gradient(job->gradient + place, stage->winners + place, stage->channels,
                               stage->side, stage->channels, pixels, bias);
        kernels->direct_taps(stage->input + image * stage_input_size(stage), pixels,
                             stage->channels, taps);
    }
    layer_clock_lap(runner->clock, worker, stage->number, LAYER_BACKWARD_WEIGHTS);
}

/* Of several ranks each has the sums of its own chunks, and needs all. */
static bool exchange_chunks(const struct plane_job *job)
{
    struct comm *comm = job->runner->comm;
    struct comm_shares shares;
    if (!team_shares(comm))
        return true;
    comm_divide(comm, DIRECT_CHUNKS, &shares);
    const struct comm_piece sums = {job->runner->partials, 1, 0,
                                    partial_size(job->stage) * sizeof(float), &shares};
    return comm_exchange(comm, &sums, 1);
}

/* Adds the chunks' gradients in the order of the chunks. */
static void add_chunks(const struct plane_job *job)
{
    const struct plane_stage *stage = job->stage;
    float *weight = stage->weight->gradient, *bias = stage->bias->gradient;
    memset(weight, 0, stage->weight->count * sizeof *weight);
    memset(bias, 0, stage->bias->count * sizeof *bias);
    for (size_t chunk = 0; chunk < DIRECT_CHUNKS; chunk++) {
        const float *part = job->runner->partials + chunk * partial_size(stage);
        for (size_t channel = 0; channel < stage->channels; channel++) {
            for (size_t tap = 0; tap < DIRECT_TAPS; tap++)
                weight[channel * DIRECT_TAPS + tap] += part[tap * stage->channels + channel];
            bias[channel] += part[DIRECT_TAPS * stage->channels + channel];
        }
    }
}

bool direct_stage_backward(struct plane_job *job)
{
    struct range chunks = team_part(job->runner->comm, DIRECT_CHUNKS);
    if (!pool_run(job->runner->pool, chunks.end - chunks.first, backward_chunk, job) ||
        !exchange_chunks(job))
        return false;
    if (pool_leads(job->runner->pool))
        add_chunks(job);
    return pool_meet(job->runner->pool);
}
