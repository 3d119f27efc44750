// SPDX-License-Identifier: MIT
#include "fmnist/train/study.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "train/anatomist.h"

enum { ZERO = 128 }; /* of a filter that is zero all over */

/* The study with its arrays; it is the first member, so that a pointer to it is one to this. */
struct counted_study {
    struct study study;
    atomic_size_t references;
    uint8_t *map_pixels, *filter_pixels;
    float *magnitudes;
};

static struct counted_study *study_counted(const struct study *study)
{
    return (struct counted_study *)(uintptr_t)study;
}

bool observation_equal(const struct observation *a, const struct observation *b)
{
    bool same_image = a->layer == b->layer && a->part == b->part && a->image == b->image;
    bool same_answers = a->answers == b->answers && a->answers_step == b->answers_step;
    return a->watched == b->watched && a->opened == b->opened && (!a->opened || same_image) &&
           same_answers;
}

const struct study *study_share(const struct study *study)
{
    if (study)
        atomic_fetch_add_explicit(&study_counted(study)->references, 1, memory_order_relaxed);
    return study;
}

static void study_free(struct counted_study *counted)
{
    free(counted->magnitudes);
    free(counted->filter_pixels);
    free(counted->map_pixels);
    free(counted);
}

void study_release(const struct study *study)
{
    if (study && atomic_fetch_sub(&study_counted(study)->references, 1) == 1)
        study_free(study_counted(study));
}

/* The place of a value between two others as a byte; what is no number is 0. */
static uint8_t between(float value, float low, float high)
{
    float part = high > low ? (value - low) / (high - low) : 0;
    if (!(part > 0))
        return 0;
    return part < 1 ? (uint8_t)lroundf(part * 255) : 255;
}

static void draw_maps(struct counted_study *counted, const real *output, size_t count)
{
    struct study *study = &counted->study;
    study->low = INFINITY;
    study->high = -INFINITY;
    for (size_t index = 0; index < count; index++) {
        if (!isfinite(output[index]))
            continue;
        study->low = fminf(study->low, (float)output[index]);
        study->high = fmaxf(study->high, (float)output[index]);
    }
    if (!(study->low <= study->high))
        study->low = study->high = 0;
    for (size_t index = 0; index < count; index++)
        counted->map_pixels[index] = between((float)output[index], study->low, study->high);
}

static void draw_filters(struct counted_study *counted, const struct parameter *weight)
{
    size_t size = weight->count / counted->study.filters;
    for (size_t filter = 0; filter < counted->study.filters; filter++) {
        const real *values = weight->value + filter * size;
        uint8_t *pixels = counted->filter_pixels + filter * size;
        float magnitude = 0;
        for (size_t index = 0; index < size; index++)
            if (isfinite(values[index]))
                magnitude = fmaxf(magnitude, fabsf((float)values[index]));
        for (size_t index = 0; index < size; index++)
            pixels[index] =
                magnitude > 0 ? between((float)values[index], -magnitude, magnitude) : ZERO;
        counted->magnitudes[filter] = magnitude;
    }
}

/* The weight of a convolution; NULL for other layers. */
static const struct parameter *filters_of(struct network *network, size_t layer)
{
    size_t index = network_layer_weight(network, layer);
    if (index == network_parameter_count(network))
        return NULL;
    const struct parameter *weight = network_parameter(network, index);
    return weight->rank == NETWORK_RANK_MAX ? weight : NULL;
}

static bool study_allocate(struct counted_study *counted, const struct parameter *weight,
                           struct error *err)
{
    struct study *study = &counted->study;
    counted->map_pixels = memory_array(shape_size(study->maps), 1, err);
    if (!counted->map_pixels)
        return false;
    study->map_pixels = counted->map_pixels;
    if (!weight)
        return true;
    study->filters = weight->sizes[0];
    study->inputs = weight->sizes[1];
    study->kernel = weight->sizes[2];
    counted->filter_pixels = memory_array(weight->count, 1, err);
    counted->magnitudes = memory_array(study->filters, sizeof *counted->magnitudes, err);
    study->filter_pixels = counted->filter_pixels;
    study->magnitudes = counted->magnitudes;
    return counted->filter_pixels && counted->magnitudes;
}

const struct study *study_create(struct network *network, const struct probe *probe,
                                 const struct observation *subject, uint64_t step,
                                 struct error *err)
{
    const struct parameter *weight = filters_of(network, subject->layer);
    struct counted_study *counted = memory_array(1, sizeof *counted, err);
    if (!counted)
        return NULL;
    atomic_init(&counted->references, 1);
    counted->study = (struct study){
        .subject = *subject,
        .step = step,
        .maps = network_layer_output_shape(network, subject->layer),
    };
    if (!study_allocate(counted, weight, err)) {
        study_free(counted);
        return NULL;
    }
    draw_maps(counted, probe_output(probe, subject->layer), shape_size(counted->study.maps));
    if (weight)
        draw_filters(counted, weight);
    return &counted->study;
}
