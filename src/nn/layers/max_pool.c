// SPDX-License-Identifier: MIT
/*
 * Maximum over square windows: torch.nn.MaxPool2d without padding. Of equal values the first in row
 * order wins, a NaN beats all, and the gradient goes to the winner, as in PyTorch.
 */
#include <string.h>

#include "nn/pooling.h"

/* The place of the winner in its plane, kept for backward. */
typedef uint16_t winner;

static struct shape max_pool_output_shape(const struct layer_spec *spec, struct shape in)
{
    if (in.height * in.width > UINT16_MAX)
        return (struct shape){0, 0, 0};
    return pooling_output_shape(spec, in);
}

static size_t max_pool_saved_size(const struct layer *layer)
{
    return shape_size(layer->out) * sizeof(winner);
}

static winner max_in_window(const real *plane, size_t corner, size_t kernel, size_t width)
{
    size_t best = corner;
    for (size_t i = 1; i < kernel * kernel; i++) {
        size_t place = corner + i / kernel * width + i % kernel;
        if (plane[place] > plane[best] || plane[place] != plane[place])
            best = place;
    }
    return (winner)best;
}

static void max_plane(const struct layer *layer, const real *from, real *to, winner *winners)
{
    size_t kernel = layer->spec->kernel, stride = layer->spec->stride, width = layer->in.width;
    for (size_t y = 0; y < layer->out.height; y++) {
        for (size_t x = 0; x < layer->out.width; x++) {
            size_t place = y * layer->out.width + x;
            winners[place] = max_in_window(from, y * stride * width + x * stride, kernel, width);
            to[place] = from[winners[place]];
        }
    }
}

static void max_pool_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t channels = layer->in.channels;
    size_t in_plane = layer->in.height * layer->in.width;
    size_t out_plane = layer->out.height * layer->out.width;
    winner *winners = layer->saved;
    for (size_t plane = images.first * channels; plane < images.end * channels; plane++)
        max_plane(layer, layer->input + plane * in_plane, layer->output + plane * out_plane,
                  winners + plane * out_plane);
}

static void max_pool_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t channels = layer->in.channels;
    size_t in_plane = layer->in.height * layer->in.width;
    size_t out_plane = layer->out.height * layer->out.width;
    const winner *winners = layer->saved;
    for (size_t plane = images.first * channels; plane < images.end * channels; plane++) {
        const real *from = job->pass->output_gradient + plane * out_plane;
        real *to = job->pass->input_gradient + plane * in_plane;
        memset(to, 0, in_plane * sizeof *to);
        for (size_t place = 0; place < out_plane; place++)
            to[winners[plane * out_plane + place]] += from[place];
    }
}

static bool max_pool_forward(const struct layer *layer, const struct pass *pass)
{
    return layer_run_chunks(layer, pass, max_pool_forward_chunk);
}

static bool max_pool_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, max_pool_backward_chunk);
}

const struct layer_kind LAYER_MAX_POOL = {
    .name = "max_pool",
    .output_shape = max_pool_output_shape,
    .saved_size = max_pool_saved_size,
    .forward = max_pool_forward,
    .backward = max_pool_backward,
};
