// SPDX-License-Identifier: MIT
/*
 * Convolution (cross-correlation, as torch.nn.Conv2d) as im2col and matrix products, for a run of n
 * images at a time. K is the number of output channels, P of places in an output plane, and R is
 * input channels x kernel x kernel:
 *
 *   y  (K x nP) = W (K x R) columns(x) (R x nP) + b
 *   dW (K x R)  = sum over runs of dy (K x nP) columns(x)'
 *   dx          = col2im(W' dy)
 *
 * A run has as many images as make the matrices wide enough for an efficient product.
 *
 * This is the plain path that faster kernels are tested against.
 */
#include <string.h>

#include "nn/gemm.h"
#include "nn/im2col.h"
#include "nn/layer.h"
#include "nn/layer_clock.h"

enum { RUN_PLACES = 256, RUN_IMAGES_MAX = 16 };

struct conv_job {
    const struct layer *layer;
    const struct pass *pass;
    struct window window;
    size_t rows;       /* R */
    size_t places;     /* P */
    size_t run_images; /* n, less in the last run of a chunk */
};

static struct conv_job conv_job(const struct layer *layer, const struct pass *pass)
{
    const struct layer_spec *spec = layer->spec;
    struct conv_job job = {
        .layer = layer,
        .pass = pass,
        .window = {layer->in, spec->kernel, spec->stride, spec->padding, layer->out.height,
                   layer->out.width},
        .rows = layer->in.channels * spec->kernel * spec->kernel,
        .places = layer->out.height * layer->out.width,
    };
    size_t images = RUN_PLACES / job.places;
    job.run_images = images < 1 ? 1 : images > RUN_IMAGES_MAX ? RUN_IMAGES_MAX : images;
    return job;
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

/* The columns of a run, or their gradient, and its output, or the gradient of that. */
static size_t conv_scratch_size(const struct layer *layer)
{
    struct conv_job job = conv_job(layer, NULL);
    return (job.rows + layer->out.channels) * job.run_images * job.places * sizeof(real);
}

static size_t conv_partial_count(const struct layer *layer)
{
    return layer->weight->count + layer->bias->count;
}

/* One run: images from `first`, and a worker's scratch for it. */
struct conv_run {
    const struct conv_job *job;
    size_t first, images;
    size_t width;  /* images x P: of both matrices */
    real *columns; /* R x width */
    real *output;  /* K x width */
};

static struct conv_run conv_run(const struct conv_job *job, struct range images, size_t first,
                                unsigned worker)
{
    size_t left = images.end - first;
    struct conv_run run = {.job = job, .first = first};
    run.images = left < job->run_images ? left : job->run_images;
    run.width = run.images * job->places;
    run.columns = (real *)(void *)(job->pass->scratch + worker * job->pass->scratch_stride);
    run.output = run.columns + job->rows * run.width;
    return run;
}

static void run_im2col(const struct conv_run *run)
{
    const struct layer *layer = run->job->layer;
    for (size_t image = 0; image < run->images; image++)
        im2col(&run->job->window, layer->input + (run->first + image) * shape_size(layer->in),
               run->columns + image * run->job->places, run->width);
}

/* Takes the images of a run out of the product, and adds the bias. */
static void run_store_output(const struct conv_run *run)
{
    const struct layer *layer = run->job->layer;
    size_t places = run->job->places;
    for (size_t image = 0; image < run->images; image++) {
        real *output = layer->output + (run->first + image) * shape_size(layer->out);
        for (size_t channel = 0; channel < layer->out.channels; channel++) {
            const real *from = run->output + channel * run->width + image * places;
            for (size_t place = 0; place < places; place++)
                output[channel * places + place] = from[place] + layer->bias->value[channel];
        }
    }
}

static void conv_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    const struct conv_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    for (size_t first = images.first; first < images.end; first += job->run_images) {
        if (pool_interrupted(job->pass->pool, worker))
            return;
        struct conv_run run = conv_run(job, images, first, worker);
        run_im2col(&run);
        gemm(layer->out.channels, run.width, job->rows,
             (struct gemm_operand){layer->weight->value, job->rows, GEMM_PLAIN},
             (struct gemm_operand){run.columns, run.width, GEMM_PLAIN}, 0, run.output, run.width);
        run_store_output(&run);
    }
}

static bool conv_forward(const struct layer *layer, const struct pass *pass)
{
    struct conv_job job = conv_job(layer, pass);
    return pool_run(pass->pool, CHUNKS, conv_forward_chunk, &job);
}

/* Puts the output gradients of a run's images side by side. */
static void run_load_gradient(const struct conv_run *run)
{
    const struct layer *layer = run->job->layer;
    size_t places = run->job->places;
    for (size_t image = 0; image < run->images; image++) {
        const real *gradient =
            run->job->pass->output_gradient + (run->first + image) * shape_size(layer->out);
        for (size_t channel = 0; channel < layer->out.channels; channel++)
            memcpy(run->output + channel * run->width + image * places, gradient + channel * places,
                   places * sizeof *gradient);
    }
}

/* Adds the run's part to the gradients of weight and bias, which a chunk's first run sets. */
static void run_parameter_gradients(const struct conv_run *run, bool first, real *weight,
                                    real *bias)
{
    size_t channels = run->job->layer->out.channels, rows = run->job->rows;
    gemm(channels, rows, run->width, (struct gemm_operand){run->output, run->width, GEMM_PLAIN},
         (struct gemm_operand){run->columns, run->width, GEMM_TRANSPOSED}, first ? 0 : 1, weight,
         rows);
    for (size_t channel = 0; channel < channels; channel++) {
        real sum = 0;
        for (size_t place = 0; place < run->width; place++)
            sum += run->output[channel * run->width + place];
        bias[channel] = first ? sum : bias[channel] + sum;
    }
}

/* The columns are no longer needed: their gradient takes their place. */
static void run_input_gradient(const struct conv_run *run)
{
    const struct conv_job *job = run->job;
    const struct layer *layer = job->layer;
    gemm(job->rows, run->width, layer->out.channels,
         (struct gemm_operand){layer->weight->value, job->rows, GEMM_TRANSPOSED},
         (struct gemm_operand){run->output, run->width, GEMM_PLAIN}, 0, run->columns, run->width);
    for (size_t image = 0; image < run->images; image++)
        col2im(&job->window, run->columns + image * job->places, run->width,
               job->pass->input_gradient + (run->first + image) * shape_size(layer->in));
}

static void conv_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    const struct conv_job *job = context;
    const struct layer *layer = job->layer;
    const struct pass *pass = job->pass;
    real *weight = pass->partial + chunk * pass->partial_stride;
    real *bias = weight + layer->weight->count;
    struct range images = chunk_range(pass->batch, chunk);
    if (images.first == images.end)
        memset(weight, 0, conv_partial_count(layer) * sizeof *weight);
    for (size_t first = images.first; first < images.end; first += job->run_images) {
        if (pool_interrupted(pass->pool, worker))
            return;
        struct conv_run run = conv_run(job, images, first, worker);
        layer_clock_start(pass->clock, worker);
        run_im2col(&run);
        run_load_gradient(&run);
        run_parameter_gradients(&run, first == images.first, weight, bias);
        layer_clock_lap(pass->clock, worker, layer->number, LAYER_BACKWARD_WEIGHTS);
        if (pass->input_gradient)
            run_input_gradient(&run);
    }
}

/* Adds the chunks' gradients of a panel of elements in the order of the chunks. */
static void conv_add_chunks(void *context, size_t panel, unsigned worker)
{
    const struct conv_job *job = context;
    const struct layer *layer = job->layer;
    size_t weights = layer->weight->count;
    layer_clock_start(job->pass->clock, worker);
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
    layer_clock_lap(job->pass->clock, worker, layer->number, LAYER_BACKWARD_WEIGHTS);
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
