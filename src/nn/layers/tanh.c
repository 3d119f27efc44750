// SPDX-License-Identifier: MIT
/* y = tanh(x), dx = (1 - y^2) dy: torch.nn.Tanh. */
#include <tgmath.h>

#include "nn/layer.h"

static struct shape tanh_output_shape(const struct layer_spec *spec, struct shape in)
{
    (void)spec;
    return in;
}

static void tanh_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(layer->in);
    for (size_t i = images.first * size; i < images.end * size; i++)
        layer->output[i] = tanh(layer->input[i]);
}

static void tanh_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const real *output = job->layer->output;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(job->layer->in);
    for (size_t i = images.first * size; i < images.end * size; i++)
        job->pass->input_gradient[i] = job->pass->output_gradient[i] * (1 - output[i] * output[i]);
}

static bool tanh_forward(const struct layer *layer, const struct pass *pass)
{
    return layer_run_chunks(layer, pass, tanh_forward_chunk);
}

static bool tanh_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, tanh_backward_chunk);
}

const struct layer_kind LAYER_TANH = {
    .name = "tanh",
    .in_place = true,
    .output_shape = tanh_output_shape,
    .forward = tanh_forward,
    .backward = tanh_backward,
};
