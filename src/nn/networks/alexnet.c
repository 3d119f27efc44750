// SPDX-License-Identifier: MIT
/*
 * AlexNet (Krizhevsky, Sutskever, Hinton: "ImageNet classification with deep convolutional neural
 * networks", 2012) for 28x28 images: 7,954,122 parameters.
 */
#include "nn/networks/table.h"

/* clang-format off */
static const struct layer_spec ALEXNET_LAYERS[] = {
    {.kind = &LAYER_CONV, .name = "feature_extractor.0", .out = 96, .kernel = 5, .stride = 1, .padding = 2},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_MAX_POOL, .kernel = 3, .stride = 2},
    {.kind = &LAYER_LOCAL_RESPONSE_NORM},
    {.kind = &LAYER_CONV, .name = "feature_extractor.4", .out = 256, .kernel = 5, .stride = 1, .padding = 2},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_MAX_POOL, .kernel = 3, .stride = 2},
    {.kind = &LAYER_LOCAL_RESPONSE_NORM},
    {.kind = &LAYER_CONV, .name = "feature_extractor.8", .out = 384, .kernel = 3, .stride = 1, .padding = 1},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_CONV, .name = "feature_extractor.10", .out = 384, .kernel = 3, .stride = 1, .padding = 1},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_CONV, .name = "feature_extractor.12", .out = 256, .kernel = 3, .stride = 1, .padding = 1},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_MAX_POOL, .kernel = 3, .stride = 2},
    {.kind = &LAYER_LINEAR, .name = "classifier.0", .out = 4096},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_DROPOUT, .rate = 0.5},
    {.kind = &LAYER_LINEAR, .name = "classifier.3", .out = NETWORK_CLASSES},
};
/* clang-format on */

const struct network_spec NETWORK_ALEXNET = {
    .name = "alexnet",
    .title = "AlexNet",
    .input = {1, 28, 28},
    .layers = ALEXNET_LAYERS,
    .layer_count = sizeof ALEXNET_LAYERS / sizeof *ALEXNET_LAYERS,
};
