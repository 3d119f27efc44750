// SPDX-License-Identifier: MIT
/* A pass that was interrupted anywhere and is run again gives the bits of one that was not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

/* Interrupts at one call; counts them all. */
struct trap {
    size_t calls;
    size_t at; /* from 1; 0 for never */
};

static bool trap_poll(void *context)
{
    struct trap *trap = context;
    return ++trap->calls == trap->at;
}

static bool always(void *context)
{
    (void)context;
    return true;
}

/* What one undisturbed pass gives. */
struct truth {
    real *gradients;
    real logits[RIG_BATCH_MAX * NETWORK_CLASSES];
    double loss;
    size_t polls;
};

static struct truth undisturbed_pass(struct rig *rig)
{
    struct truth truth = {0};
    struct trap trap = {0};
    pool_set_poll(rig->pool, trap_poll, &trap);
    assert_true(rig_pass(rig));
    pool_set_poll(rig->pool, NULL, NULL);
    truth.gradients = rig_copy_gradients(rig);
    truth.loss = rig->loss.loss;
    truth.polls = trap.calls;
    memcpy(truth.logits, network_logits(rig->network), rig->batch * NETWORK_CLASSES * sizeof(real));
    return truth;
}

static void check_truth(struct rig *rig, const struct truth *truth)
{
    assert_memory_equal(&rig->loss.loss, &truth->loss, sizeof truth->loss);
    assert_memory_equal(network_logits(rig->network), truth->logits,
                        rig->batch * NETWORK_CLASSES * sizeof(real));
    real *gradients = rig_copy_gradients(rig);
    assert_memory_equal(gradients, truth->gradients,
                        network_weight_count(rig->network) * sizeof(real));
    free(gradients);
}

/* Runs the pass with an interruption at poll `at`, then again without. Returns whether there was
 * one: with several threads the owner may have been polled less often. */
static bool pass_interrupted_at(struct rig *rig, size_t at)
{
    struct trap trap = {.at = at};
    pool_set_poll(rig->pool, trap_poll, &trap);
    bool whole = rig_pass(rig);
    pool_set_poll(rig->pool, NULL, NULL);
    assert_int_equal(whole, trap.calls < at);
    if (whole)
        return false;
    assert_int_equal(trap.calls, at); /* nothing runs on after an interruption */
    assert_true(rig_pass(rig));
    return true;
}

/* Interrupts at polls 1, 1 + stride, and so on until `truth` has no more. */
static size_t check_interruptions(struct rig *rig, const struct truth *truth, size_t stride)
{
    size_t interruptions = 0;
    for (size_t at = 1; at <= truth->polls; at += stride) {
        interruptions += pass_interrupted_at(rig, at);
        check_truth(rig, truth);
    }
    return interruptions;
}

static void open_rig(struct rig *rig, const char *network, size_t batch, unsigned threads,
                     enum isa isa)
{
    rig_open(rig, (struct rig_settings){.spec = network_spec_find(network),
                                        .batch = batch,
                                        .threads = threads,
                                        .salt = 1,
                                        .isa = isa});
    rig_step(rig); /* so that nothing is at its start */
}

static void lenet_can_be_interrupted_at_every_poll(void **state)
{
    (void)state;
    for (int number = 0; number < ISA_COUNT; number++) {
        enum isa isa = (enum isa)number;
        struct rig rig;
        if (!isa_supported(isa))
            continue;
        open_rig(&rig, "lenet", 20, 1, isa);
        struct truth truth = undisturbed_pass(&rig);
        assert_true(truth.polls > (isa == ISA_REFERENCE ? 100 : 20));
        assert_int_equal(check_interruptions(&rig, &truth, 1), truth.polls);
        free(truth.gradients);
        rig_close(&rig);
    }
}

static void lenet_with_threads_can_be_interrupted_anywhere(void **state)
{
    (void)state;
    for (int number = 0; number < ISA_COUNT; number++) {
        enum isa isa = (enum isa)number;
        struct rig rig;
        if (!isa_supported(isa))
            continue;
        open_rig(&rig, "lenet", 33, 3, isa);
        struct truth truth = undisturbed_pass(&rig);
        assert_true(check_interruptions(&rig, &truth, isa == ISA_REFERENCE ? 3 : 1) > 0);
        free(truth.gradients);
        rig_close(&rig);
    }
}

static void alexnet_can_be_interrupted_anywhere(void **state)
{
    (void)state;
    struct rig rig;
    open_rig(&rig, "alexnet", 2, 1, true);
    struct truth truth = undisturbed_pass(&rig);
    size_t stride = truth.polls / 12; /* a part of the polls, for time */
    assert_true(check_interruptions(&rig, &truth, stride) >= 12);
    free(truth.gradients);
    rig_close(&rig);
}

static void training_with_interruptions_ends_where_it_would_have(void **state)
{
    (void)state;
    struct rig one, other;
    open_rig(&one, "lenet", 17, 2, false);
    open_rig(&other, "lenet", 17, 2, false);
    for (size_t step = 0; step < 6; step++) {
        rig_step(&one);
        (void)pass_interrupted_at(&other, 1 + 4 * step);
        adam_update(other.adam, 0.001, other.pool);
        other.step++;
    }
    real *whole = rig_copy_values(&one), *interrupted = rig_copy_values(&other);
    assert_memory_equal(whole, interrupted, network_weight_count(one.network) * sizeof(real));
    free(interrupted);
    free(whole);
    rig_close(&other);
    rig_close(&one);
}

static void the_update_is_never_interrupted(void **state)
{
    (void)state;
    struct rig one, other;
    open_rig(&one, "lenet", 3, 2, false);
    open_rig(&other, "lenet", 3, 2, false);
    rig_step(&one);
    assert_true(rig_pass(&other));
    pool_set_poll(other.pool, always, NULL);
    adam_update(other.adam, 0.001, other.pool);
    pool_set_poll(other.pool, NULL, NULL);
    real *whole = rig_copy_values(&one), *polled = rig_copy_values(&other);
    assert_memory_equal(whole, polled, network_weight_count(one.network) * sizeof(real));
    free(polled);
    free(whole);
    rig_close(&other);
    rig_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_can_be_interrupted_at_every_poll),
        cmocka_unit_test(lenet_with_threads_can_be_interrupted_anywhere),
        cmocka_unit_test(alexnet_can_be_interrupted_anywhere),
        cmocka_unit_test(training_with_interruptions_ends_where_it_would_have),
        cmocka_unit_test(the_update_is_never_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
