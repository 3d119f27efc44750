// SPDX-License-Identifier: MIT
/* Softmax and cross-entropy, also at the edges of the numbers. */
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

enum { CLASSES = 10, BATCH = 7 };

static void fill_logits(real *logits, double scale)
{
    for (size_t i = 0; i < BATCH * CLASSES; i++)
        logits[i] = (real)(hash_uniform(1, i) * scale);
}

/* -log softmax(row)[label] in double precision. */
static double row_loss(const real *row, size_t label)
{
    double max = -INFINITY, sum = 0;
    for (size_t column = 0; column < CLASSES; column++)
        max = fmax(max, (double)row[column]);
    for (size_t column = 0; column < CLASSES; column++)
        sum += exp((double)row[column] - max);
    return log(sum) + max - (double)row[label];
}

static void softmax_gives_probabilities(void **state)
{
    (void)state;
    real logits[BATCH * CLASSES], probabilities[BATCH * CLASSES];
    fill_logits(logits, 5);
    softmax(logits, BATCH, CLASSES, probabilities);
    for (size_t image = 0; image < BATCH; image++) {
        double sum = 0;
        for (size_t column = 0; column < CLASSES; column++) {
            double probability = (double)probabilities[image * CLASSES + column];
            double expected = exp(-row_loss(logits + image * CLASSES, column));
            assert_true(fabs(probability - expected) <= 1e-6 * expected);
            sum += probability;
        }
        assert_true(fabs(sum - 1) < 1e-6);
    }
}

static void softmax_works_in_place(void **state)
{
    (void)state;
    real logits[BATCH * CLASSES], probabilities[BATCH * CLASSES];
    fill_logits(logits, 5);
    softmax(logits, BATCH, CLASSES, probabilities);
    softmax(logits, BATCH, CLASSES, logits);
    assert_memory_equal(logits, probabilities, sizeof logits);
}

static void softmax_of_the_largest_finite_numbers_stays_finite(void **state)
{
    (void)state;
    const real largest = (real)3e38;
    real logits[4] = {largest, -largest, 0, largest};
    softmax(logits, 1, 4, logits);
    assert_true(logits[0] == (real)0.5 && logits[3] == (real)0.5);
    assert_true(logits[1] == 0 && logits[2] == 0);
    real equal[3] = {-largest, -largest, -largest};
    softmax(equal, 1, 3, equal);
    assert_true(fabs((double)equal[0] - 1.0 / 3) < 1e-7);
}

static void cross_entropy_is_the_mean_over_the_batch(void **state)
{
    (void)state;
    real logits[BATCH * CLASSES];
    uint8_t labels[BATCH];
    double expected = 0;
    size_t correct = 0;
    fill_logits(logits, 8);
    formula_labels(2, BATCH, labels);
    labels[3] = 5;
    logits[3 * CLASSES + 5] = 20;
    for (size_t image = 0; image < BATCH; image++) {
        const real *row = logits + image * CLASSES;
        size_t best = 0;
        for (size_t column = 1; column < CLASSES; column++)
            best = row[column] > row[best] ? column : best;
        correct += best == labels[image];
        expected += row_loss(row, labels[image]) / BATCH;
    }
    struct network_loss loss;
    cross_entropy(logits, labels, BATCH, CLASSES, NULL, &loss);
    assert_true(fabs(loss.loss - expected) < 1e-6 * expected);
    assert_int_equal(loss.correct, correct);
    assert_true(correct > 0 && correct < BATCH);
}

static void gradient_is_probability_minus_target_over_the_batch(void **state)
{
    (void)state;
    real logits[BATCH * CLASSES], gradient[BATCH * CLASSES];
    uint8_t labels[BATCH];
    struct network_loss loss;
    fill_logits(logits, 3);
    formula_labels(2, BATCH, labels);
    cross_entropy(logits, labels, BATCH, CLASSES, gradient, &loss);
    for (size_t image = 0; image < BATCH; image++) {
        for (size_t column = 0; column < CLASSES; column++) {
            double probability = exp(-row_loss(logits + image * CLASSES, column));
            double expected = (probability - (column == labels[image])) / BATCH;
            assert_true(fabs((double)gradient[image * CLASSES + column] - expected) < 1e-7);
        }
    }
}

static void certainty_costs_nothing_and_error_its_distance(void **state)
{
    (void)state;
    real logits[3] = {1000, -1000, 0}, gradient[3];
    struct network_loss loss;
    cross_entropy(logits, (const uint8_t[]){0}, 1, 3, gradient, &loss);
    assert_true(loss.loss == 0);
    assert_int_equal(loss.correct, 1);
    assert_true(gradient[0] == 0 && gradient[1] == 0 && gradient[2] == 0);
    cross_entropy(logits, (const uint8_t[]){1}, 1, 3, gradient, &loss);
    assert_true(loss.loss == 2000);
    assert_int_equal(loss.correct, 0);
    assert_true(gradient[0] == 1 && gradient[1] == -1 && gradient[2] == 0);
}

static void equal_logits_cost_the_logarithm_of_the_classes(void **state)
{
    (void)state;
    static const double LEVELS[] = {0, 1000, -1e30, 1e30};
    for (size_t number = 0; number < sizeof LEVELS / sizeof *LEVELS; number++) {
        real logits[CLASSES];
        struct network_loss loss;
        for (size_t column = 0; column < CLASSES; column++)
            logits[column] = (real)LEVELS[number];
        cross_entropy(logits, (const uint8_t[]){9}, 1, CLASSES, NULL, &loss);
        assert_true(fabs(loss.loss - log(CLASSES)) < 1e-6);
    }
}

static void small_losses_of_large_logits_keep_their_digits(void **state)
{
    (void)state;
    const real logits[3] = {5010, 5000, 5000};
    struct network_loss loss;
    cross_entropy(logits, (const uint8_t[]){0}, 1, 3, NULL, &loss);
    assert_true(fabs(loss.loss - log(1 + 2 * exp(-10))) < 2e-7);
}

/* The results for a row of zeros with NaN at `place`, beside a sound row. */
static void check_nan_at(size_t place)
{
    real logits[2 * CLASSES] = {0}, gradient[2 * CLASSES];
    struct network_loss loss;
    logits[place] = (real)NAN;
    cross_entropy(logits, (const uint8_t[]){4, 4}, 2, CLASSES, gradient, &loss);
    assert_true(isnan(loss.loss));
    assert_true(isnan(gradient[4]) && isfinite(gradient[CLASSES + 4]));
    softmax(logits, 2, CLASSES, logits);
    assert_true(isnan(logits[0]) && isnan(logits[CLASSES - 1]) && isfinite(logits[CLASSES]));
}

static void nan_in_any_logit_gives_nan(void **state)
{
    (void)state;
    for (size_t place = 0; place < CLASSES; place++)
        check_nan_at(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_gives_probabilities),
        cmocka_unit_test(softmax_works_in_place),
        cmocka_unit_test(softmax_of_the_largest_finite_numbers_stays_finite),
        cmocka_unit_test(cross_entropy_is_the_mean_over_the_batch),
        cmocka_unit_test(gradient_is_probability_minus_target_over_the_batch),
        cmocka_unit_test(certainty_costs_nothing_and_error_its_distance),
        cmocka_unit_test(equal_logits_cost_the_logarithm_of_the_classes),
        cmocka_unit_test(small_losses_of_large_logits_keep_their_digits),
        cmocka_unit_test(nan_in_any_logit_gives_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
