// SPDX-License-Identifier: MIT
/*
 * Convolution (cross-correlation, as torch.nn.Conv2d) as im2col and matrix products, image by
 * image:
 *
 *   y  (K x P) = W (K x R) columns(x) (R x P) + b        K output channels, P = out height x width,
 *   dW (K x R) = sum over images of dy (K x P) columns(x)'   R = input channels x kernel x kernel
 *   dx         = col2im(W' dy)
 *
 * This is the plain path that faster kernels are tested against.
 */
#include <string.h>

#include "nn/gemm.h"
#include "nn/im2col.h"
#include "nn/layer.h"

struct conv_job {
    const struct layer *layer;
    const struct pass *pass;
    struct window window;
    size_t rows;   /* R */
    size_t places; /* P */
};

static struct conv_job conv_job(const struct layer *layer, const struct pass *pass)
{
    const struct layer_spec *spec = layer->spec;
    return (struct conv_job){
        .layer = layer,
        .pass = pass,
        .window = {layer->in, spec->kernel, spec->stride, spec->padding, layer->out.height,
                   layer->out.width},
        .rows = layer->in.channels * spec->kernel * spec->kernel,
        .places = layer->out.height * layer->out.width,
    };
}

static struct shape conv_output_shape(const struct layer_spec *spec, struct shape in)
{
    size_t height = in.height + 2 * spec->padding, width = in.width + 2 * spec->padding;
    if (height < spec->kernel || width < spec->kernel)
        return (struct shape){0, 0, 0};
    return (struct shape){spec->out, (height - spec->kernel) / spec->stride + 1,
                          (width - spec->kernel) / spec->stride + 1};
}

static void conv_parameters(const struct layer_spec *spec, struct shape in,
                            struct parameter *weight, struct parameter *bias)
{
    size_t fan_in = in.channels * spec->kernel * spec->kernel;
    weight->rank = 4;
    weight->sizes[0] = spec->out;
    weight->sizes[1] = in.channels;
    weight->sizes[2] = weight->sizes[3] = spec->kernel;
    bias->rank = 1;
    bias->sizes[0] = spec->out;
    weight->fan_in = bias->fan_in = fan_in;
}

/* The columns of one image and their gradient. */
static size_t conv_scratch_size(const struct layer *layer)
{
    struct conv_job job = conv_job(layer, NULL);
    return 2 * job.rows * job.places * sizeof(real);
}

static size_t conv_partial_count(const struct layer *layer)
{
    return layer->weight->count + layer->bias->count;
}

static real *conv_columns(const struct conv_job *job, unsigned worker)
{
    return (real *)(void *)(job->pass->scratch + worker * job->pass->scratch_stride);
}

static void conv_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    const struct conv_job *job = context;
    const struct layer *layer = job->layer;
    size_t channels = layer->out.channels, places = job->places;
    real *columns = conv_columns(job, worker);
    struct range images = chunk_range(job->pass->batch, chunk);
    for (size_t image = images.first; image < images.end; image++) {
        if (pool_interrupted(job->pass->pool, worker))
            return;
        real *output = layer->output + image * shape_size(layer->out);
        for (size_t channel = 0; channel < channels; channel++) {
            for (size_t place = 0; place < places; place++)
                output[channel * places + place] = layer->bias->value[channel];
        }
        im2col(&job->window, layer->input + image * shape_size(layer->in), columns);
        gemm(channels, places, job->rows,
             (struct gemm_operand){layer->weight->value, job->rows, GEMM_PLAIN},
             (struct gemm_operand){columns, places, GEMM_PLAIN}, 1, output, places);
    }
}

static bool conv_forward(const struct layer *layer, const struct pass *pass)
{
    struct conv_job job = conv_job(layer, pass);
    return pool_run(pass->pool, CHUNKS, conv_forward_chunk, &job);
}

/* Adds an image's part to the gradients of weight and bias. */
static void conv_parameter_gradients(const struct conv_job *job, const real *output_gradient,
                                     const real *columns, real *weight, real *bias)
{
    size_t channels = job->layer->out.channels, places = job->places;
    gemm(channels, job->rows, places, (struct gemm_operand){output_gradient, places, GEMM_PLAIN},
         (struct gemm_operand){columns, places, GEMM_TRANSPOSED}, 1, weight, job->rows);
    for (size_t channel = 0; channel < channels; channel++) {
        real sum = 0;
        for (size_t place = 0; place < places; place++)
            sum += output_gradient[channel * places + place];
        bias[channel] += sum;
    }
}

static void conv_input_gradient(const struct conv_job *job, const real *output_gradient,
                                real *columns, real *input_gradient)
{
    const struct layer *layer = job->layer;
    gemm(job->rows, job->places, layer->out.channels,
         (struct gemm_operand){layer->weight->value, job->rows, GEMM_TRANSPOSED},
         (struct gemm_operand){output_gradient, job->places, GEMM_PLAIN}, 0, columns, job->places);
    col2im(&job->window, columns, input_gradient);
}

static void conv_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    const struct conv_job *job = context;
    const struct layer *layer = job->layer;
    const struct pass *pass = job->pass;
    real *columns = conv_columns(job, worker);
    real *weight = pass->partial + chunk * pass->partial_stride;
    real *bias = weight + layer->weight->count;
    memset(weight, 0, conv_partial_count(layer) * sizeof *weight);
    struct range images = chunk_range(pass->batch, chunk);
    for (size_t image = images.first; image < images.end; image++) {
        if (pool_interrupted(pass->pool, worker))
            return;
        const real *gradient = pass->output_gradient + image * shape_size(layer->out);
        im2col(&job->window, layer->input + image * shape_size(layer->in), columns);
        conv_parameter_gradients(job, gradient, columns, weight, bias);
        if (pass->input_gradient)
            conv_input_gradient(job, gradient, columns + job->rows * job->places,
                                pass->input_gradient + image * shape_size(layer->in));
    }
}

/* Adds the chunks' gradients of a panel of elements in the order of the chunks. */
static void conv_add_chunks(void *context, size_t panel, unsigned worker)
{
    (void)worker;
    const struct conv_job *job = context;
    const struct layer *layer = job->layer;
    size_t weights = layer->weight->count;
    struct range range = panel_range(conv_partial_count(layer), panel);
    for (size_t index = range.first; index < range.end; index++) {
        real sum = 0;
        for (size_t chunk = 0; chunk < CHUNKS; chunk++)
            sum += job->pass->partial[chunk * job->pass->partial_stride + index];
        if (index < weights)
            layer->weight->gradient[index] = sum;
        else
            layer->bias->gradient[index - weights] = sum;
    }
}

static bool conv_backward(const struct layer *layer, const struct pass *pass)
{
    struct conv_job job = conv_job(layer, pass);
    size_t panels = panel_count(conv_partial_count(layer));
    return pool_run(pass->pool, CHUNKS, conv_backward_chunk, &job) &&
           pool_run(pass->pool, panels, conv_add_chunks, &job);
}

const struct layer_kind LAYER_CONV = {
    .name = "conv",
    .output_shape = conv_output_shape,
    .parameters = conv_parameters,
    .scratch_size = conv_scratch_size,
    .partial_count = conv_partial_count,
    .forward = conv_forward,
    .backward = conv_backward,
};
