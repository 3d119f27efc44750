// SPDX-License-Identifier: MIT
/*
 * Dropout (Srivastava et al., 2014; torch.nn.Dropout): in training each element becomes zero with
 * probability p and is scaled by 1/(1-p) otherwise; at evaluation nothing happens. The mask is a
 * function of (seed, layer, step, element), so backward computes it again instead of keeping it.
 */
#include <string.h>

#include "base/random.h"
#include "nn/layer.h"

enum { DROPOUT_BLOCK = 4 }; /* elements a call of random_block() */

static struct shape dropout_output_shape(const struct layer_spec *spec, struct shape in)
{
    (void)spec;
    return in;
}

/* to = mask * from for elements [first, end) of the batch. */
static void dropout_mask(const struct layer_job *job, size_t first, size_t end, const real *from,
                         real *to)
{
    const struct pass *pass = job->pass;
    double rate = job->layer->spec->rate;
    real scale = (real)(1 / (1 - rate));
    uint64_t threshold = (uint64_t)(rate * 0x1p32); /* a number below it drops the element */
    uint32_t stream = RANDOM_DROPOUT + (uint32_t)job->layer->number;
    uint32_t words[DROPOUT_BLOCK];
    for (size_t i = first; i < end; i++) {
        if (i == first || i % DROPOUT_BLOCK == 0)
            random_block(pass->seed, stream, (uint32_t)pass->step, i / DROPOUT_BLOCK, words);
        to[i] = words[i % DROPOUT_BLOCK] < threshold ? 0 : from[i] * scale;
    }
}

static void dropout_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(layer->in);
    dropout_mask(job, images.first * size, images.end * size, layer->input, layer->output);
}

static void dropout_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(job->layer->in);
    dropout_mask(job, images.first * size, images.end * size, job->pass->output_gradient,
                 job->pass->input_gradient);
}

static bool dropout_forward(const struct layer *layer, const struct pass *pass)
{
    if (pass->mode == NETWORK_TRAIN)
        return layer_run_chunks(layer, pass, dropout_forward_chunk);
    memcpy(layer->output, layer->input, pass->batch * shape_size(layer->in) * sizeof(real));
    return true;
}

static bool dropout_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, dropout_backward_chunk);
}

const struct layer_kind LAYER_DROPOUT = {
    .name = "dropout",
    .output_shape = dropout_output_shape,
    .forward = dropout_forward,
    .backward = dropout_backward,
};
