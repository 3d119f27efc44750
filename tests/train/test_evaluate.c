// SPDX-License-Identifier: MIT
/* Evaluations of a network outside of a training. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fmnist/nn/loss.h"
#include "fmnist/train/evaluate.h"

enum { SEED = 3 };

/* What all tests use; the group's state. */
struct rig {
    struct dataset *dataset;
    const struct image_set *test;
    struct pool *pool;
};

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    rig->dataset = dataset_load_sample(NULL);
    rig->pool = pool_create(2, NULL);
    if (!rig->dataset || !rig->pool)
        return -1;
    rig->test = dataset_test(rig->dataset);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    pool_destroy(rig->pool);
    dataset_destroy(rig->dataset);
    free(rig);
    return 0;
}

static struct network *make_network(const struct rig *rig, size_t max_batch)
{
    struct network *network =
        network_create(network_spec_find("lenet"), max_batch, SEED, isa_best(), rig->pool, NULL);
    assert_non_null(network);
    return network;
}

static void take_fraction(void *context, double fraction)
{
    double *last = context;
    assert_true(fraction > *last && fraction <= 1);
    *last = fraction;
}

static void every_image_is_answered_once(void **state)
{
    const struct rig *rig = *state;
    struct network *network = make_network(rig, 300); /* the last batch is smaller */
    double last = 0;
    const struct evaluate_task task = {.part = EVALUATION_TEST,
                                       .set = rig->test,
                                       .count = rig->test->count,
                                       .progress = take_fraction,
                                       .context = &last};
    const struct evaluation *evaluation = evaluate_network(network, &task, NULL);
    assert_non_null(evaluation);
    assert_true(last >= 1);
    assert_int_equal(evaluation->part, EVALUATION_TEST);
    assert_int_equal(evaluation->count, rig->test->count);
    size_t correct = 0;
    double loss = 0;
    for (size_t image = 0; image < evaluation->count; image++) {
        uint8_t label = rig->test->labels[image];
        assert_int_equal(evaluation->images[image], image);
        assert_int_equal(evaluation->labels[image], label);
        correct += evaluation->predicted[image] == label;
        loss -= log((double)evaluation->probabilities[image * DATASET_CLASSES + label]);
    }
    assert_int_equal(evaluation->correct, correct);
    assert_in_range(correct, 1, evaluation->count - 1); /* new weights guess */
    assert_true(fabs(evaluation->loss - loss / (double)evaluation->count) < 1e-5);
    evaluation_release(evaluation);
    network_destroy(network);
}

static void chosen_images_are_answered_in_their_order(void **state)
{
    const struct rig *rig = *state;
    struct network *network = make_network(rig, 100);
    const uint32_t indices[] = {999, 0, 500};
    const struct evaluate_task task = {
        .part = EVALUATION_VALIDATION, .set = rig->test, .indices = indices, .count = 3};
    const struct evaluation *evaluation = evaluate_network(network, &task, NULL);
    assert_non_null(evaluation);
    for (size_t place = 0; place < 3; place++) {
        float alone[DATASET_CLASSES];
        const uint8_t *pixels = rig->test->pixels + (size_t)indices[place] * DATASET_PIXELS;
        assert_int_equal(evaluation->images[place], indices[place]);
        assert_int_equal(evaluation->labels[place], rig->test->labels[indices[place]]);
        assert_true(evaluate_images(network, pixels, 1, alone, NULL));
        softmax(alone, 1, DATASET_CLASSES, alone);
        for (size_t label = 0; label < DATASET_CLASSES; label++)
            assert_float_equal(alone[label],
                               evaluation->probabilities[place * DATASET_CLASSES + label], 1e-6);
    }
    evaluation_release(evaluation);
    network_destroy(network);
}

static void more_images_than_a_batch_takes_are_answered_alike(void **state)
{
    const struct rig *rig = *state;
    enum { COUNT = 25 };
    float by_seven[COUNT * DATASET_CLASSES], at_once[COUNT * DATASET_CLASSES];
    struct network *small = make_network(rig, 7), *large = make_network(rig, COUNT);
    assert_true(evaluate_images(small, rig->test->pixels, COUNT, by_seven, NULL));
    assert_true(evaluate_images(large, rig->test->pixels, COUNT, at_once, NULL));
    for (size_t logit = 0; logit < COUNT * DATASET_CLASSES; logit++)
        assert_float_equal(by_seven[logit], at_once[logit], 1e-6);
    assert_memory_not_equal(by_seven, by_seven + DATASET_CLASSES,
                            DATASET_CLASSES * sizeof *by_seven);
    network_destroy(small);
    network_destroy(large);
}

static void outputs_that_are_not_finite_are_an_error(void **state)
{
    const struct rig *rig = *state;
    struct network *network = make_network(rig, 10);
    struct error err = {0};
    float logits[DATASET_CLASSES];
    const struct evaluate_task task = {.part = EVALUATION_TEST, .set = rig->test, .count = 10};
    network_parameter(network, network_parameter_count(network) - 1)->value[0] = NAN;
    assert_null(evaluate_network(network, &task, &err));
    assert_int_equal(err.code, ERROR_NUMBERS);
    err = (struct error){0};
    assert_false(evaluate_images(network, rig->test->pixels, 1, logits, &err));
    assert_int_equal(err.code, ERROR_NUMBERS);
    network_destroy(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_image_is_answered_once),
        cmocka_unit_test(chosen_images_are_answered_in_their_order),
        cmocka_unit_test(more_images_than_a_batch_takes_are_answered_alike),
        cmocka_unit_test(outputs_that_are_not_finite_are_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
