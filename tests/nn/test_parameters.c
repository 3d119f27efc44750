// SPDX-License-Identifier: MIT
/* The networks' tables, and the names, shapes and initial values of their parameters. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fmnist/nn/network.h"

struct expected_layer {
    const char *kind, *name;
    struct shape output;
};

struct expected_parameter {
    const char *name;
    size_t rank, sizes[NETWORK_RANK_MAX], fan_in;
};

static const struct expected_layer LENET_LAYERS[] = {
    {"conv", "feature_extractor.0", {6, 24, 24}},
    {"tanh", "", {6, 24, 24}},
    {"average_pool", "", {6, 12, 12}},
    {"conv", "feature_extractor.3", {16, 8, 8}},
    {"tanh", "", {16, 8, 8}},
    {"average_pool", "", {16, 4, 4}},
    {"conv", "feature_extractor.6", {120, 1, 1}},
    {"tanh", "", {120, 1, 1}},
    {"linear", "classifier.0", {84, 1, 1}},
    {"tanh", "", {84, 1, 1}},
    {"linear", "classifier.2", {10, 1, 1}},
};

static const struct expected_parameter LENET_PARAMETERS[] = {
    {"feature_extractor.0.weight", 4, {6, 1, 5, 5}, 25},
    {"feature_extractor.0.bias", 1, {6}, 25},
    {"feature_extractor.3.weight", 4, {16, 6, 5, 5}, 150},
    {"feature_extractor.3.bias", 1, {16}, 150},
    {"feature_extractor.6.weight", 4, {120, 16, 4, 4}, 256},
    {"feature_extractor.6.bias", 1, {120}, 256},
    {"classifier.0.weight", 2, {84, 120}, 120},
    {"classifier.0.bias", 1, {84}, 120},
    {"classifier.2.weight", 2, {10, 84}, 84},
    {"classifier.2.bias", 1, {10}, 84},
};

static const struct expected_layer ALEXNET_LAYERS[] = {
    {"conv", "feature_extractor.0", {96, 28, 28}},
    {"relu", "", {96, 28, 28}},
    {"max_pool", "", {96, 13, 13}},
    {"local_response_norm", "", {96, 13, 13}},
    {"conv", "feature_extractor.4", {256, 13, 13}},
    {"relu", "", {256, 13, 13}},
    {"max_pool", "", {256, 6, 6}},
    {"local_response_norm", "", {256, 6, 6}},
    {"conv", "feature_extractor.8", {384, 6, 6}},
    {"relu", "", {384, 6, 6}},
    {"conv", "feature_extractor.10", {384, 6, 6}},
    {"relu", "", {384, 6, 6}},
    {"conv", "feature_extractor.12", {256, 6, 6}},
    {"relu", "", {256, 6, 6}},
    {"max_pool", "", {256, 2, 2}},
    {"linear", "classifier.0", {4096, 1, 1}},
    {"relu", "", {4096, 1, 1}},
    {"dropout", "", {4096, 1, 1}},
    {"linear", "classifier.3", {10, 1, 1}},
};

static const struct expected_parameter ALEXNET_PARAMETERS[] = {
    {"feature_extractor.0.weight", 4, {96, 1, 5, 5}, 25},
    {"feature_extractor.0.bias", 1, {96}, 25},
    {"feature_extractor.4.weight", 4, {256, 96, 5, 5}, 2400},
    {"feature_extractor.4.bias", 1, {256}, 2400},
    {"feature_extractor.8.weight", 4, {384, 256, 3, 3}, 2304},
    {"feature_extractor.8.bias", 1, {384}, 2304},
    {"feature_extractor.10.weight", 4, {384, 384, 3, 3}, 3456},
    {"feature_extractor.10.bias", 1, {384}, 3456},
    {"feature_extractor.12.weight", 4, {256, 384, 3, 3}, 3456},
    {"feature_extractor.12.bias", 1, {256}, 3456},
    {"classifier.0.weight", 2, {4096, 1024}, 1024},
    {"classifier.0.bias", 1, {4096}, 1024},
    {"classifier.3.weight", 2, {10, 4096}, 4096},
    {"classifier.3.bias", 1, {10}, 4096},
};

struct built {
    struct pool *pool;
    struct network *network;
};

static struct built build(const char *name, uint64_t seed)
{
    struct error err = {0};
    struct built built = {.pool = pool_create(2, &err)};
    assert_non_null(built.pool);
    built.network = network_create(network_spec_find(name), 1, seed, isa_best(), built.pool, &err);
    assert_non_null(built.network);
    return built;
}

static void built_free(struct built built)
{
    network_destroy(built.network);
    pool_destroy(built.pool);
}

static void check_layers(struct network *network, const struct expected_layer *expected,
                         size_t count)
{
    assert_int_equal(network_layer_count(network), count);
    for (size_t layer = 0; layer < count; layer++) {
        struct shape output = network_layer_output_shape(network, layer);
        assert_string_equal(network_layer_kind(network, layer), expected[layer].kind);
        assert_string_equal(network_layer_name(network, layer), expected[layer].name);
        assert_int_equal(output.channels, expected[layer].output.channels);
        assert_int_equal(output.height, expected[layer].output.height);
        assert_int_equal(output.width, expected[layer].output.width);
    }
}

static void check_parameters(struct network *network, const struct expected_parameter *expected,
                             size_t count)
{
    assert_int_equal(network_parameter_count(network), count);
    for (size_t index = 0; index < count; index++) {
        const struct parameter *parameter = network_parameter(network, index);
        assert_string_equal(parameter->name, expected[index].name);
        assert_int_equal(parameter->rank, expected[index].rank);
        assert_int_equal(parameter->fan_in, expected[index].fan_in);
        size_t product = 1;
        for (size_t dimension = 0; dimension < parameter->rank; dimension++) {
            assert_int_equal(parameter->sizes[dimension], expected[index].sizes[dimension]);
            product *= parameter->sizes[dimension];
        }
        assert_int_equal(parameter->count, product);
    }
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void lenet_has_the_layers_and_parameters_of_its_table(void **state)
{
    (void)state;
    struct built built = build("lenet", 1);
    check_layers(built.network, LENET_LAYERS, COUNT(LENET_LAYERS));
    check_parameters(built.network, LENET_PARAMETERS, COUNT(LENET_PARAMETERS));
    assert_int_equal(network_weight_count(built.network), 44426);
    assert_string_equal(network_spec_title(network_get_spec(built.network)), "LeNet-5");
    built_free(built);
}

static void alexnet_has_the_layers_and_parameters_of_its_table(void **state)
{
    (void)state;
    struct built built = build("alexnet", 1);
    check_layers(built.network, ALEXNET_LAYERS, COUNT(ALEXNET_LAYERS));
    check_parameters(built.network, ALEXNET_PARAMETERS, COUNT(ALEXNET_PARAMETERS));
    assert_int_equal(network_weight_count(built.network), 7954122);
    assert_string_equal(network_spec_title(network_get_spec(built.network)), "AlexNet");
    built_free(built);
}

static void networks_are_found_by_name_and_number(void **state)
{
    (void)state;
    assert_true(network_spec_count() >= 2);
    for (size_t number = 0; number < network_spec_count(); number++) {
        const struct network_spec *spec = network_spec_at(number);
        assert_non_null(spec);
        assert_ptr_equal(network_spec_find(network_spec_name(spec)), spec);
        assert_int_equal(network_spec_number(spec), number);
    }
    assert_null(network_spec_at(network_spec_count()));
    assert_null(network_spec_find("resnet"));
    assert_null(network_spec_find(""));
}

static void batches_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct pool *pool = pool_create(1, &err);
    assert_non_null(pool);
    const struct network_spec *lenet = network_spec_find("lenet");
    assert_null(network_create(lenet, 0, 1, isa_best(), pool, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_null(network_create(lenet, NETWORK_BATCH_MAX + 1, 1, isa_best(), pool, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_null(network_create(lenet, SIZE_MAX, 1, isa_best(), pool, &err));
    pool_destroy(pool);
}

/* Mean and variance of a uniform distribution, to five standard errors; a sample's variance has
 * the variance (E x^4 - sigma^4) / n = 4/45 bound^4 / n. */
static void check_distribution(const struct parameter *parameter)
{
    double bound = 1 / sqrt((double)parameter->fan_in), count = (double)parameter->count;
    double sum = 0, squares = 0, largest = 0;
    for (size_t i = 0; i < parameter->count; i++) {
        double value = (double)parameter->value[i];
        sum += value;
        squares += value * value;
        largest = fmax(largest, fabs(value));
    }
    assert_true(largest <= bound * (1 + 1e-6));
    assert_true(largest >= bound * (1 - 20 / count)); /* missed with probability e^-20 */
    assert_true(fabs(sum / count) < 5 * bound / sqrt(3 * count));
    assert_true(fabs(squares / count - bound * bound / 3) <
                5 * bound * bound * sqrt(4.0 / 45 / count));
}

static void initial_weights_are_uniform_within_their_bounds(void **state)
{
    (void)state;
    for (size_t number = 0; number < network_spec_count(); number++) {
        struct built built = build(network_spec_name(network_spec_at(number)), 42);
        for (size_t index = 0; index < network_parameter_count(built.network); index++)
            check_distribution(network_parameter(built.network, index));
        built_free(built);
    }
}

static bool same_values(struct network *a, struct network *b)
{
    bool same = true;
    for (size_t index = 0; index < network_parameter_count(a); index++) {
        const struct parameter *one = network_parameter(a, index);
        const struct parameter *other = network_parameter(b, index);
        same = same && memcmp(one->value, other->value, one->count * sizeof(real)) == 0;
    }
    return same;
}

static void initial_weights_are_a_function_of_the_seed(void **state)
{
    (void)state;
    struct built one = build("lenet", 7), other = build("lenet", 7);
    assert_true(same_values(one.network, other.network));
    network_reset(other.network, 8);
    assert_false(same_values(one.network, other.network));
    network_reset(other.network, UINT64_C(7) << 32 | 7);
    assert_false(same_values(one.network, other.network));
    network_reset(other.network, 7);
    assert_true(same_values(one.network, other.network));
    built_free(other);
    built_free(one);
}

static void parameters_of_one_network_have_weights_of_their_own(void **state)
{
    (void)state;
    struct built built = build("lenet", 7);
    for (size_t index = 1; index < network_parameter_count(built.network); index++) {
        const struct parameter *before = network_parameter(built.network, index - 1);
        const struct parameter *parameter = network_parameter(built.network, index);
        double scale = sqrt((double)parameter->fan_in / (double)before->fan_in);
        assert_true(fabs((double)parameter->value[0] * scale - (double)before->value[0]) > 1e-6);
    }
    built_free(built);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_has_the_layers_and_parameters_of_its_table),
        cmocka_unit_test(alexnet_has_the_layers_and_parameters_of_its_table),
        cmocka_unit_test(networks_are_found_by_name_and_number),
        cmocka_unit_test(batches_that_cannot_be_are_refused),
        cmocka_unit_test(initial_weights_are_uniform_within_their_bounds),
        cmocka_unit_test(initial_weights_are_a_function_of_the_seed),
        cmocka_unit_test(parameters_of_one_network_have_weights_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
