// SPDX-License-Identifier: MIT
/* Training gives the same bits for every number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

enum { STEPS = 3, THREADS_MAX = 4 };

/* What training left: all weights and moments, the logits and the loss of the last step. */
struct outcome {
    size_t count; /* weights */
    real *values, *gradients, *moments;
    real logits[RIG_BATCH_MAX * NETWORK_CLASSES];
    struct network_loss loss;
};

static void copy_moments(struct rig *rig, real *to)
{
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        size_t count = network_parameter(rig->network, index)->count;
        memcpy(to, adam_first_moment(rig->adam, index), count * sizeof *to);
        memcpy(to + count, adam_second_moment(rig->adam, index), count * sizeof *to);
        to += 2 * count;
    }
}

static struct outcome train(const char *network, size_t batch, unsigned threads, enum isa isa)
{
    struct rig rig;
    struct outcome outcome = {0};
    rig_open(&rig, (struct rig_settings){.spec = network_spec_find(network),
                                         .batch = batch,
                                         .threads = threads,
                                         .salt = 1,
                                         .isa = isa});
    for (int step = 0; step < STEPS; step++)
        rig_step(&rig);
    outcome.count = network_weight_count(rig.network);
    outcome.values = rig_copy_values(&rig);
    outcome.gradients = rig_copy_gradients(&rig);
    outcome.moments = malloc(2 * outcome.count * sizeof *outcome.moments);
    assert_non_null(outcome.moments);
    copy_moments(&rig, outcome.moments);
    memcpy(outcome.logits, network_logits(rig.network),
           batch * NETWORK_CLASSES * sizeof *outcome.logits);
    outcome.loss = rig.loss;
    rig_close(&rig);
    return outcome;
}

static void outcome_free(struct outcome *outcome)
{
    free(outcome->moments);
    free(outcome->gradients);
    free(outcome->values);
}

static void check_threads(const char *network, size_t batch, enum isa isa)
{
    struct outcome one = train(network, batch, 1, isa);
    for (unsigned threads = 2; threads <= THREADS_MAX; threads++) {
        struct outcome several = train(network, batch, threads, isa);
        assert_memory_equal(one.logits, several.logits, sizeof one.logits);
        assert_memory_equal(&one.loss.loss, &several.loss.loss, sizeof one.loss.loss);
        assert_int_equal(one.loss.correct, several.loss.correct);
        assert_memory_equal(one.gradients, several.gradients, one.count * sizeof(real));
        assert_memory_equal(one.moments, several.moments, 2 * one.count * sizeof(real));
        assert_memory_equal(one.values, several.values, one.count * sizeof(real));
        outcome_free(&several);
    }
    outcome_free(&one);
}

static void check_all_isas(const char *network, size_t batch)
{
    for (int isa = 0; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            check_threads(network, batch, (enum isa)isa);
}

static void lenet_gives_the_same_bits_for_1_to_4_threads(void **state)
{
    (void)state;
    static const size_t BATCHES[] = {1, 7, 16, 17, 100, 128};
    for (size_t number = 0; number < sizeof BATCHES / sizeof *BATCHES; number++)
        check_all_isas("lenet", BATCHES[number]);
}

static void alexnet_gives_the_same_bits_for_1_to_4_threads(void **state)
{
    (void)state;
    check_all_isas("alexnet", 18);
}

static void check_smaller_batch(enum isa isa)
{
    struct rig large, small;
    struct rig_settings settings = {
        .spec = network_spec_find("lenet"), .batch = 33, .threads = 2, .salt = 1, .isa = isa};
    rig_open(&large, settings);
    settings.batch = 5;
    rig_open(&small, settings);
    assert_true(rig_pass(&large)); /* leaves other images' values behind */
    large.batch = 5;
    assert_true(rig_pass(&large) && rig_pass(&small));
    assert_memory_equal(network_logits(large.network), network_logits(small.network),
                        5 * NETWORK_CLASSES * sizeof(real));
    real *one = rig_copy_gradients(&large), *other = rig_copy_gradients(&small);
    assert_memory_equal(one, other, network_weight_count(small.network) * sizeof *one);
    free(other);
    free(one);
    rig_close(&small);
    rig_close(&large);
}

static void a_smaller_batch_gives_the_bits_of_a_network_made_for_it(void **state)
{
    (void)state;
    for (int isa = 0; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            check_smaller_batch((enum isa)isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_gives_the_same_bits_for_1_to_4_threads),
        cmocka_unit_test(alexnet_gives_the_same_bits_for_1_to_4_threads),
        cmocka_unit_test(a_smaller_batch_gives_the_bits_of_a_network_made_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
