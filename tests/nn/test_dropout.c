// SPDX-License-Identifier: MIT
/* Dropout, seen through a network whose layers around it are set up to show the mask. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

enum { FEATURES = 10007, BATCH = 19 };

/* The tables' rates; each is exact in binary but for 0.1. */
static const double RATES[] = {0, 0.1, 0.5, 0.75};

/* A layer of dropout alone, on an input of ones. */
struct sieve {
    struct rig rig;
    struct layer_spec layer;
};

static void sieve_open(struct sieve *sieve, double rate, unsigned threads, uint32_t seed)
{
    sieve->layer = (struct layer_spec){.kind = &LAYER_DROPOUT, .rate = rate};
    struct network_spec spec = {.name = "sieve",
                                .title = "Sieve",
                                .input = {FEATURES, 1, 1},
                                .layers = &sieve->layer,
                                .layer_count = 1};
    rig_open(&sieve->rig, (struct rig_settings){
                              .spec = &spec, .batch = BATCH, .threads = threads, .salt = seed});
    for (size_t i = 0; i < (size_t)BATCH * FEATURES; i++)
        network_input(sieve->rig.network)[i] = 1;
}

/* The mask of a step: what becomes of the ones. For the caller to free(). */
static real *sieve_mask(struct sieve *sieve, uint64_t step)
{
    real *mask = malloc((size_t)BATCH * FEATURES * sizeof *mask);
    assert_non_null(mask);
    assert_true(network_forward(sieve->rig.network, BATCH, NETWORK_TRAIN, step));
    memcpy(mask, network_logits(sieve->rig.network), (size_t)BATCH * FEATURES * sizeof *mask);
    return mask;
}

/* How many of `count` elements are zero; every other must be `scale`. */
static size_t count_dropped(const real *mask, size_t count, double scale)
{
    size_t dropped = 0;
    for (size_t i = 0; i < count; i++) {
        dropped += mask[i] == 0;
        if (mask[i] != 0)
            assert_true(fabs((double)mask[i] - scale) <= 1e-6 * scale);
    }
    return dropped;
}

/* Within five standard deviations of a binomial distribution. */
static void check_rate(size_t dropped, size_t count, double rate)
{
    double deviation = (double)dropped - rate * (double)count;
    assert_true(fabs(deviation) <= 5 * sqrt((double)count * rate * (1 - rate)));
}

static void elements_are_dropped_at_the_rate_and_the_others_scaled(void **state)
{
    (void)state;
    for (size_t number = 0; number < sizeof RATES / sizeof *RATES; number++) {
        struct sieve sieve;
        double rate = RATES[number];
        sieve_open(&sieve, rate, 2, 1);
        real *mask = sieve_mask(&sieve, 0);
        for (size_t image = 0; image < BATCH; image++)
            check_rate(count_dropped(mask + image * FEATURES, FEATURES, 1 / (1 - rate)), FEATURES,
                       rate);
        check_rate(count_dropped(mask, (size_t)BATCH * FEATURES, 1 / (1 - rate)),
                   (size_t)BATCH * FEATURES, rate);
        free(mask);
        rig_close(&sieve.rig);
    }
}

static void evaluation_changes_nothing(void **state)
{
    (void)state;
    struct sieve sieve;
    sieve_open(&sieve, 0.5, 2, 1);
    const struct network *network = sieve.rig.network;
    assert_true(network_forward(sieve.rig.network, BATCH, NETWORK_EVALUATE, 3));
    assert_memory_equal(network_logits(network), network_input(sieve.rig.network),
                        (size_t)BATCH * FEATURES * sizeof(real));
    rig_close(&sieve.rig);
}

static void mask_is_a_function_of_seed_and_step(void **state)
{
    (void)state;
    struct sieve one, other;
    sieve_open(&one, 0.5, 1, 1);
    sieve_open(&other, 0.5, 3, 1);
    real *first = sieve_mask(&one, 17), *between = sieve_mask(&one, 18);
    real *again = sieve_mask(&one, 17), *elsewhere = sieve_mask(&other, 17);
    size_t bytes = (size_t)BATCH * FEATURES * sizeof *first;
    assert_memory_equal(first, again, bytes);
    assert_memory_equal(first, elsewhere, bytes);
    network_reset(other.rig.network, 1);
    real *reset = sieve_mask(&other, 17);
    assert_memory_equal(first, reset, bytes);
    free(reset);
    free(elsewhere);
    free(again);
    free(between);
    free(first);
    rig_close(&other.rig);
    rig_close(&one.rig);
}

/* Masks that have nothing to do with one another agree in half of the places. */
static void check_unrelated(const real *a, const real *b, size_t count)
{
    size_t equal = 0;
    for (size_t i = 0; i < count; i++)
        equal += (a[i] == 0) == (b[i] == 0);
    check_rate(equal, count, 0.5);
}

static void masks_of_other_steps_seeds_and_images_are_unrelated(void **state)
{
    (void)state;
    struct sieve sieve;
    size_t count = (size_t)BATCH * FEATURES;
    sieve_open(&sieve, 0.5, 2, 1);
    real *first = sieve_mask(&sieve, 0), *second = sieve_mask(&sieve, 1);
    network_reset(sieve.rig.network, 2);
    real *seed = sieve_mask(&sieve, 0);
    check_unrelated(first, second, count);
    check_unrelated(first, seed, count);
    check_unrelated(second, seed, count);
    for (size_t image = 1; image < BATCH; image++)
        check_unrelated(first, first + image * FEATURES, FEATURES);
    check_unrelated(first, first + 1, count - 1);
    free(seed);
    free(second);
    free(first);
    rig_close(&sieve.rig);
}

static void two_layers_of_a_network_have_unrelated_masks(void **state)
{
    (void)state;
    const struct layer_spec layers[] = {{.kind = &LAYER_DROPOUT, .rate = 0.5},
                                        {.kind = &LAYER_DROPOUT, .rate = 0.5}};
    const struct network_spec spec = {.name = "two",
                                      .title = "Two",
                                      .input = {FEATURES, 1, 1},
                                      .layers = layers,
                                      .layer_count = 2};
    struct rig rig;
    rig_open(&rig, (struct rig_settings){.spec = &spec, .batch = 1, .threads = 1, .salt = 1});
    for (size_t i = 0; i < FEATURES; i++)
        network_input(rig.network)[i] = 1;
    assert_true(network_forward(rig.network, 1, NETWORK_TRAIN, 0));
    check_rate(count_dropped(network_logits(rig.network), FEATURES, 4), FEATURES, 0.75);
    rig_close(&rig);
}

static void backward_uses_the_mask_of_forward(void **state)
{
    (void)state;
    struct sieve sieve;
    size_t count = (size_t)BATCH * FEATURES;
    sieve_open(&sieve, 0.75, 2, 1);
    real *mask = sieve_mask(&sieve, 5), *gradient = calloc(count, sizeof *gradient);
    assert_non_null(gradient);
    assert_true(network_backward_from(sieve.rig.network, BATCH, network_input(sieve.rig.network),
                                      gradient));
    assert_memory_equal(gradient, mask, count * sizeof *mask);
    free(gradient);
    free(mask);
    rig_close(&sieve.rig);
}

static void alexnet_drops_half_of_its_features(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig, (struct rig_settings){
                       .spec = network_spec_find("alexnet"), .batch = 1, .threads = 2, .salt = 1});
    size_t dropouts = 0;
    for (size_t layer = 0; layer < rig.spec.layer_count; layer++) {
        if (rig.layers[layer].kind != &LAYER_DROPOUT)
            continue;
        dropouts++;
        assert_true(rig.layers[layer].rate == 0.5);
    }
    assert_int_equal(dropouts, 1);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_dropped_at_the_rate_and_the_others_scaled),
        cmocka_unit_test(evaluation_changes_nothing),
        cmocka_unit_test(mask_is_a_function_of_seed_and_step),
        cmocka_unit_test(masks_of_other_steps_seeds_and_images_are_unrelated),
        cmocka_unit_test(two_layers_of_a_network_have_unrelated_masks),
        cmocka_unit_test(backward_uses_the_mask_of_forward),
        cmocka_unit_test(alexnet_drops_half_of_its_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
