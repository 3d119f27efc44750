// SPDX-License-Identifier: MIT
/*
 * Gradients against central differences (f(x + h) - f(x - h)) / 2h, with the engine built in double
 * precision. Inputs of layers with kinks (ReLU, max pooling) are multiples of a step much larger
 * than h, so that no difference reaches over a kink.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fmnist/nn/loss.h"
#include "formula.h"
#include "rig.h"

_Static_assert(sizeof(real) == sizeof(double), "this test needs the engine in double precision");

/* Largest difference of a gradient's elements over its largest magnitude. */
static const double LAYER_TOLERANCE = 1e-8, NETWORK_TOLERANCE = 1e-6;

/* A function of the network's numbers whose gradient is known. */
struct function {
    struct rig rig;
    double (*value)(struct function *function);
    double step;                 /* h */
    const real *output_gradient; /* for weighted_output() */
    size_t outputs;
};

/* Sum of all outputs times their weights in output_gradient. */
static double weighted_output(struct function *function)
{
    struct rig *rig = &function->rig;
    assert_true(network_forward(rig->network, rig->batch, NETWORK_TRAIN, rig->step));
    const real *output = network_logits(rig->network);
    double sum = 0;
    for (size_t i = 0; i < function->outputs; i++)
        sum += output[i] * function->output_gradient[i];
    return sum;
}

static double training_loss(struct function *function)
{
    struct rig *rig = &function->rig;
    struct network_loss loss;
    assert_true(network_forward(rig->network, rig->batch, NETWORK_TRAIN, rig->step));
    cross_entropy(network_logits(rig->network), rig->labels, rig->batch, NETWORK_CLASSES, NULL,
                  &loss);
    return loss.loss;
}

static double central_difference(struct function *function, real *place)
{
    real before = *place;
    *place = before + function->step;
    double above = function->value(function);
    *place = before - function->step;
    double below = function->value(function);
    *place = before;
    return (above - below) / (2 * function->step);
}

/* The largest error of `gradient` at every stride-th of the places, relative to its largest
 * element. */
static double gradient_error(struct function *function, real *places, const real *gradient,
                             size_t count, size_t samples)
{
    double largest = 0, error = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(gradient[i]));
    if (samples > count)
        samples = count;
    for (size_t sample = 0; sample < samples; sample++) {
        size_t stretch = count / samples;
        size_t i = sample * stretch + hash_bits(STREAM_SAMPLE, sample) % stretch;
        double difference = fabs(central_difference(function, &places[i]) - gradient[i]);
        error = fmax(error, isnan(difference) ? INFINITY : difference);
    }
    return largest > 0 ? error / largest : INFINITY;
}

static size_t check_parameters(struct function *function, const char *title, size_t samples,
                               double tolerance)
{
    struct network *network = function->rig.network;
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(network); index++) {
        struct parameter *parameter = network_parameter(network, index);
        double error = gradient_error(function, parameter->value, parameter->gradient,
                                      parameter->count, samples);
        if (error <= tolerance)
            continue;
        print_error("%s: gradient of %s is off by %.2g\n", title, parameter->name, error);
        wrong++;
    }
    return wrong;
}

struct layer_case {
    const char *title;
    struct shape input;
    double gain; /* inputs lie in [-gain, gain] */
    struct layer_spec layers[4];
    size_t layer_count;
};

#define CONV(out_, kernel_, stride_, padding_)                                                     \
    {                                                                                              \
        .kind = &LAYER_CONV, .name = "conv", .out = (out_), .kernel = (kernel_),                   \
        .stride = (stride_), .padding = (padding_)                                                 \
    }

static const struct layer_case LAYER_CASES[] = {
    {"conv 5x5", {3, 9, 7}, 1, {CONV(4, 5, 1, 0)}, 1},
    {"conv 5x5, padding 2", {3, 7, 5}, 1, {CONV(4, 5, 1, 2)}, 1},
    {"conv 3x3, stride 2, padding 1", {2, 7, 8}, 1, {CONV(3, 3, 2, 1)}, 1},
    {"conv 4x4 to a point", {5, 4, 4}, 1, {CONV(7, 4, 1, 0)}, 1},
    {"linear", {3, 5, 4}, 1, {{.kind = &LAYER_LINEAR, .name = "linear", .out = 9}}, 1},
    {"tanh", {3, 5, 4}, 2, {{.kind = &LAYER_TANH}}, 1},
    {"relu", {3, 5, 4}, 1, {{.kind = &LAYER_RELU}}, 1},
    {"average_pool", {3, 7, 6}, 1, {{.kind = &LAYER_AVERAGE_POOL, .kernel = 2, .stride = 2}}, 1},
    {"max_pool 3x3", {3, 9, 7}, 1, {{.kind = &LAYER_MAX_POOL, .kernel = 3, .stride = 2}}, 1},
    {"max_pool 2x2", {3, 5, 6}, 1, {{.kind = &LAYER_MAX_POOL, .kernel = 2, .stride = 2}}, 1},
    {"local_response_norm of 1", {1, 3, 3}, 300, {{.kind = &LAYER_LOCAL_RESPONSE_NORM}}, 1},
    {"local_response_norm of 4", {4, 3, 2}, 300, {{.kind = &LAYER_LOCAL_RESPONSE_NORM}}, 1},
    {"local_response_norm of 12", {12, 3, 2}, 300, {{.kind = &LAYER_LOCAL_RESPONSE_NORM}}, 1},
    {"dropout", {7, 3, 2}, 1, {{.kind = &LAYER_DROPOUT, .rate = 0.3}}, 1},
    {"conv, tanh, dropout, linear",
     {2, 6, 6},
     1,
     {CONV(3, 3, 1, 0),
      {.kind = &LAYER_TANH},
      {.kind = &LAYER_DROPOUT, .rate = 0.5},
      {.kind = &LAYER_LINEAR, .name = "linear", .out = 4}},
     4},
};

enum { LAYER_BATCH = 18 }; /* more than one image for some chunks */

/* All values are different, and different from zero, by more than the differences' step. */
static void fill_input(real *input, size_t count, double gain)
{
    const size_t prime = 7919; /* no input has a multiple of this size: i -> i * prime % count is a
                                  permutation */
    assert_int_not_equal(count % prime, 0);
    for (size_t i = 0; i < count; i++) {
        double position = (double)(i * prime % count) + 0.25;
        input[i] = gain * (2 * position / (double)count - 1);
    }
}

static real *hashed_output_gradient(size_t outputs)
{
    real *gradient = calloc(outputs, sizeof *gradient);
    assert_non_null(gradient);
    for (size_t i = 0; i < outputs; i++)
        gradient[i] = hash_uniform(STREAM_OUTPUT_GRADIENT, i);
    return gradient;
}

static size_t check_layer(const struct layer_case *layer_case)
{
    struct network_spec spec = {.name = "case",
                                .title = layer_case->title,
                                .input = layer_case->input,
                                .layers = layer_case->layers,
                                .layer_count = layer_case->layer_count};
    struct function function = {.value = weighted_output, .step = 2e-5 * layer_case->gain};
    struct rig *rig = &function.rig;
    rig_open(rig,
             (struct rig_settings){.spec = &spec, .batch = LAYER_BATCH, .threads = 1, .salt = 11});
    size_t inputs = rig->batch * shape_size(spec.input);
    fill_input(network_input(rig->network), inputs, layer_case->gain);
    function.outputs =
        rig->batch *
        shape_size(network_layer_output_shape(rig->network, layer_case->layer_count - 1));
    real *output_gradient = hashed_output_gradient(function.outputs);
    real *input_gradient = calloc(inputs, sizeof *input_gradient);
    assert_non_null(input_gradient);
    function.output_gradient = output_gradient;
    (void)weighted_output(&function);
    assert_true(network_backward_from(rig->network, rig->batch, output_gradient, input_gradient));
    size_t wrong = check_parameters(&function, layer_case->title, SIZE_MAX, LAYER_TOLERANCE);
    double error =
        gradient_error(&function, network_input(rig->network), input_gradient, inputs, SIZE_MAX);
    if (error > LAYER_TOLERANCE) {
        print_error("%s: gradient of the input is off by %.2g\n", layer_case->title, error);
        wrong++;
    }
    free(input_gradient);
    free(output_gradient);
    rig_close(rig);
    return wrong;
}

static void gradients_of_every_kind_of_layer_are_the_slopes(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t number = 0; number < sizeof LAYER_CASES / sizeof *LAYER_CASES; number++)
        wrong += check_layer(&LAYER_CASES[number]);
    assert_int_equal(wrong, 0);
}

/* Checks a sample of each parameter of a network in training, dropout included. */
static void check_network(const char *name, size_t batch, size_t samples, double step)
{
    struct function function = {.value = training_loss, .step = step};
    struct rig *rig = &function.rig;
    rig_open(rig, (struct rig_settings){
                      .spec = network_spec_find(name), .batch = batch, .threads = 2, .salt = 1});
    assert_true(rig_pass(rig));
    assert_int_equal(check_parameters(&function, name, samples, NETWORK_TOLERANCE), 0);
    rig_close(rig);
}

static void gradients_of_lenet_are_the_slopes_of_its_loss(void **state)
{
    (void)state;
    check_network("lenet", 3, 40, 1e-4);
}

static void gradients_of_alexnet_are_the_slopes_of_its_loss(void **state)
{
    (void)state;
    check_network("alexnet", 1, 5, 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_of_every_kind_of_layer_are_the_slopes),
        cmocka_unit_test(gradients_of_lenet_are_the_slopes_of_its_loss),
        cmocka_unit_test(gradients_of_alexnet_are_the_slopes_of_its_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
