// SPDX-License-Identifier: MIT
/* The times of layers: that they are counted, where, and no more than there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "nn/layer_clock.h"
#include "rig.h"

static double total(const struct network *network)
{
    double sum = 0;
    for (size_t layer = 0; layer < network_layer_count(network); layer++) {
        struct layer_times times = network_layer_times(network, layer);
        for (int work = 0; work < LAYER_WORKS; work++)
            sum += times.seconds[work];
    }
    return sum;
}

/* Layers with parameters have all three times, but for the first one's gradient of its input. */
static void check_layers(const struct network *network)
{
    for (size_t layer = 0; layer < network_layer_count(network); layer++) {
        struct layer_times times = network_layer_times(network, layer);
        assert_true(times.stage <= layer);
        if (network_layer_multiplications(network, layer) == 0)
            continue;
        assert_int_equal(times.stage, layer);
        assert_true(times.seconds[LAYER_FORWARD] > 0);
        assert_true(layer == 0 || times.seconds[LAYER_BACKWARD_DATA] > 0);
        assert_true(times.seconds[LAYER_BACKWARD_WEIGHTS] > 0);
    }
}

static void check_network(const char *name, enum isa isa)
{
    struct rig rig;
    rig_open(
        &rig,
        (struct rig_settings){
            .spec = network_spec_find(name), .batch = 20, .threads = 2, .salt = 1, .isa = isa});
    double start = clock_seconds();
    rig_step(&rig);
    rig_step(&rig);
    double seconds = clock_seconds() - start;
    check_layers(rig.network);
    assert_true(total(rig.network) <= seconds);
    network_reset_times(rig.network);
    assert_true(total(rig.network) == 0);
    rig_close(&rig);
}

static void each_layer_s_time_is_counted_on_the_reference_path(void **state)
{
    (void)state;
    for (size_t number = 0; number < network_spec_count(); number++)
        check_network(network_spec_name(network_spec_at(number)), ISA_REFERENCE);
}

static void each_layer_s_time_is_counted_on_the_fast_path(void **state)
{
    (void)state;
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            check_network("lenet", (enum isa)isa);
}

static void multiplications_are_those_of_the_definition(void **state)
{
    (void)state;
    static const struct {
        const char *network;
        size_t count;
    } CASES[] = {{"lenet", 281640}, {"alexnet", 221427200}};
    for (size_t item = 0; item < sizeof CASES / sizeof *CASES; item++) {
        struct rig rig;
        size_t sum = 0;
        rig_open(&rig, (struct rig_settings){.spec = network_spec_find(CASES[item].network),
                                             .batch = 1,
                                             .threads = 1,
                                             .salt = 1});
        for (size_t layer = 0; layer < network_layer_count(rig.network); layer++)
            sum += network_layer_multiplications(rig.network, layer);
        assert_int_equal(sum, CASES[item].count);
        rig_close(&rig);
    }
}

static void layers_computed_together_are_counted_as_the_first(void **state)
{
    (void)state;
    struct layer_clock *clock = layer_clock_create(5, 2, NULL);
    assert_non_null(clock);
    layer_clock_fuse(clock, 1, 3);
    static const size_t STAGES[] = {0, 1, 1, 1, 4};
    assert_memory_equal(clock->stages, STAGES, sizeof STAGES);
    layer_clock_add(clock, 0, 1, LAYER_FORWARD, 1);
    layer_clock_add(clock, 1, 1, LAYER_FORWARD, 2);
    assert_true(layer_clock_sum(clock, 1, LAYER_FORWARD) == 3);
    assert_true(layer_clock_sum(clock, 1, LAYER_BACKWARD_DATA) == 0);
    layer_clock_destroy(clock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_layer_s_time_is_counted_on_the_reference_path),
        cmocka_unit_test(each_layer_s_time_is_counted_on_the_fast_path),
        cmocka_unit_test(multiplications_are_those_of_the_definition),
        cmocka_unit_test(layers_computed_together_are_counted_as_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
