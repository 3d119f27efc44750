// SPDX-License-Identifier: MIT
#include "fmnist/train/anatomy.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "train/anatomist.h"

/* The anatomy is the first member, so that a pointer to it is one to this. */
struct counted_anatomy {
    struct anatomy anatomy;
    atomic_size_t references;
    char *texts; /* names of the layers, where they are no constants */
};

static struct counted_anatomy *anatomy_counted(const struct anatomy *anatomy)
{
    return (struct counted_anatomy *)(uintptr_t)anatomy;
}

struct anatomy *anatomy_copy(const struct anatomy *before, struct error *err)
{
    struct counted_anatomy *counted = memory_array(1, sizeof *counted, err);
    if (!counted)
        return NULL;
    counted->anatomy = *before;
    atomic_init(&counted->references, 1);
    return &counted->anatomy;
}

const struct anatomy *anatomy_share(const struct anatomy *anatomy)
{
    if (anatomy)
        atomic_fetch_add_explicit(&anatomy_counted(anatomy)->references, 1, memory_order_relaxed);
    return anatomy;
}

void anatomy_release(const struct anatomy *anatomy)
{
    if (!anatomy || atomic_fetch_sub(&anatomy_counted(anatomy)->references, 1) > 1)
        return;
    free(anatomy_counted(anatomy)->texts);
    free(anatomy_counted(anatomy));
}

/* Copies a text to *end, and moves that on. */
static const char *keep_text(char **end, const char *text)
{
    char *copy = *end;
    (void)snprintf(copy, NETWORK_NAME_SIZE, "%s", text);
    *end += NETWORK_NAME_SIZE;
    return copy;
}

const struct anatomy *anatomy_restore(const struct anatomy *kept, struct error *err)
{
    struct anatomy *anatomy = anatomy_copy(kept, err);
    if (!anatomy)
        return NULL;
    char *text = memory_array(2 * kept->layer_count, NETWORK_NAME_SIZE, err);
    if (!text) {
        anatomy_release(anatomy);
        return NULL;
    }
    anatomy_counted(anatomy)->texts = text;
    for (size_t number = 0; number < kept->layer_count; number++) {
        anatomy->layers[number].kind = keep_text(&text, kept->layers[number].kind);
        anatomy->layers[number].name = keep_text(&text, kept->layers[number].name);
    }
    return anatomy;
}

const struct anatomy *anatomy_with_census(const struct anatomy *anatomy,
                                          const struct anatomy *census, struct error *err)
{
    if (anatomy->layer_count != census->layer_count) {
        error_set(err, ERROR_FORMAT, "%zu layers, not %zu", anatomy->layer_count,
                  census->layer_count);
        return NULL;
    }
    struct anatomy *merged = memory_array(1, sizeof *merged, err);
    if (!merged)
        return NULL;
    *merged = *anatomy;
    merged->idle_step = census->idle_step;
    merged->idle_images = census->idle_images;
    for (size_t number = 0; number < merged->layer_count; number++) {
        merged->layers[number].idleness = census->layers[number].idleness;
        merged->layers[number].idle = census->layers[number].idle;
    }
    const struct anatomy *restored = anatomy_restore(merged, err);
    free(merged);
    return restored;
}

static void describe_layer(struct anatomy_layer *layer, struct network *network, size_t number)
{
    size_t weight = network_layer_weight(network, number);
    layer->kind = network_layer_kind(network, number);
    layer->name = network_layer_name(network, number);
    layer->output = network_layer_output_shape(network, number);
    layer->stage = network_layer_times(network, number).stage;
    if (weight < network_parameter_count(network)) {
        const struct parameter *parameter = network_parameter(network, weight);
        layer->weight_count = parameter->count + network_parameter(network, weight + 1)->count;
        layer->filters = parameter->rank == NETWORK_RANK_MAX;
    }
    if (strcmp(layer->kind, "relu") == 0)
        layer->idleness = ANATOMY_DEAD;
    else if (strcmp(layer->kind, "tanh") == 0)
        layer->idleness = ANATOMY_SATURATED;
}

struct anatomy *anatomy_create(struct network *network, struct error *err)
{
    static const struct anatomy empty;
    if (network_layer_count(network) > ANATOMY_LAYERS_MAX) {
        error_set(err, ERROR_USAGE, "%s: more than %d layers",
                  network_spec_title(network_get_spec(network)), ANATOMY_LAYERS_MAX);
        return NULL;
    }
    struct anatomy *anatomy = anatomy_copy(&empty, err);
    if (!anatomy)
        return NULL;
    anatomy->layer_count = network_layer_count(network);
    for (size_t number = 0; number < anatomy->layer_count; number++)
        describe_layer(&anatomy->layers[number], network, number);
    return anatomy;
}

void anatomy_set_norms(struct anatomy *anatomy, const struct network *network,
                       const struct adam_norms *norms, uint64_t step)
{
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        size_t weight = network_layer_weight(network, number);
        if (weight == network_parameter_count(network))
            continue;
        const struct adam_norms *of_weight = &norms[weight], *of_bias = &norms[weight + 1];
        anatomy->layers[number].norms = (struct anatomy_norms){
            .weights = (float)hypot(of_weight->value, of_bias->value),
            .gradients = (float)hypot(of_weight->gradient, of_bias->gradient),
            .updates = (float)hypot(of_weight->update, of_bias->update),
        };
    }
    anatomy->norms_step = step;
}

void anatomy_add_trend(struct anatomy *anatomy, bool thin)
{
    size_t count = anatomy->trend_count;
    size_t kept = thin ? count / 2 : count;
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        struct anatomy_layer *layer = &anatomy->layers[number];
        for (size_t place = 0; thin && place < kept; place++)
            layer->trend[place] = layer->trend[2 * place];
        if (kept < ANATOMY_TREND_MAX)
            layer->trend[kept] = layer->norms;
    }
    anatomy->trend_count = kept < ANATOMY_TREND_MAX ? kept + 1 : kept;
}

void anatomy_set_times(struct anatomy *anatomy, const struct network *network, size_t steps)
{
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        struct anatomy_layer *layer = &anatomy->layers[number];
        struct layer_times times = network_layer_times(network, number);
        layer->stage = times.stage;
        layer->forward_seconds = times.seconds[LAYER_FORWARD] / (double)steps;
        layer->backward_seconds =
            (times.seconds[LAYER_BACKWARD_DATA] + times.seconds[LAYER_BACKWARD_WEIGHTS]) /
            (double)steps;
    }
}

bool census_begin(struct census *census, const struct anatomy *anatomy, struct error *err)
{
    size_t channels = 0;
    for (size_t number = 0; number < anatomy->layer_count; number++)
        channels += anatomy->layers[number].output.channels;
    *census = (struct census){.alive = memory_array(channels, 1, err)};
    return census->alive;
}

static size_t count_saturated(const real *output, size_t count)
{
    size_t saturated = 0;
    for (size_t index = 0; index < count; index++)
        saturated += fabs((double)output[index]) > ANATOMY_SATURATION;
    return saturated;
}

/* Marks the channels with any place above 0 in any image. */
static void mark_alive(unsigned char *alive, struct shape shape, const real *output, size_t batch)
{
    size_t places = shape.height * shape.width;
    for (size_t plane = 0; plane < batch * shape.channels; plane++) {
        size_t place = 0;
        while (place < places && !(output[plane * places + place] > 0))
            place++;
        if (place < places)
            alive[plane % shape.channels] = 1;
    }
}

void census_count(struct census *census, const struct anatomy *anatomy, const struct probe *probe,
                  size_t batch)
{
    unsigned char *alive = census->alive;
    census->images += batch;
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        const struct anatomy_layer *layer = &anatomy->layers[number];
        const real *output = probe_output(probe, number);
        if (layer->idleness == ANATOMY_SATURATED)
            census->saturated[number] += count_saturated(output, batch * shape_size(layer->output));
        else if (layer->idleness == ANATOMY_DEAD)
            mark_alive(alive, layer->output, output, batch);
        alive += layer->output.channels;
    }
}

static size_t count_dead(const unsigned char *alive, size_t channels)
{
    size_t dead = 0;
    for (size_t channel = 0; channel < channels; channel++)
        dead += !alive[channel];
    return dead;
}

void census_report(const struct census *census, struct anatomy *anatomy, uint64_t step)
{
    const unsigned char *alive = census->alive;
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        struct anatomy_layer *layer = &anatomy->layers[number];
        size_t outputs = census->images * shape_size(layer->output);
        if (layer->idleness == ANATOMY_SATURATED)
            layer->idle = (double)census->saturated[number] / (double)outputs;
        else if (layer->idleness == ANATOMY_DEAD)
            layer->idle =
                (double)count_dead(alive, layer->output.channels) / (double)layer->output.channels;
        alive += layer->output.channels;
    }
    anatomy->idle_images = census->images;
    anatomy->idle_step = step;
}

void census_end(struct census *census)
{
    free(census->alive);
    *census = (struct census){0};
}
