// SPDX-License-Identifier: MIT
#include "formula.h"

#include <math.h>

/* Wellons' lowbias32. */
static uint32_t mix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7FEB352D;
    x ^= x >> 15;
    x *= 0x846CA68B;
    return x ^ x >> 16;
}

uint32_t hash_bits(uint32_t stream, size_t index)
{
    return mix((uint32_t)index + mix(stream));
}

double hash_uniform(uint32_t stream, size_t index)
{
    return (double)(hash_bits(stream, index) >> 8) * 0x1p-23 - 1;
}

double hash_quarters(uint32_t stream, size_t index)
{
    return (double)(hash_bits(stream, index) >> 29) / 4 - 1;
}

void formula_images(uint32_t salt, size_t batch, real *pixels)
{
    for (size_t i = 0; i < batch * 28 * 28; i++)
        pixels[i] = (real)(hash_bits(salt * STREAMS_OF_SALT + STREAM_INPUT, i) >> 8) / 0x1p24F;
}

void formula_labels(uint32_t salt, size_t batch, uint8_t *labels)
{
    for (size_t image = 0; image < batch; image++)
        labels[image] =
            (uint8_t)(hash_bits(salt * STREAMS_OF_SALT + STREAM_LABELS, image) % NETWORK_CLASSES);
}

void formula_parameters(uint32_t salt, struct network *network)
{
    for (size_t index = 0; index < network_parameter_count(network); index++) {
        struct parameter *parameter = network_parameter(network, index);
        uint32_t stream = salt * STREAMS_OF_SALT + (uint32_t)index;
        double scale = 1 / sqrt((double)parameter->fan_in);
        for (size_t i = 0; i < parameter->count; i++)
            parameter->value[i] = (float)(hash_uniform(stream, i) * scale);
    }
}
