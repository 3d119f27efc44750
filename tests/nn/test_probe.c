// SPDX-License-Identifier: MIT
/* What a probe sees in a network, beside the network's own passes and values worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fmnist/nn/probe.h"
#include "formula.h"
#include "rig.h"

/* One 2x2 filter on a 3x3 image, ReLU, a linear layer. */
static const struct layer_spec TINY_LAYERS[] = {
    {.kind = &LAYER_CONV, .name = "conv", .out = 1, .kernel = 2, .stride = 1},
    {.kind = &LAYER_RELU},
    {.kind = &LAYER_LINEAR, .name = "linear", .out = 2},
};
static const struct network_spec TINY = {
    .name = "tiny", .title = "Tiny", .input = {1, 3, 3}, .layers = TINY_LAYERS, .layer_count = 3};

static void check_output(const struct probe *probe, size_t layer, const real *expected,
                         size_t count)
{
    for (size_t index = 0; index < count; index++)
        assert_true(probe_output(probe, layer)[index] == expected[index]);
}

static void each_layer_s_output_is_kept_as_worked_out_by_hand(void **state)
{
    (void)state;
    static const real WEIGHT[] = {1, -1, 0, 2}, BIAS[] = {-3};
    static const real LINEAR_WEIGHT[] = {1, 1, 1, 1, 0, -1, 0.5, 2}, LINEAR_BIAS[] = {0, 10};
    static const real IMAGE[] = {1, 2, 3, 4, 5, 0, 1, 1, 1};
    /* 1-2+10-3, 2-3+0-3; 4-5+2-3, 5-0+2-3 */
    static const real CONV[] = {6, -4, -2, 4}, RELU[] = {6, 0, 0, 4}, LINEAR[] = {10, 18};
    struct rig rig;
    struct error err = {0};
    rig_open(&rig, (struct rig_settings){.spec = &TINY, .batch = 1, .threads = 2});
    memcpy(network_parameter(rig.network, 0)->value, WEIGHT, sizeof WEIGHT);
    memcpy(network_parameter(rig.network, 1)->value, BIAS, sizeof BIAS);
    memcpy(network_parameter(rig.network, 2)->value, LINEAR_WEIGHT, sizeof LINEAR_WEIGHT);
    memcpy(network_parameter(rig.network, 3)->value, LINEAR_BIAS, sizeof LINEAR_BIAS);
    struct probe *probe = probe_create(rig.network, 1, &err);
    assert_non_null(probe);
    memcpy(probe_input(probe), IMAGE, sizeof IMAGE);
    assert_true(probe_forward(probe, 1));
    check_output(probe, 0, CONV, 4);
    check_output(probe, 1, RELU, 4);
    check_output(probe, 2, LINEAR, 2);
    probe_destroy(probe);
    rig_close(&rig);
}

/* The last layer's output against the network's logits, which other kernels compute. */
static void check_logits(const char *name, enum isa isa)
{
    enum { BATCH = 5 };
    struct rig rig;
    struct error err = {0};
    rig_open(
        &rig,
        (struct rig_settings){
            .spec = network_spec_find(name), .batch = BATCH, .threads = 2, .salt = 3, .isa = isa});
    rig_step(&rig);
    struct probe *probe = probe_create(rig.network, BATCH, &err);
    assert_non_null(probe);
    assert_int_equal(probe_max_batch(probe), BATCH);
    formula_images(3, BATCH, probe_input(probe));
    assert_true(probe_forward(probe, BATCH));
    assert_true(network_forward(rig.network, BATCH, NETWORK_EVALUATE, 0));
    const real *seen = probe_output(probe, network_layer_count(rig.network) - 1);
    for (size_t index = 0; index < BATCH * NETWORK_CLASSES; index++) {
        double logit = (double)network_logits(rig.network)[index];
        assert_true(fabs((double)seen[index] - logit) <= 1e-4 * (1 + fabs(logit)));
    }
    probe_destroy(probe);
    rig_close(&rig);
}

static void its_last_layer_gives_the_network_s_logits_on_each_isa(void **state)
{
    (void)state;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa))
            continue;
        check_logits("lenet", (enum isa)isa);
        check_logits("alexnet", (enum isa)isa);
    }
}

/* Two readings of a sum of times differ a little: how long a tick is, is measured anew each time,
 * and badly where another program runs just then. */
static bool forward_time_is(const struct network *network, double expected)
{
    for (int reading = 0; reading < 100; reading++) {
        double seconds = network_layer_times(network, 0).seconds[LAYER_FORWARD];
        if (fabs(seconds - expected) <= 0.05 * expected)
            return true;
    }
    return false;
}

/* Two steps with the same result, one of them with a look between forward and backward. */
static void it_changes_nothing_in_the_network(void **state)
{
    (void)state;
    struct rig plain, watched;
    struct error err = {0};
    const struct rig_settings settings = {
        .spec = network_spec_find("lenet"), .batch = 7, .threads = 2, .salt = 4, .isa = isa_best()};
    rig_open(&plain, settings);
    rig_open(&watched, settings);
    struct probe *probe = probe_create(watched.network, 3, &err);
    assert_non_null(probe);
    formula_images(9, 3, probe_input(probe));
    assert_true(rig_pass(&plain));
    assert_true(network_forward(watched.network, 7, NETWORK_TRAIN, watched.step));
    double before = network_layer_times(watched.network, 0).seconds[LAYER_FORWARD];
    assert_true(probe_forward(probe, 3));
    assert_true(forward_time_is(watched.network, before));
    assert_true(network_backward(watched.network, 7, watched.labels, &watched.loss));
    real *expected = rig_copy_gradients(&plain), *got = rig_copy_gradients(&watched);
    assert_memory_equal(got, expected, network_weight_count(plain.network) * sizeof(real));
    free(expected);
    free(got);
    probe_destroy(probe);
    rig_close(&watched);
    rig_close(&plain);
}

static bool interrupt(void *context)
{
    (void)context;
    return true;
}

static void an_interrupted_pass_says_so(void **state)
{
    (void)state;
    struct rig rig;
    struct error err = {0};
    rig_open(&rig, (struct rig_settings){
                       .spec = network_spec_find("lenet"), .batch = 1, .threads = 2, .salt = 1});
    struct probe *probe = probe_create(rig.network, 2, &err);
    assert_non_null(probe);
    pool_set_poll(rig.pool, interrupt, NULL);
    assert_false(probe_forward(probe, 2));
    pool_set_poll(rig.pool, NULL, NULL);
    assert_true(probe_forward(probe, 2));
    probe_destroy(probe);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_layer_s_output_is_kept_as_worked_out_by_hand),
        cmocka_unit_test(its_last_layer_gives_the_network_s_logits_on_each_isa),
        cmocka_unit_test(it_changes_nothing_in_the_network),
        cmocka_unit_test(an_interrupted_pass_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
