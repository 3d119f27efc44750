// SPDX-License-Identifier: MIT
#include "fmnist/train/checkpoint.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The checkpoint is the first member, so that a pointer to it is one to this. */
struct counted_checkpoint {
    struct checkpoint checkpoint;
    atomic_size_t references;
    float *numbers; /* all arrays, one behind the other */
};

static struct counted_checkpoint *checkpoint_counted(const struct checkpoint *checkpoint)
{
    return (struct counted_checkpoint *)(uintptr_t)checkpoint;
}

/* Gives each parameter its part of the numbers. */
static void checkpoint_cut(struct checkpoint *checkpoint, const struct parameter *parameters,
                           float *numbers)
{
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct parameter *from = &parameters[index];
        struct checkpoint_parameter *to = &checkpoint->parameters[index];
        memcpy(to->name, from->name, sizeof to->name);
        memcpy(to->sizes, from->sizes, sizeof to->sizes);
        to->rank = from->rank;
        to->count = from->count;
        to->value = numbers;
        numbers += to->count;
        if (!checkpoint->whole)
            continue;
        to->first_moment = numbers;
        to->second_moment = numbers + to->count;
        numbers += 2 * to->count;
    }
}

static size_t count_numbers(const struct parameter *parameters, size_t count)
{
    size_t numbers = 0;
    for (size_t index = 0; index < count; index++)
        numbers += parameters[index].count;
    return numbers;
}

struct checkpoint *checkpoint_create(const struct network_spec *spec, bool whole, struct error *err)
{
    size_t count;
    struct parameter *parameters = network_spec_parameters(spec, &count, err);
    if (!parameters)
        return NULL;
    assert(count <= CHECKPOINT_PARAMETERS_MAX);
    struct counted_checkpoint *counted = memory_array(1, sizeof *counted, err);
    if (counted)
        counted->numbers = memory_array(count_numbers(parameters, count),
                                        (whole ? 3 : 1) * sizeof *counted->numbers, err);
    if (!counted || !counted->numbers) {
        free(counted);
        free(parameters);
        return NULL;
    }
    counted->checkpoint =
        (struct checkpoint){.spec = spec, .whole = whole, .accuracy = -1, .parameter_count = count};
    atomic_init(&counted->references, 1);
    checkpoint_cut(&counted->checkpoint, parameters, counted->numbers);
    free(parameters);
    return &counted->checkpoint;
}

const struct checkpoint *checkpoint_share(const struct checkpoint *checkpoint)
{
    if (checkpoint)
        atomic_fetch_add_explicit(&checkpoint_counted(checkpoint)->references, 1,
                                  memory_order_relaxed);
    return checkpoint;
}

void checkpoint_release(const struct checkpoint *checkpoint)
{
    if (!checkpoint || atomic_fetch_sub(&checkpoint_counted(checkpoint)->references, 1) > 1)
        return;
    free(checkpoint_counted(checkpoint)->numbers);
    free(checkpoint_counted(checkpoint));
}

static bool are_finite(const float *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(numbers[i]))
            return false;
    return true;
}

bool checkpoint_check_finite(const struct checkpoint *checkpoint, struct error *err)
{
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
        bool finite = are_finite(parameter->value, parameter->count);
        if (checkpoint->whole)
            finite = finite && are_finite(parameter->first_moment, parameter->count) &&
                     are_finite(parameter->second_moment, parameter->count);
        if (!finite) {
            error_set(err, ERROR_NUMBERS, "%s holds numbers that are not finite", parameter->name);
            return false;
        }
    }
    return true;
}
