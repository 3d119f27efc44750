// SPDX-License-Identifier: MIT
/* Each kind of layer, alone and with neighbours, against PyTorch: forward and all gradients. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "formula.h"
#include "rig.h"

static const double TOLERANCE = 1e-5; /* of fixture_error() */

static size_t rig_output_size(const struct rig *rig)
{
    return shape_size(network_layer_output_shape(rig->network, rig->spec.layer_count - 1));
}

static void fill_input(const struct fixture *fixture, real *input, size_t count)
{
    uint32_t stream = fixture->salt * STREAMS_OF_SALT + STREAM_INPUT;
    for (size_t i = 0; i < count; i++) {
        double value = fixture->coarse ? hash_quarters(stream, i) : hash_uniform(stream, i);
        input[i] = (real)(value * fixture->gain);
    }
}

/* Sets up the layers of the case as a network. */
static void open_layers(struct rig *rig, const struct fixture *fixture)
{
    struct network_spec spec = {.name = fixture->name,
                                .title = fixture->name,
                                .input = fixture->input,
                                .layers = fixture->layers,
                                .layer_count = fixture->layer_count};
    rig_open(rig, (struct rig_settings){
                      .spec = &spec, .batch = fixture->batch, .threads = 2, .salt = fixture->salt});
    fill_input(fixture, network_input(rig->network), rig->batch * shape_size(fixture->input));
}

static bool agrees(const struct fixture *fixture, const char *kind, const char *name,
                   const real *values, size_t count)
{
    double error = fixture_error(fixture_find(fixture, kind, name), values, count);
    if (error <= TOLERANCE)
        return true;
    print_error("%s: %s %s is off by %.2g\n", fixture->name, kind, name ? name : "", error);
    return false;
}

static size_t compare_parameter_gradients(const struct fixture *fixture, struct rig *rig)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong +=
            !agrees(fixture, "gradient", parameter->name, parameter->gradient, parameter->count);
    }
    return wrong;
}

static size_t compare_layers(const struct fixture *fixture, struct rig *rig)
{
    size_t inputs = rig->batch * shape_size(fixture->input);
    size_t outputs = rig->batch * rig_output_size(rig);
    real *input_gradient = calloc(inputs, sizeof *input_gradient);
    real *output_gradient = calloc(outputs, sizeof *output_gradient);
    assert_true(input_gradient && output_gradient);
    for (size_t i = 0; i < outputs; i++)
        output_gradient[i] =
            (real)hash_uniform(fixture->salt * STREAMS_OF_SALT + STREAM_OUTPUT_GRADIENT, i);
    assert_true(network_forward(rig->network, rig->batch, NETWORK_TRAIN, 0));
    assert_true(network_backward_from(rig->network, rig->batch, output_gradient, input_gradient));
    size_t wrong = !agrees(fixture, "output", NULL, network_logits(rig->network), outputs);
    wrong += !agrees(fixture, "gradient", "input", input_gradient, inputs);
    wrong += compare_parameter_gradients(fixture, rig);
    free(output_gradient);
    free(input_gradient);
    return wrong;
}

static void layers_compute_what_pytorch_computes(void **state)
{
    (void)state;
    FILE *file = fixture_open("layers.txt");
    struct fixture *fixture = malloc(sizeof *fixture);
    assert_non_null(fixture);
    size_t wrong = 0, cases = 0;
    for (; fixture_read(file, fixture); cases++) {
        struct rig rig;
        open_layers(&rig, fixture);
        wrong += compare_layers(fixture, &rig);
        rig_close(&rig);
    }
    free(fixture);
    (void)fclose(file);
    assert_true(cases > 30);
    assert_int_equal(wrong, 0);
}

static void passes_leave_the_input_as_it_is(void **state)
{
    (void)state;
    FILE *file = fixture_open("layers.txt");
    struct fixture *fixture = malloc(sizeof *fixture);
    assert_non_null(fixture);
    while (fixture_read(file, fixture)) {
        struct rig rig;
        open_layers(&rig, fixture);
        size_t count = rig.batch * shape_size(fixture->input);
        real *gradient = calloc(rig.batch * rig_output_size(&rig), sizeof *gradient);
        real *before = malloc(count * sizeof *before);
        assert_true(gradient && before);
        memcpy(before, network_input(rig.network), count * sizeof *before);
        assert_true(network_forward(rig.network, rig.batch, NETWORK_TRAIN, 0));
        assert_true(network_backward_from(rig.network, rig.batch, gradient, NULL));
        assert_memory_equal(before, network_input(rig.network), count * sizeof *before);
        free(before);
        free(gradient);
        rig_close(&rig);
    }
    free(fixture);
    (void)fclose(file);
}

static void evaluation_computes_what_training_does_without_dropout(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig, (struct rig_settings){.spec = network_spec_find("alexnet"),
                                         .batch = 1,
                                         .threads = 2,
                                         .salt = 5,
                                         .no_dropout = true});
    real logits[NETWORK_CLASSES];
    assert_true(network_forward(rig.network, 1, NETWORK_TRAIN, 0));
    memcpy(logits, network_logits(rig.network), sizeof logits);
    assert_true(network_forward(rig.network, 1, NETWORK_EVALUATE, 0));
    assert_memory_equal(logits, network_logits(rig.network), sizeof logits);
    rig_close(&rig);
}

/* Builds a network of the one layer; returns whether that worked. */
static bool layer_fits(struct layer_spec layer, struct shape input, struct error *err)
{
    struct network_spec spec = {
        .name = "one", .title = "One", .input = input, .layers = &layer, .layer_count = 1};
    struct pool *pool = pool_create(1, err);
    assert_non_null(pool);
    struct network *network = network_create(&spec, 1, 0, ISA_REFERENCE, pool, err);
    network_destroy(network);
    pool_destroy(pool);
    return network;
}

static void windows_larger_than_the_image_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct shape input = {1, 4, 4};
    struct layer_spec conv = {.kind = &LAYER_CONV, .name = "a", .out = 1, .kernel = 5, .stride = 1};
    assert_false(layer_fits(conv, input, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    conv.padding = 1;
    assert_true(layer_fits(conv, input, &err));
    struct layer_spec pool = {.kind = &LAYER_MAX_POOL, .kernel = 5, .stride = 2};
    assert_false(layer_fits(pool, input, &err));
    pool.kind = &LAYER_AVERAGE_POOL;
    assert_false(layer_fits(pool, input, &err));
    pool.kernel = 4;
    assert_true(layer_fits(pool, input, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_compute_what_pytorch_computes),
        cmocka_unit_test(passes_leave_the_input_as_it_is),
        cmocka_unit_test(evaluation_computes_what_training_does_without_dropout),
        cmocka_unit_test(windows_larger_than_the_image_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
