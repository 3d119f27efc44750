// SPDX-License-Identifier: MIT
/*
 * The stages of a runner: a convolution with the ReLU, pooling and normalization after it. Made
 * from a network's first layers.
 */
#ifndef FMNIST_NN_PLANES_STAGE_H
#define FMNIST_NN_PLANES_STAGE_H

#include "nn/layer.h"
#include "nn/planes/planes.h"

struct plane_stage {
    const struct plane_transform *transform; /* NULL: the direct convolution */
    size_t number, layers;                   /* of the network: the first, and how many */
    size_t side;                             /* of the convolution's input and output */
    size_t in_channels, channels;
    size_t places; /* pixels of the output, pooled or not */
    bool pool, norm;
    struct parameter *weight, *bias;

    /* Images x places x channels each; the next stage's input is `normal`. */
    const float *input;
    float *output;    /* before normalization */
    float *normal;    /* after it; the same array where there is none */
    uint8_t *winners; /* of the pooling */
};

/* Fills `stages` (room for `layer_count`) as far as the kernels know the layers; returns how many
 * there are, 0 for none. */
size_t plane_stages(const struct layer *layers, size_t layer_count,
                    const struct plane_kernels *kernels, struct plane_stage *stages);

/* What one stage's arrays take. */
static inline size_t stage_pixels(const struct plane_stage *stage)
{
    return stage->side * stage->side;
}

static inline size_t stage_output_size(const struct plane_stage *stage)
{
    return stage->places * stage->channels;
}

static inline size_t stage_input_size(const struct plane_stage *stage)
{
    return stage_pixels(stage) * stage->in_channels;
}

static inline size_t stage_taps(const struct plane_stage *stage)
{
    return stage->transform ? stage->transform->kernel * stage->transform->kernel
                            : DIRECT_KERNEL * DIRECT_KERNEL;
}

#endif
