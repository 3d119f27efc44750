// SPDX-License-Identifier: MIT
#include "nn/lanes/stage.h"

static size_t take(size_t *used, size_t vectors)
{
    size_t place = *used;
    *used += vectors * LANES;
    return place;
}

static size_t round_up(size_t count)
{
    return (count + LANES - 1) / LANES * LANES;
}

/* Whether layer `number` is of a kind, and there is one. */
static bool is_kind(const struct layer *layers, size_t layer_count, size_t number,
                    const struct layer_kind *kind)
{
    return number < layer_count && layers[number].spec->kind == kind;
}

/* conv 5x5, tanh, average pooling 2x2: three layers. */
static bool take_conv(const struct layer *layers, size_t layer_count, size_t number,
                      struct lane_stage *stage)
{
    const struct layer_spec *spec = layers[number].spec, *pool;
    const struct shape in = layers[number].in, out = layers[number].out;
    if (spec->kind != &LAYER_CONV || !is_kind(layers, layer_count, number + 1, &LAYER_TANH) ||
        !is_kind(layers, layer_count, number + 2, &LAYER_AVERAGE_POOL))
        return false;
    pool = layers[number + 2].spec;
    stage->is_conv = true;
    stage->conv = (struct lane_conv){in.channels, in.height, in.width, out.channels};
    return spec->kernel == LANE_KERNEL && spec->stride == 1 && spec->padding == 0 &&
           pool->kernel == 2 && pool->stride == 2 && lane_conv_fits(&stage->conv) &&
           (number == 0 || conv_input_gradient_fits(&stage->conv));
}

/* A linear layer, or a convolution whose kernel covers its input; with tanh or without. */
static bool take_dense(const struct layer *layers, size_t layer_count, size_t number,
                       struct lane_stage *stage)
{
    const struct layer *layer = &layers[number];
    bool covers = layer->spec->kind == &LAYER_CONV && layer->spec->padding == 0 &&
                  layer->spec->kernel == layer->in.height && layer->spec->kernel == layer->in.width;
    if (layer->spec->kind != &LAYER_LINEAR && !covers)
        return false;
    stage->dense.in = shape_size(layer->in);
    stage->dense.out = shape_size(layer->out);
    stage->dense.tanh = is_kind(layers, layer_count, number + 1, &LAYER_TANH);
    return true;
}

static void place_conv(struct lane_stage *stage, struct lane_sizes *sizes)
{
    size_t unpooled = (stage->conv.height - LANE_KERNEL + 1) *
                      (stage->conv.width - LANE_KERNEL + 1) * stage->conv.out_channels;
    stage->unpooled = take(&sizes->activations, unpooled);
    stage->output = take(&sizes->activations, unpooled / 4);
    stage->unpooled_gradient = take(&sizes->scratch, unpooled);
    stage->pooled_gradient = take(&sizes->scratch, unpooled / 4);
    stage->gradient = sizes->gradients;
    sizes->gradients += round_up(stage->weight->count + stage->bias->count);
}

static void place_dense(struct lane_stage *stage, struct lane_sizes *sizes)
{
    stage->output = take(&sizes->activations, stage->dense.out);
    stage->gradient = take(&sizes->gradients, stage->dense.out);
    stage->row_stride = round_up(stage->dense.in);
    stage->rows = sizes->rows;
    sizes->rows += stage->row_stride;
}

size_t lane_stages(const struct layer *layers, size_t layer_count, struct lane_stage *stages,
                   struct lane_sizes *sizes)
{
    size_t count = 0, number = 0;
    *sizes = (struct lane_sizes){0};
    size_t input = take(&sizes->activations, shape_size(layers[0].in));
    while (number < layer_count) {
        struct lane_stage *stage = &stages[count++];
        *stage = (struct lane_stage){
            .input = input, .weight = layers[number].weight, .bias = layers[number].bias};
        if (take_conv(layers, layer_count, number, stage)) {
            number += 3;
            place_conv(stage, sizes);
        } else if (stage->is_conv = false, take_dense(layers, layer_count, number, stage)) {
            number += stage->dense.tanh ? 2 : 1;
            place_dense(stage, sizes);
        } else {
            return 0;
        }
        input = stage->output;
    }
    /* The logits come from a dense stage without tanh. */
    const struct lane_stage *last = &stages[count - 1];
    return last->is_conv || last->dense.tanh ? 0 : count;
}
