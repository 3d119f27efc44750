// SPDX-License-Identifier: MIT
/* Mean over square windows: torch.nn.AvgPool2d without padding. */
#include <string.h>

#include "nn/pooling.h"

static void average_plane(const struct layer *layer, const real *from, real *to)
{
    size_t kernel = layer->spec->kernel, stride = layer->spec->stride, width = layer->in.width;
    real scale = (real)1 / (real)(kernel * kernel);
    for (size_t y = 0; y < layer->out.height; y++) {
        for (size_t x = 0; x < layer->out.width; x++) {
            const real *corner = from + y * stride * width + x * stride;
            real sum = 0;
            for (size_t i = 0; i < kernel * kernel; i++)
                sum += corner[i / kernel * width + i % kernel];
            to[y * layer->out.width + x] = sum * scale;
        }
    }
}

static void average_plane_backward(const struct layer *layer, const real *from, real *to)
{
    size_t kernel = layer->spec->kernel, stride = layer->spec->stride, width = layer->in.width;
    real scale = (real)1 / (real)(kernel * kernel);
    memset(to, 0, layer->in.height * width * sizeof *to);
    for (size_t y = 0; y < layer->out.height; y++) {
        for (size_t x = 0; x < layer->out.width; x++) {
            real *corner = to + y * stride * width + x * stride;
            real share = from[y * layer->out.width + x] * scale;
            for (size_t i = 0; i < kernel * kernel; i++)
                corner[i / kernel * width + i % kernel] += share;
        }
    }
}

static void average_pool_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t channels = layer->in.channels;
    size_t in_plane = layer->in.height * layer->in.width;
    size_t out_plane = layer->out.height * layer->out.width;
    for (size_t plane = images.first * channels; plane < images.end * channels; plane++)
        average_plane(layer, layer->input + plane * in_plane, layer->output + plane * out_plane);
}

static void average_pool_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t channels = layer->in.channels;
    size_t in_plane = layer->in.height * layer->in.width;
    size_t out_plane = layer->out.height * layer->out.width;
    for (size_t plane = images.first * channels; plane < images.end * channels; plane++)
        average_plane_backward(layer, job->pass->output_gradient + plane * out_plane,
                               job->pass->input_gradient + plane * in_plane);
}

static bool average_pool_forward(const struct layer *layer, const struct pass *pass)
{
    return layer_run_chunks(layer, pass, average_pool_forward_chunk);
}

static bool average_pool_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, average_pool_backward_chunk);
}

const struct layer_kind LAYER_AVERAGE_POOL = {
    .name = "average_pool",
    .output_shape = pooling_output_shape,
    .forward = average_pool_forward,
    .backward = average_pool_backward,
};
