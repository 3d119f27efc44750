// SPDX-License-Identifier: MIT
/* Anatomies and studies of a network small enough to work all figures out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "nn/layer.h"
#include "train/anatomist.h"

/* On a 2x2 image: three 1x1 filters, ReLU, two linear units, tanh. */
static const struct layer_spec LAYERS[] = {
    {.kind = &LAYER_CONV, .name = "filters", .out = 3, .kernel = 1, .stride = 1},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_LINEAR, .name = "units", .out = 2},
    {.kind = &LAYER_TANH},
};
static const struct network_spec SPEC = {
    .name = "small", .title = "Small", .input = {1, 2, 2}, .layers = LAYERS, .layer_count = 4};

enum { FILTERS, RELU, UNITS, TANH, IMAGE_SIZE = 4, IMAGES_MAX = 2 };

struct small {
    struct pool *pool;
    struct network *network;
    struct probe *probe;
};

static void set(struct network *network, size_t index, const real *values)
{
    struct parameter *parameter = network_parameter(network, index);
    memcpy(parameter->value, values, parameter->count * sizeof *values);
}

/* The filters copy the image, negate it, and give -1 everywhere; the units' outputs do not depend
 * on the image: one is near 1. */
static int open_small(void **state)
{
    static struct small small;
    static const real FILTER_WEIGHT[] = {1, -1, 0}, FILTER_BIAS[] = {0, 0, -1};
    static const real UNIT_WEIGHT[2 * 3 * IMAGE_SIZE] = {0}, UNIT_BIAS[] = {5, 0.5F};
    struct error err = {0};
    small.pool = pool_create(2, &err);
    small.network = network_create(&SPEC, 1, 1, ISA_REFERENCE, small.pool, &err);
    assert_non_null(small.network);
    set(small.network, 0, FILTER_WEIGHT);
    set(small.network, 1, FILTER_BIAS);
    set(small.network, 2, UNIT_WEIGHT);
    set(small.network, 3, UNIT_BIAS);
    small.probe = probe_create(small.network, IMAGES_MAX, &err);
    assert_non_null(small.probe);
    *state = &small;
    return 0;
}

static int close_small(void **state)
{
    struct small *small = *state;
    probe_destroy(small->probe);
    network_destroy(small->network);
    pool_destroy(small->pool);
    return 0;
}

static struct anatomy *describe(const struct small *small)
{
    struct anatomy *anatomy = anatomy_create(small->network, NULL);
    assert_non_null(anatomy);
    return anatomy;
}

static void send(const struct small *small, const real *images, size_t count)
{
    memcpy(probe_input(small->probe), images, count * IMAGE_SIZE * sizeof *images);
    assert_true(probe_forward(small->probe, count));
}

static void layers_are_described(void **state)
{
    struct anatomy *anatomy = describe(*state);
    assert_int_equal(anatomy->layer_count, 4);
    assert_string_equal(anatomy->layers[FILTERS].kind, "conv");
    assert_string_equal(anatomy->layers[FILTERS].name, "filters");
    assert_string_equal(anatomy->layers[RELU].name, "");
    assert_int_equal(anatomy->layers[FILTERS].weight_count, 6);
    assert_int_equal(anatomy->layers[RELU].weight_count, 0);
    assert_int_equal(anatomy->layers[UNITS].weight_count, 26);
    assert_true(anatomy->layers[FILTERS].filters && !anatomy->layers[UNITS].filters);
    assert_int_equal(anatomy->layers[RELU].output.channels, 3);
    assert_int_equal(anatomy->layers[RELU].output.height, 2);
    assert_int_equal(anatomy->layers[FILTERS].idleness, ANATOMY_NONE);
    assert_int_equal(anatomy->layers[RELU].idleness, ANATOMY_DEAD);
    assert_int_equal(anatomy->layers[TANH].idleness, ANATOMY_SATURATED);
    assert_int_equal(anatomy->norms_step, 0);
    assert_int_equal(anatomy->idle_images, 0);
    anatomy_release(anatomy);
}

static void weight_and_bias_make_one_norm(void **state)
{
    const struct small *small = *state;
    static const struct adam_norms NORMS[] = {
        {3, 30, 0.3}, {4, 40, 0.4}, {5, 50, 0.5}, {12, 120, 1.2}};
    struct anatomy *anatomy = describe(small);
    anatomy_set_norms(anatomy, small->network, NORMS, 7);
    assert_int_equal(anatomy->norms_step, 7);
    assert_true(anatomy->layers[FILTERS].norms.weights == 5);
    assert_true(anatomy->layers[FILTERS].norms.gradients == 50);
    assert_true(anatomy->layers[FILTERS].norms.updates == 0.5F);
    assert_true(anatomy->layers[UNITS].norms.weights == 13);
    assert_true(anatomy->layers[RELU].norms.weights == 0);
    anatomy_release(anatomy);
}

static void the_trend_keeps_every_second_sample_when_it_is_full(void **state)
{
    struct anatomy *anatomy = describe(*state);
    for (size_t sample = 0; sample < ANATOMY_TREND_MAX; sample++) {
        anatomy->layers[FILTERS].norms.weights = (float)sample;
        anatomy_add_trend(anatomy, false);
    }
    assert_int_equal(anatomy->trend_count, ANATOMY_TREND_MAX);
    anatomy->layers[FILTERS].norms.weights = ANATOMY_TREND_MAX;
    anatomy_add_trend(anatomy, true);
    assert_int_equal(anatomy->trend_count, ANATOMY_TREND_MAX / 2 + 1);
    for (size_t place = 0; place < anatomy->trend_count; place++)
        assert_true(anatomy->layers[FILTERS].trend[place].weights == (float)(2 * place));
    anatomy_release(anatomy);
}

static bool is_near(double seconds, double expected)
{
    return seconds > 0 && fabs(seconds - expected) <= 0.05 * expected;
}

/* Compares with the network's own times, which differ a little from reading to reading. */
static bool has_times_of(const struct anatomy *anatomy, const struct network *network, int steps)
{
    for (size_t layer = 0; layer < anatomy->layer_count; layer++) {
        struct layer_times times = network_layer_times(network, layer);
        double backward =
            times.seconds[LAYER_BACKWARD_DATA] + times.seconds[LAYER_BACKWARD_WEIGHTS];
        if (!is_near(anatomy->layers[layer].forward_seconds * steps,
                     times.seconds[LAYER_FORWARD]) ||
            !is_near(anatomy->layers[layer].backward_seconds * steps, backward))
            return false;
    }
    return true;
}

static void times_are_those_of_one_step(void **state)
{
    enum { STEPS = 4, READINGS = 100 };
    const struct small *small = *state;
    static const uint8_t LABELS[] = {1};
    struct network_loss loss;
    bool equal = false;
    network_reset_times(small->network);
    for (int step = 0; step < STEPS; step++)
        assert_true(network_train(small->network, 1, LABELS, 1, &loss));
    struct anatomy *anatomy = describe(small);
    for (int reading = 0; !equal && reading < READINGS; reading++) {
        anatomy_set_times(anatomy, small->network, STEPS);
        equal = has_times_of(anatomy, small->network, STEPS);
    }
    assert_true(equal);
    anatomy_release(anatomy);
}

static struct anatomy *take_census(const struct small *small, const real *images, size_t batches,
                                   size_t batch)
{
    struct anatomy *anatomy = describe(small);
    struct census census;
    assert_true(census_begin(&census, anatomy, NULL));
    for (size_t first = 0; first < batches; first++) {
        send(small, images + first * batch * IMAGE_SIZE, batch);
        census_count(&census, anatomy, small->probe, batch);
    }
    census_report(&census, anatomy, 9);
    census_end(&census);
    assert_int_equal(anatomy->idle_images, batches * batch);
    assert_int_equal(anatomy->idle_step, 9);
    return anatomy;
}

static void channels_that_are_zero_everywhere_are_dead(void **state)
{
    static const real POSITIVE[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const real MIXED[] = {1, 2, 3, 4, 5, 6, 7, -8};
    struct anatomy *two = take_census(*state, POSITIVE, 1, 2);
    assert_true(two->layers[RELU].idle == 2.0 / 3);
    anatomy_release(two);
    for (size_t batch = 1; batch <= 2; batch++) {
        struct anatomy *one = take_census(*state, MIXED, 2 / batch, batch);
        assert_true(one->layers[RELU].idle == 1.0 / 3);
        anatomy_release(one);
    }
}

static void outputs_near_one_are_saturated(void **state)
{
    const struct small *small = *state;
    static const real IMAGE[] = {1, 2, 3, 4};
    static const real NEGATIVE[] = {-5, -2}, SMALL[] = {2.08F, 2.1F}; /* tanh: .9692, .9705 */
    struct anatomy *anatomy = take_census(small, IMAGE, 1, 1);
    assert_true(anatomy->layers[TANH].idle == 0.5);
    anatomy_release(anatomy);
    set(small->network, 3, NEGATIVE);
    anatomy = take_census(small, IMAGE, 1, 1);
    assert_true(anatomy->layers[TANH].idle == 0.5); /* tanh(-2) = -.9640 */
    anatomy_release(anatomy);
    set(small->network, 3, SMALL);
    anatomy = take_census(small, IMAGE, 1, 1);
    assert_true(anatomy->layers[TANH].idle == 0.5);
    anatomy_release(anatomy);
}

static const struct study *look(const struct small *small, size_t layer, const real *image)
{
    const struct observation subject = {.opened = true, .layer = layer, .image = 3};
    send(small, image, 1);
    const struct study *study = study_create(small->network, small->probe, &subject, 11, NULL);
    assert_non_null(study);
    assert_true(observation_equal(&study->subject, &subject));
    assert_int_equal(study->step, 11);
    return study;
}

static void maps_reach_from_the_least_to_the_greatest_value(void **state)
{
    static const real IMAGE[] = {6, -4, -2, 4};
    /* the image, its negative, and -1: from -6 to 6 */
    static const uint8_t EXPECTED[] = {255, 43, 85, 213, 0, 213, 170, 43, 106, 106, 106, 106};
    const struct study *study = look(*state, FILTERS, IMAGE);
    assert_true(study->low == -6 && study->high == 6);
    assert_int_equal(shape_size(study->maps), sizeof EXPECTED);
    assert_memory_equal(study->map_pixels, EXPECTED, sizeof EXPECTED);
    study_release(study);
}

static void filters_reach_as_far_to_both_sides(void **state)
{
    const struct small *small = *state;
    static const real IMAGE[] = {1, 2, 3, 4};
    static const uint8_t EXPECTED[] = {255, 0, 128}; /* 1, -1, nothing but 0 */
    const struct study *study = look(small, FILTERS, IMAGE);
    assert_int_equal(study->filters, 3);
    assert_int_equal(study->inputs, 1);
    assert_int_equal(study->kernel, 1);
    assert_memory_equal(study->filter_pixels, EXPECTED, sizeof EXPECTED);
    assert_true(study->magnitudes[0] == 1 && study->magnitudes[2] == 0);
    study_release(study);
    study = look(small, UNITS, IMAGE);
    assert_int_equal(study->filters, 0);
    assert_int_equal(study->maps.channels, 2);
    study_release(study);
}

static void what_is_no_number_gets_no_tone_and_sets_no_scale(void **state)
{
    static const real IMAGE[] = {NAN, INFINITY, 2, 1};
    const struct study *study = look(*state, RELU, IMAGE);
    assert_true(study->low == 0 && study->high == 2);
    assert_int_equal(study->map_pixels[0], 0);
    assert_int_equal(study->map_pixels[1], 255);
    assert_int_equal(study->map_pixels[2], 255);
    assert_int_equal(study->map_pixels[3], 128);
    study_release(study);
}

int main(void)
{
#define SMALL_TEST(name) cmocka_unit_test_setup_teardown(name, open_small, close_small)
    const struct CMUnitTest tests[] = {
        SMALL_TEST(layers_are_described),
        SMALL_TEST(weight_and_bias_make_one_norm),
        SMALL_TEST(the_trend_keeps_every_second_sample_when_it_is_full),
        SMALL_TEST(times_are_those_of_one_step),
        SMALL_TEST(channels_that_are_zero_everywhere_are_dead),
        SMALL_TEST(outputs_near_one_are_saturated),
        SMALL_TEST(maps_reach_from_the_least_to_the_greatest_value),
        SMALL_TEST(filters_reach_as_far_to_both_sides),
        SMALL_TEST(what_is_no_number_gets_no_tone_and_sets_no_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
