// SPDX-License-Identifier: MIT
/* What the command bench writes; how fast anything was is not looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "fmnist/nn/isa.h"
#include "run.h"

static json_t *member(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    if (!value)
        fail_msg("'%s' is missing", name);
    return value;
}

static double number(json_t *object, const char *name)
{
    json_t *value = member(object, name);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void check_rates(json_t *rates, size_t rounds)
{
    double best = number(rates, "best"), median = number(rates, "median");
    assert_true(median > 0 && best >= median);
    assert_int_equal(json_array_size(member(rates, "rounds")), rounds);
}

/* Names, sizes and times of all layers; together they take no more than the step. */
static void check_layers(json_t *model, size_t count)
{
    json_t *layers = member(model, "layers"), *layer;
    size_t index;
    double share = 0, forward = 0;
    assert_int_equal(json_array_size(layers), count);
    json_array_foreach(layers, index, layer)
    {
        assert_true(json_is_string(member(layer, "kind")));
        assert_true(json_is_string(member(layer, "name")));
        assert_true(number(layer, "counted_in") <= (double)index);
        assert_true(number(layer, "backward_data_ms") >= 0);
        assert_true(number(layer, "backward_weights_ms") >= 0);
        assert_true(number(layer, "gflops") >= 0);
        forward += number(layer, "forward_ms");
        share += number(layer, "share");
    }
    assert_true(forward >= 0);
    assert_true(share >= 0 && share <= 1);
}

static void check_phases(json_t *model)
{
    static const char *const NAMES[] = {"gather_ms", "passes_ms", "update_ms"};
    json_t *phases = member(model, "phases");
    double sum = 0;
    for (size_t name = 0; name < sizeof NAMES / sizeof *NAMES; name++) {
        assert_true(number(phases, NAMES[name]) > 0);
        sum += number(phases, NAMES[name]);
    }
    assert_true(sum <= number(model, "step_ms"));
}

static void check_model(json_t *model, size_t rounds, size_t layers)
{
    check_rates(member(model, "train"), rounds);
    check_rates(member(model, "evaluate"), rounds);
    assert_true(number(model, "gflops") > 0);
    assert_true(number(model, "peak_share") > 0);
    assert_true(number(model, "peak_memory_bytes") > 1 << 20);
    check_layers(model, layers);
    check_phases(model);
}

static void check_machine(json_t *result, enum isa isa)
{
    json_t *machine = member(result, "machine");
    assert_string_equal(json_string_value(member(result, "isa")), isa_name(isa));
    assert_true(json_is_string(member(result, "openblas_core")));
    assert_true(json_is_string(member(machine, "cpu")));
    assert_true(number(member(machine, "peak_gflops"), "generic") > 0);
    json_t *round_trip = member(machine, "round_trip_ns");
    if (number(machine, "cpus") > 1)
        assert_true(number(round_trip, "best") > 0);
    else
        assert_true(json_is_null(round_trip));
}

static json_t *bench(const char *arguments)
{
    struct run *run = run_program(arguments);
    json_error_t error;
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, 0);
    json_t *result = json_loads(run->out, 0, &error);
    if (!result)
        fail_msg("line %d: %s, in:\n%s", error.line, error.text, run->out);
    run_free(run);
    return result;
}

static void json_has_all_figures_of_each_instruction_set(void **state)
{
    (void)state;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        char arguments[128];
        if (!isa_supported((enum isa)isa))
            continue;
        (void)snprintf(arguments, sizeof arguments,
                       "bench --json --model lenet --threads 1 --batch 17 --rounds 2 --isa %s",
                       isa_name((enum isa)isa));
        json_t *result = bench(arguments), *models = member(result, "models");
        check_machine(result, (enum isa)isa);
        assert_int_equal(number(result, "threads"), 1);
        assert_int_equal(json_array_size(models), 1);
        json_t *model = json_array_get(models, 0);
        assert_string_equal(json_string_value(member(model, "model")), "lenet");
        assert_int_equal(number(model, "batch"), 17);
        assert_int_equal(json_array_size(member(model, "scaling")), 0);
        check_model(model, 2, 11);
        json_decref(result);
    }
}

static void without_threads_given_their_numbers_are_compared(void **state)
{
    (void)state;
    json_t *result = bench("bench --json --model lenet --rounds 1"), *item = NULL;
    size_t index;
    json_t *scaling = member(json_array_get(member(result, "models"), 0), "scaling");
    assert_true((double)json_array_size(scaling) >= 2);
    json_array_foreach(scaling, index, item)
    {
        check_rates(member(item, "train"), 1);
        assert_true(index == 0 ? number(item, "threads") == 1 : number(item, "threads") > 1);
    }
    assert_true(number(item, "threads") == number(member(result, "machine"), "cpus") + 1);
    json_decref(result);
}

static void without_a_model_given_all_are_measured(void **state)
{
    (void)state;
    json_t *result = bench("bench --json --batch 2 --threads 2 --rounds 1");
    json_t *models = member(result, "models");
    assert_int_equal(json_array_size(models), 2);
    assert_string_equal(json_string_value(member(json_array_get(models, 1), "model")), "alexnet");
    check_model(json_array_get(models, 1), 1, 19);
    json_decref(result);
}

static void people_get_a_table(void **state)
{
    (void)state;
    struct run *run = run_program("bench --model lenet --threads 1 --rounds 1");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "\nLeNet-5, batch 100\ntraining "));
    assert_non_null(strstr(run->out, "\nevaluation "));
    assert_non_null(strstr(run->out, "FMA peak: generic "));
    assert_non_null(strstr(run->out, "\nAdam "));
    assert_non_null(strstr(run->out, "\nconv"));
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_all_figures_of_each_instruction_set),
        cmocka_unit_test(without_threads_given_their_numbers_are_compared),
        cmocka_unit_test(without_a_model_given_all_are_measured),
        cmocka_unit_test(people_get_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
