// SPDX-License-Identifier: MIT
#include "staged_layers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fmnist/base/pool.h"
#include "train/anatomist.h"

enum { MODELS = 2, SAMPLES = 40, IDLE_IMAGES = 64, INPUTS_OF_FIRST = 1 };

struct staged_layers {
    struct anatomy *anatomies[MODELS];
    struct study study;
    uint8_t *map_pixels, *filter_pixels;
    float *magnitudes;
};

static struct anatomy_norms norms_at(size_t layer, size_t sample)
{
    float past = (float)sample / SAMPLES, scale = 1 + (float)layer / 4;
    return (struct anatomy_norms){
        .weights = scale * (2 + past * past),
        .gradients = scale / (1 + 4 * past),
        .updates = scale * (0.002F + 0.001F * (float)(sample % 5)),
    };
}

/* Seconds that sum up to some nine tenths of the step. */
static void set_times(struct anatomy *anatomy)
{
    double sum = 0;
    for (size_t number = 0; number < anatomy->layer_count; number++)
        sum += 1 + (double)anatomy->layers[number].weight_count;
    anatomy->step_seconds = anatomy->layer_count > 11 ? 0.3125 : 0.0015;
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        struct anatomy_layer *layer = &anatomy->layers[number];
        double part = (1 + (double)layer->weight_count) / sum * 0.9;
        layer->forward_seconds = anatomy->step_seconds * part / 4;
        layer->backward_seconds = anatomy->step_seconds * part * 3 / 4;
    }
}

/* As where kernels compute a convolution together with what follows it. */
static void fuse(struct anatomy *anatomy, size_t first, size_t count)
{
    for (size_t number = first; number < first + count; number++) {
        struct anatomy_layer *layer = &anatomy->layers[number];
        layer->stage = first;
        if (number > first)
            layer->forward_seconds = layer->backward_seconds = 0;
    }
}

static void fill(struct anatomy *anatomy, uint64_t step)
{
    anatomy->norms_step = step;
    anatomy->idle_step = step;
    anatomy->idle_images = IDLE_IMAGES;
    anatomy->trend_count = SAMPLES;
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        struct anatomy_layer *layer = &anatomy->layers[number];
        if (layer->idleness != ANATOMY_NONE)
            layer->idle = 0.015 * (double)number;
        if (layer->weight_count == 0)
            continue;
        for (size_t sample = 0; sample < SAMPLES; sample++)
            layer->trend[sample] = norms_at(number, sample);
        layer->norms = layer->trend[SAMPLES - 1];
    }
    set_times(anatomy);
}

static struct anatomy *make_anatomy(const char *name, uint64_t step)
{
    struct error err = {0};
    struct pool *pool = pool_create(1, &err);
    assert_non_null(pool);
    struct network *network =
        network_create(network_spec_find(name), 1, 1, ISA_REFERENCE, pool, &err);
    assert_non_null(network);
    struct anatomy *anatomy = anatomy_create(network, &err);
    assert_non_null(anatomy);
    network_destroy(network);
    pool_destroy(pool);
    fill(anatomy, step);
    return anatomy;
}

struct staged_layers *staged_layers_create(struct staged *staged)
{
    struct staged_layers *layers = calloc(1, sizeof *layers);
    assert_non_null(layers);
    for (size_t model = 0; model < MODELS; model++) {
        struct learner_snapshot *learner = &staged->snapshot.learners[model];
        learner->anatomy = layers->anatomies[model] = make_anatomy(learner->name, learner->step);
        for (size_t layer = 0; layer < learner->anatomy->layer_count; layer++)
            learner->weight_count += learner->anatomy->layers[layer].weight_count;
    }
    fuse(layers->anatomies[1], 0, 4);
    fuse(layers->anatomies[1], 4, 4);
    return layers;
}

static void free_study(struct staged_layers *layers)
{
    free(layers->map_pixels);
    free(layers->filter_pixels);
    free(layers->magnitudes);
    layers->map_pixels = layers->filter_pixels = NULL;
    layers->magnitudes = NULL;
}

/* A picture that differs from channel to channel. */
static uint8_t *make_pixels(size_t count, size_t height, size_t width)
{
    uint8_t *pixels = malloc(count * height * width);
    assert_non_null(pixels);
    for (size_t image = 0; image < count; image++)
        for (size_t place = 0; place < height * width; place++) {
            size_t row = place / width, column = place % width;
            size_t tone =
                (image % 2 ? row : column) * 255 / (image % 2 ? height : width) + 37 * image;
            pixels[image * height * width + place] = (uint8_t)tone;
        }
    return pixels;
}

/* Channels that come into a layer. */
static size_t inputs_of(const struct anatomy *anatomy, size_t layer)
{
    return layer == 0 ? INPUTS_OF_FIRST : anatomy->layers[layer - 1].output.channels;
}

static void stage_filters(struct staged_layers *layers, const struct anatomy *anatomy,
                          size_t number)
{
    const struct anatomy_layer *layer = &anatomy->layers[number];
    struct study *study = &layers->study;
    size_t weights = layer->weight_count - layer->output.channels;
    study->filters = layer->output.channels;
    study->inputs = inputs_of(anatomy, number);
    study->kernel = 1;
    while (study->kernel * study->kernel * study->inputs * study->filters < weights)
        study->kernel++;
    study->filter_pixels = layers->filter_pixels =
        make_pixels(study->filters * study->inputs, study->kernel, study->kernel);
    layers->magnitudes = calloc(study->filters, sizeof *layers->magnitudes);
    assert_non_null(layers->magnitudes);
    for (size_t filter = 0; filter < study->filters; filter++)
        layers->magnitudes[filter] = 0.25F + (float)filter / 64;
    study->magnitudes = layers->magnitudes;
}

void staged_layers_study(struct staged_layers *layers, struct staged *staged,
                         const struct observation *subject)
{
    struct learner_snapshot *learner = &staged->snapshot.learners[staged->snapshot.active];
    const struct anatomy *anatomy = learner->anatomy;
    learner->study = NULL;
    free_study(layers);
    if (!subject->opened)
        return;
    layers->study = (struct study){
        .subject = *subject,
        .step = learner->step,
        .maps = anatomy->layers[subject->layer].output,
        .low = -0.75F,
        .high = 2.5F,
    };
    struct shape maps = layers->study.maps;
    layers->study.map_pixels = layers->map_pixels =
        make_pixels(maps.channels, maps.height, maps.width);
    if (anatomy->layers[subject->layer].filters)
        stage_filters(layers, anatomy, subject->layer);
    learner->study = &layers->study;
}

void staged_layers_destroy(struct staged_layers *layers, struct staged *staged)
{
    for (size_t model = 0; model < MODELS; model++) {
        staged->snapshot.learners[model].anatomy = NULL;
        staged->snapshot.learners[model].study = NULL;
        anatomy_release(layers->anatomies[model]);
    }
    free_study(layers);
    free(layers);
}
