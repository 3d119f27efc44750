// SPDX-License-Identifier: MIT
/*
 * LeNet-5 (LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document
 * recognition", 1998) for 28x28 images: 44,426 parameters.
 */
#include "nn/networks/table.h"

static const struct layer_spec LENET_LAYERS[] = {
    {.kind = &LAYER_CONV, .name = "feature_extractor.0", .out = 6, .kernel = 5, .stride = 1},
    {.kind = &LAYER_TANH},
    {.kind = &LAYER_AVERAGE_POOL, .kernel = 2, .stride = 2},
    {.kind = &LAYER_CONV, .name = "feature_extractor.3", .out = 16, .kernel = 5, .stride = 1},
    {.kind = &LAYER_TANH},
    {.kind = &LAYER_AVERAGE_POOL, .kernel = 2, .stride = 2},
    {.kind = &LAYER_CONV, .name = "feature_extractor.6", .out = 120, .kernel = 4, .stride = 1},
    {.kind = &LAYER_TANH},
    {.kind = &LAYER_LINEAR, .name = "classifier.0", .out = 84},
    {.kind = &LAYER_TANH},
    {.kind = &LAYER_LINEAR, .name = "classifier.2", .out = NETWORK_CLASSES},
};

const struct network_spec NETWORK_LENET = {
    .name = "lenet",
    .title = "LeNet-5",
    .input = {1, 28, 28},
    .layers = LENET_LAYERS,
    .layer_count = sizeof LENET_LAYERS / sizeof *LENET_LAYERS,
};
