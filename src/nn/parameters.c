// SPDX-License-Identifier: MIT
/* What a network's table says of shapes and parameters, before anything is built from it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "nn/layer.h"

bool layers_shape(const struct network_spec *spec, struct layer *layers, struct error *err)
{
    struct shape shape = spec->input;
    for (size_t number = 0; number < spec->layer_count; number++) {
        struct layer *layer = &layers[number];
        layer->spec = &spec->layers[number];
        layer->number = number;
        layer->in = shape;
        layer->out = shape = layer->spec->kind->output_shape(layer->spec, shape);
        if (shape_size(shape) == 0) {
            error_set(err, ERROR_USAGE, "%s: layer %zu (%s) does not fit its input", spec->title,
                      number + 1, layer->spec->kind->name);
            return false;
        }
    }
    return true;
}

static void parameter_finish(struct parameter *parameter, const char *layer, const char *role)
{
    (void)snprintf(parameter->name, sizeof parameter->name, "%s.%s", layer, role);
    parameter->count = 1;
    for (size_t dimension = 0; dimension < parameter->rank; dimension++)
        parameter->count *= parameter->sizes[dimension];
    parameter->end = parameter->count;
}

size_t layers_describe(const struct network_spec *spec, struct layer *layers,
                       struct parameter *parameters)
{
    size_t count = 0;
    for (size_t number = 0; number < spec->layer_count; number++) {
        struct layer *layer = &layers[number];
        if (!layer->spec->kind->parameters)
            continue;
        layer->weight = &parameters[count++];
        layer->bias = &parameters[count++];
        layer->spec->kind->parameters(layer->spec, layer->in, layer->weight, layer->bias);
        parameter_finish(layer->weight, layer->spec->name, "weight");
        parameter_finish(layer->bias, layer->spec->name, "bias");
    }
    return count;
}

struct parameter *network_spec_parameters(const struct network_spec *spec, size_t *count,
                                          struct error *err)
{
    struct layer *layers = memory_array(spec->layer_count, sizeof *layers, err);
    struct parameter *parameters = memory_array(2 * spec->layer_count, sizeof *parameters, err);
    if (!layers || !parameters || !layers_shape(spec, layers, err)) {
        free(parameters);
        parameters = NULL;
    } else {
        *count = layers_describe(spec, layers, parameters);
    }
    free(layers);
    return parameters;
}
