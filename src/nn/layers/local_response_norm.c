// SPDX-License-Identifier: MIT
/*
 * Local response normalization across channels (Krizhevsky, Sutskever, Hinton: "ImageNet
 * classification with deep convolutional neural networks", 2012, section 3.3) as
 * torch.nn.LocalResponseNorm computes it, with alpha divided by the size:
 *
 *   s_c = k + alpha / size * sum of x_j^2 over the channels j in the window of c
 *   y_c = x_c s_c^-beta
 *   dx_c = dy_c s_c^-beta - 2 alpha beta / size * x_c * sum of dy_j y_j / s_j over the j whose
 * window holds c
 *
 * The window of c is [c - size / 2, c + size / 2] for an odd size, so j's window holds c where c's
 * holds j. Forward keeps s.
 */
#include <string.h>
#include <tgmath.h>

#include "nn/layer.h"

enum { LRN_SIZE = 5 };

static const real LRN_ALPHA = (real)1e-4, LRN_BETA = (real)0.75, LRN_K = 2;

static struct shape lrn_output_shape(const struct layer_spec *spec, struct shape in)
{
    (void)spec;
    return in;
}

static size_t lrn_saved_size(const struct layer *layer)
{
    return shape_size(layer->in) * sizeof(real);
}

/* One image of dy y / s. */
static size_t lrn_scratch_size(const struct layer *layer)
{
    return shape_size(layer->in) * sizeof(real);
}

/* s^-0.75 by two square roots, which the compiler can do for many values at once. */
static real lrn_power(real s)
{
    real root = sqrt(s);
    return 1 / (root * sqrt(root));
}

/* The channels of c's window that exist. */
static struct range lrn_window(size_t channel, size_t channels)
{
    size_t half = LRN_SIZE / 2;
    size_t end = channel + half + 1;
    return (struct range){channel < half ? 0 : channel - half, end < channels ? end : channels};
}

static void lrn_forward_image(struct shape shape, const real *input, real *scale, real *output)
{
    size_t places = shape.height * shape.width;
    const real factor = LRN_ALPHA / LRN_SIZE;
    for (size_t channel = 0; channel < shape.channels; channel++) {
        real *s = scale + channel * places;
        memset(s, 0, places * sizeof *s);
        struct range window = lrn_window(channel, shape.channels);
        for (size_t near = window.first; near < window.end; near++) {
            const real *x = input + near * places;
            for (size_t place = 0; place < places; place++)
                s[place] += x[place] * x[place];
        }
        for (size_t place = 0; place < places; place++) {
            s[place] = LRN_K + factor * s[place];
            output[channel * places + place] =
                input[channel * places + place] * lrn_power(s[place]);
        }
    }
}

static void lrn_backward_image(const struct layer *layer, const struct pass *pass, size_t image,
                               real *ratio)
{
    struct shape shape = layer->in;
    size_t places = shape.height * shape.width, size = shape_size(shape);
    const real *input = layer->input + image * size, *output = layer->output + image * size;
    const real *scale = (const real *)layer->saved + image * size;
    const real *output_gradient = pass->output_gradient + image * size;
    real *input_gradient = pass->input_gradient + image * size;
    const real factor = 2 * LRN_ALPHA * LRN_BETA / LRN_SIZE;
    for (size_t i = 0; i < size; i++)
        ratio[i] = output_gradient[i] * output[i] / scale[i];
    for (size_t channel = 0; channel < shape.channels; channel++) {
        real *sum = input_gradient + channel * places;
        memset(sum, 0, places * sizeof *sum);
        struct range window = lrn_window(channel, shape.channels);
        for (size_t near = window.first; near < window.end; near++) {
            for (size_t place = 0; place < places; place++)
                sum[place] += ratio[near * places + place];
        }
        for (size_t place = 0; place < places; place++) {
            size_t i = channel * places + place;
            sum[place] = output_gradient[i] * lrn_power(scale[i]) - factor * input[i] * sum[place];
        }
    }
}

static void lrn_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(layer->in);
    for (size_t image = images.first; image < images.end; image++)
        lrn_forward_image(layer->in, layer->input + image * size,
                          (real *)layer->saved + image * size, layer->output + image * size);
}

static void lrn_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    const struct layer_job *job = context;
    const struct pass *pass = job->pass;
    real *ratio = (real *)(void *)(pass->scratch + worker * pass->scratch_stride);
    struct range images = chunk_range(pass->batch, chunk);
    for (size_t image = images.first; image < images.end; image++)
        lrn_backward_image(job->layer, pass, image, ratio);
}

static bool lrn_forward(const struct layer *layer, const struct pass *pass)
{
    return layer_run_chunks(layer, pass, lrn_forward_chunk);
}

static bool lrn_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, lrn_backward_chunk);
}

const struct layer_kind LAYER_LOCAL_RESPONSE_NORM = {
    .name = "local_response_norm",
    .output_shape = lrn_output_shape,
    .saved_size = lrn_saved_size,
    .scratch_size = lrn_scratch_size,
    .forward = lrn_forward,
    .backward = lrn_backward,
};
