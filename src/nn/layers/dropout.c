// SPDX-License-Identifier: MIT
/*
 * Dropout (Srivastava et al., 2014; torch.nn.Dropout): in training each element becomes zero with
 * probability p and is scaled by 1/(1-p) otherwise; at evaluation nothing happens. The mask is a
 * function of (seed, layer, step, element), whoever computes it. Forward keeps it for backward: to
 * draw it is most of the work.
 */
#include <string.h>

#include "base/random.h"
#include "nn/layer.h"

/* A call of random_block() decides for this many elements, with 16 bits each. */
enum { DROPOUT_BLOCK = 8, DROPOUT_LEVELS = 1 << 16 };

static struct shape dropout_output_shape(const struct layer_spec *spec, struct shape in)
{
    (void)spec;
    return in;
}

static size_t dropout_saved_size(const struct layer *layer)
{
    return shape_size(layer->in) * sizeof(uint8_t);
}

/* Whether each element of a block of DROPOUT_BLOCK stays. */
static void dropout_draw(const struct layer_job *job, size_t block, uint8_t kept[DROPOUT_BLOCK])
{
    const struct pass *pass = job->pass;
    uint32_t threshold = (uint32_t)(job->layer->spec->rate * DROPOUT_LEVELS);
    uint32_t stream = RANDOM_DROPOUT + (uint32_t)job->layer->number;
    uint32_t words[DROPOUT_BLOCK / 2];
    block += pass->first_image * shape_size(job->layer->in) / DROPOUT_BLOCK;
    random_block(pass->seed, stream, (uint32_t)pass->step, block, words);
    for (size_t i = 0; i < DROPOUT_BLOCK; i++)
        kept[i] = (words[i / 2] >> (i % 2 * 16)) % DROPOUT_LEVELS >= threshold;
}

/* Draws the mask of elements [first, end) of the batch. */
static void dropout_mask(const struct layer_job *job, size_t first, size_t end, uint8_t *mask)
{
    uint8_t kept[DROPOUT_BLOCK];
    for (size_t i = first; i < end; i++) {
        if (i == first || i % DROPOUT_BLOCK == 0)
            dropout_draw(job, i / DROPOUT_BLOCK, kept);
        mask[i] = kept[i % DROPOUT_BLOCK];
    }
}

/* to = mask * from / (1 - p) for elements [first, end) of the batch. No branch: half of them would
 * be mispredicted. */
static void dropout_apply(const struct layer *layer, size_t first, size_t end, const real *from,
                          real *to)
{
    const uint8_t *mask = layer->saved;
    real scale = (real)(1 / (1 - layer->spec->rate));
    for (size_t i = first; i < end; i++)
        to[i] = from[i] * (scale * mask[i]);
}

static void dropout_forward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(layer->in);
    struct range features = pass_features(job->pass, size);
    for (size_t image = images.first; image < images.end; image++) {
        size_t first = image * size + features.first, end = image * size + features.end;
        if (job->pass->mode != NETWORK_TRAIN) {
            memcpy(layer->output + first, layer->input + first, (end - first) * sizeof(real));
            continue;
        }
        dropout_mask(job, first, end, layer->saved);
        dropout_apply(layer, first, end, layer->input, layer->output);
    }
}

static void dropout_backward_chunk(void *context, size_t chunk, unsigned worker)
{
    (void)worker;
    const struct layer_job *job = context;
    const struct layer *layer = job->layer;
    struct range images = chunk_range(job->pass->batch, chunk);
    size_t size = shape_size(layer->in);
    struct range features = pass_features(job->pass, size);
    for (size_t image = images.first; image < images.end; image++)
        dropout_apply(layer, image * size + features.first, image * size + features.end,
                      job->pass->output_gradient, job->pass->input_gradient);
}

static bool dropout_forward(const struct layer *layer, const struct pass *pass)
{
    return layer_run_chunks(layer, pass, dropout_forward_chunk);
}

static bool dropout_backward(const struct layer *layer, const struct pass *pass)
{
    return !pass->input_gradient || layer_run_chunks(layer, pass, dropout_backward_chunk);
}

const struct layer_kind LAYER_DROPOUT = {
    .name = "dropout",
    .output_shape = dropout_output_shape,
    .saved_size = dropout_saved_size,
    .forward = dropout_forward,
    .backward = dropout_backward,
};
