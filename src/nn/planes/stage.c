// SPDX-License-Identifier: MIT
#include "nn/planes/stage.h"

static bool is_kind(const struct layer *layers, size_t layer_count, size_t number,
                    const struct layer_kind *kind)
{
    return number < layer_count && layers[number].spec->kind == kind;
}

/* A square convolution that keeps the size. */
static bool keeps_size(const struct layer *layer)
{
    const struct layer_spec *spec = layer->spec;
    return spec->kind == &LAYER_CONV && spec->stride == 1 && layer->in.height == layer->in.width &&
           spec->kernel % 2 == 1 && spec->padding == spec->kernel / 2;
}

/* The first layer, whose input has one channel. */
static bool fits_direct(const struct layer *layer)
{
    return layer->number == 0 && layer->in.channels == 1 && layer->in.height == DIRECT_SIDE &&
           layer->spec->kernel == DIRECT_KERNEL && layer->out.channels % DIRECT_CHANNELS == 0;
}

static bool fits_transform(const struct layer *layer, const struct plane_transform *transform)
{
    return layer->number > 0 && layer->in.channels % PANEL == 0 &&
           layer->out.channels % PANEL == 0 && layer->in.height == transform->side &&
           layer->spec->kernel == transform->kernel;
}

/* Takes the layers from `number` on, as many as make a stage. */
static bool take_stage(const struct layer *layers, size_t layer_count, size_t number,
                       const struct plane_kernels *kernels, struct plane_stage *stage)
{
    const struct layer *conv = &layers[number];
    if (!keeps_size(conv) || conv->out.channels > NORM_CHANNELS_MAX ||
        !is_kind(layers, layer_count, number + 1, &LAYER_RELU))
        return false;
    *stage = (struct plane_stage){.number = number,
                                  .layers = 2,
                                  .side = conv->in.height,
                                  .in_channels = conv->in.channels,
                                  .channels = conv->out.channels,
                                  .weight = conv->weight,
                                  .bias = conv->bias};
    if (fits_transform(conv, kernels->winograd))
        stage->transform = kernels->winograd;
    else if (fits_transform(conv, kernels->fourier))
        stage->transform = kernels->fourier;
    else if (!fits_direct(conv))
        return false;
    if (is_kind(layers, layer_count, number + stage->layers, &LAYER_MAX_POOL)) {
        const struct layer_spec *pool = layers[number + stage->layers].spec;
        stage->pool = pool->kernel == POOL_KERNEL && pool->stride == POOL_STRIDE;
        stage->layers += stage->pool;
    }
    if (is_kind(layers, layer_count, number + stage->layers, &LAYER_LOCAL_RESPONSE_NORM)) {
        stage->norm = true;
        stage->layers++;
    }
    struct shape out = layers[number + stage->layers - 1].out;
    stage->places = out.height * out.width;
    return stage->transform || stage->pool;
}

size_t plane_stages(const struct layer *layers, size_t layer_count,
                    const struct plane_kernels *kernels, struct plane_stage *stages)
{
    size_t count = 0, number = 0;
    while (number < layer_count &&
           take_stage(layers, layer_count, number, kernels, &stages[count])) {
        number += stages[count].layers;
        count++;
    }
    return count;
}
