// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formula.h"

/* The kind of layer of that name. */
static const struct layer_kind *find_kind(const char *name)
{
    static const struct layer_kind *const KINDS[] = {
        &LAYER_CONV,         &LAYER_LINEAR,   &LAYER_TANH,
        &LAYER_RELU,         &LAYER_MAX_POOL, &LAYER_LOCAL_RESPONSE_NORM,
        &LAYER_AVERAGE_POOL,
    };
    for (size_t number = 0; number < sizeof KINDS / sizeof *KINDS; number++) {
        if (strcmp(KINDS[number]->name, name) == 0)
            return KINDS[number];
    }
    fail_msg("fixture with a layer of unknown kind \"%s\"", name);
    return NULL;
}

FILE *fixture_open(const char *name)
{
    const char *source = getenv("FMNIST_SOURCE");
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/tests/nn/fixtures/%s", source ? source : ".", name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s (FMNIST_SOURCE names the source tree)", path);
    return file;
}

static void read_layer(FILE *file, struct fixture *fixture)
{
    char kind[FIXTURE_NAME_SIZE];
    assert_true(fixture->layer_count < FIXTURE_LAYERS_MAX);
    struct layer_spec *layer = &fixture->layers[fixture->layer_count];
    char *name = fixture->layer_names[fixture->layer_count++];
    *layer = (struct layer_spec){.name = name};
    assert_int_equal(fscanf(file, "%63s %63s %zu %zu %zu %zu", kind, name, &layer->out,
                            &layer->kernel, &layer->stride, &layer->padding),
                     6);
    layer->kind = find_kind(kind);
}

static void read_numbers(FILE *file, double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(fscanf(file, "%lf", &numbers[i]), 1);
}

static void read_tensor(FILE *file, struct fixture *fixture)
{
    assert_true(fixture->tensor_count < FIXTURE_TENSORS_MAX);
    struct fixture_tensor *tensor = &fixture->tensors[fixture->tensor_count++];
    assert_int_equal(fscanf(file, "%63s %zu %zu", tensor->name, &tensor->count, &tensor->stored),
                     3);
    assert_true(tensor->stored > 0 && tensor->stored <= FIXTURE_NUMBERS_MAX);
    if (tensor->stored < tensor->count) {
        read_numbers(file, &tensor->sum, 1);
        read_numbers(file, &tensor->absolute_sum, 1);
        read_numbers(file, &tensor->norm, 1);
        read_numbers(file, tensor->projections, FIXTURE_PROJECTIONS);
    }
    read_numbers(file, tensor->elements, tensor->stored);
}

/* Reads the rest of a case's first line. */
static void read_facts(FILE *file, struct fixture *fixture)
{
    int coarse;
    fixture->layer_count = fixture->tensor_count = 0;
    assert_int_equal(
        fscanf(file, "%63s salt %" SCNu32 " batch %zu input %zu %zu %zu gain %lf coarse %d",
               fixture->name, &fixture->salt, &fixture->batch, &fixture->input.channels,
               &fixture->input.height, &fixture->input.width, &fixture->gain, &coarse),
        8);
    fixture->coarse = coarse;
}

bool fixture_read(FILE *file, struct fixture *fixture)
{
    char word[FIXTURE_NAME_SIZE];
    while (fscanf(file, "%63s", word) == 1) {
        if (word[0] == '#')
            (void)fscanf(file, "%*[^\n]");
        else if (strcmp(word, "case") == 0)
            read_facts(file, fixture);
        else if (strcmp(word, "layer") == 0)
            read_layer(file, fixture);
        else if (strcmp(word, "tensor") == 0)
            read_tensor(file, fixture);
        else if (strcmp(word, "end") == 0)
            return true;
        else
            fail_msg("fixture with unknown word \"%s\"", word);
    }
    assert_true(feof(file));
    return false;
}

const struct fixture_tensor *fixture_find(const struct fixture *fixture, const char *kind,
                                          const char *name)
{
    char whole[FIXTURE_NAME_SIZE];
    (void)snprintf(whole, sizeof whole, "%s%s%s", kind, name ? "/" : "", name ? name : "");
    for (size_t index = 0; index < fixture->tensor_count; index++) {
        if (strcmp(fixture->tensors[index].name, whole) == 0)
            return &fixture->tensors[index];
    }
    fail_msg("%s: the fixture has no tensor \"%s\"", fixture->name, whole);
    return NULL;
}

size_t fixture_sample_position(size_t count, size_t stored, size_t sample)
{
    if (stored == count)
        return sample;
    size_t stretch = count / stored;
    return sample * stretch + hash_bits(STREAM_SAMPLE, sample) % stretch;
}

static double worse(double error, double difference, double scale)
{
    double relative = fabs(difference) / (scale > 0 ? scale : 1);
    return relative >= 0 ? fmax(error, relative) : INFINITY;
}

static double elements_error(const struct fixture_tensor *tensor, const real *values)
{
    double error = 0, largest = 0;
    for (size_t sample = 0; sample < tensor->stored; sample++)
        largest = fmax(largest, fabs(tensor->elements[sample]));
    for (size_t sample = 0; sample < tensor->stored; sample++) {
        size_t position = fixture_sample_position(tensor->count, tensor->stored, sample);
        error = worse(error, (double)values[position] - tensor->elements[sample], largest);
    }
    return error;
}

static double sums_error(const struct fixture_tensor *tensor, const real *values)
{
    double sum = 0, absolute_sum = 0, squares = 0, projections[FIXTURE_PROJECTIONS] = {0};
    for (size_t i = 0; i < tensor->count; i++) {
        double value = (double)values[i];
        sum += value;
        absolute_sum += fabs(value);
        squares += value * value;
        for (uint32_t number = 0; number < FIXTURE_PROJECTIONS; number++)
            projections[number] += value * hash_uniform(STREAM_PROJECTION + number, i);
    }
    double error = worse(0, sum - tensor->sum, tensor->absolute_sum);
    error = worse(error, absolute_sum - tensor->absolute_sum, tensor->absolute_sum);
    error = worse(error, sqrt(squares) - tensor->norm, tensor->norm);
    for (size_t number = 0; number < FIXTURE_PROJECTIONS; number++)
        error = worse(error, projections[number] - tensor->projections[number], tensor->norm);
    return error;
}

double fixture_error(const struct fixture_tensor *tensor, const real *values, size_t count)
{
    assert_int_equal(count, tensor->count);
    double error = elements_error(tensor, values);
    return tensor->stored < count ? fmax(error, sums_error(tensor, values)) : error;
}
