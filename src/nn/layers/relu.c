// SPDX-License-Identifier: MIT
/* y = max(x, 0), dx = dy where y > 0 and else 0: torch.nn.ReLU. A NaN stays a NaN. */
#include "nn/layer.h"

static struct shape relu_output_shape(const struct layer_spec *spec, struct shape in)
{
    (void)spec;
    return in;
}

static void relu_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(layer->in);
    struct range features = pass_features(job->pass, size);
    for (size_t image = images.first; image < images.end; image++)
        for (size_t i = image * size + features.first; i < image * size + features.end; i++)
            layer->output[i] = layer->input[i] <= 0 ? 0 : layer->input[i];
}

static void relu_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct pass *pass = job->pass;
    const real *output = job->layer->output;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(job->layer->in);
    struct range features = pass_features(pass, size);
    for (size_t image = images.first; image < images.end; image++)
        for (size_t i = image * size + features.first; i < image * size + features.end; i++)
            pass->input_gradient[i] = output[i] <= 0 ? 0 : pass->output_gradient[i];
}

static bool relu_forward(const struct layer *layer, const struct pass *pass)
{
    return layer_run_chunks(layer, pass, relu_forward_chunk);
}

static bool relu_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, relu_backward_chunk);
}

const struct layer_kind LAYER_RELU = {
    .name = "relu",
    .in_place = true,
    .output_shape = relu_output_shape,
    .forward = relu_forward,
    .backward = relu_backward,
};
