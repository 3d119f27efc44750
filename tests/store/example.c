// SPDX-License-Identifier: MIT
#include "example.h"

#include <stdlib.h>
#include <string.h>

void example_fill(struct example *example)
{
    *example = (struct example){
        .number = 0.1,
        .steps = {-1234567890123456789},
        .order = {2, -1, 2147483647},
        .bytes = {0, 1, 127, 128, 255},
        .facts = {{"program", "fmnist-tui"}, {"text", "a \"quoted\" \\ text, \xC3\xBC\n"}},
    };
    for (size_t item = 0; item < EXAMPLE_WEIGHTS; item++)
        example->weights[item] = (float)item / 8 - 3;
    const struct safetensors_tensor tensors[EXAMPLE_TENSORS] = {
        {"layer.0.weight", SAFETENSORS_F32, 4, {2, 3, 5, 2}, example->weights},
        {"bytes", SAFETENSORS_U8, 1, {5}, example->bytes},
        {"state.number", SAFETENSORS_F64, 0, {0}, &example->number},
        {"state.steps", SAFETENSORS_I64, 1, {1}, example->steps},
        {"order", SAFETENSORS_I32, 2, {1, 3}, example->order},
        {"nothing", SAFETENSORS_F32, 2, {0, 4}, example->nothing},
    };
    memcpy(example->tensors, tensors, sizeof tensors);
}

bool example_write(const struct example *example, const char *path, struct error *err)
{
    struct safetensors_draft *draft =
        safetensors_prepare(example->tensors, EXAMPLE_TENSORS, example->facts, EXAMPLE_FACTS, err);
    bool good = draft && safetensors_write(draft, path, err);
    safetensors_draft_destroy(draft);
    return good;
}

static bool tensor_is(const struct safetensors_tensor *tensor, size_t bytes,
                      const struct safetensors *file, struct error *err)
{
    unsigned char values[EXAMPLE_WEIGHTS * sizeof(float)] = {0};
    return safetensors_read_tensor(file, tensor->name, tensor->type, tensor->rank, tensor->sizes,
                                   values, err) &&
           memcmp(values, tensor->values, bytes) == 0;
}

bool example_is(const struct example *example, const struct safetensors *file, struct error *err)
{
    const size_t bytes[EXAMPLE_TENSORS] = {sizeof example->weights, sizeof example->bytes,
                                           sizeof example->number,  sizeof example->steps,
                                           sizeof example->order,   0};
    if (safetensors_count(file) != EXAMPLE_TENSORS)
        return false;
    for (size_t tensor = 0; tensor < EXAMPLE_TENSORS; tensor++)
        if (!tensor_is(&example->tensors[tensor], bytes[tensor], file, err))
            return false;
    for (size_t fact = 0; fact < EXAMPLE_FACTS; fact++) {
        const char *value = safetensors_fact(file, example->facts[fact].key);
        if (!value || strcmp(value, example->facts[fact].value) != 0)
            return false;
    }
    return true;
}
