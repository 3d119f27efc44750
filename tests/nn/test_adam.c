// SPDX-License-Identifier: MIT
/* The optimizer against the paper's algorithm 1 in double precision, number by number. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formula.h"
#include "rig.h"

/* One layer with 201 x 200 weights: more than one task's share of numbers. */
static const struct layer_spec WIDE_LAYERS[] = {
    {.kind = &LAYER_LINEAR, .name = "wide", .out = 201}};
static const struct network_spec WIDE = {
    .name = "wide", .title = "Wide", .input = {200, 1, 1}, .layers = WIDE_LAYERS, .layer_count = 1};

static const double LEARNING_RATE = 0.001;

static void open_wide(struct rig *rig)
{
    rig_open(rig, (struct rig_settings){.spec = &WIDE, .batch = 1, .threads = 3, .salt = 1});
}

/* A gradient of any size from 1e-6 to 1, of either sign. */
static double gradient_at(uint32_t update, size_t i)
{
    return hash_uniform(10 + update, i) * pow(10, 3 * hash_uniform(1, i) - 3);
}

static void set_gradients(struct network *network, uint32_t update)
{
    for (size_t index = 0; index < network_parameter_count(network); index++) {
        struct parameter *parameter = network_parameter(network, index);
        for (size_t i = 0; i < parameter->count; i++)
            parameter->gradient[i] = (real)gradient_at(update, i);
    }
}

struct scalar_adam {
    double value, first, second;
};

static void scalar_update(struct scalar_adam *adam, double gradient, uint32_t t, double rate)
{
    adam->first = 0.9 * adam->first + 0.1 * gradient;
    adam->second = 0.999 * adam->second + 0.001 * gradient * gradient;
    double first = adam->first / (1 - pow(0.9, t)), second = adam->second / (1 - pow(0.999, t));
    adam->value -= rate * first / (sqrt(second) + 1e-8);
}

static void check_against_scalar(struct rig *rig, const real *initial, uint32_t updates)
{
    const struct parameter *weight = network_parameter(rig->network, 0);
    for (size_t i = 0; i < weight->count; i += i < 70 ? 1 : 97) {
        struct scalar_adam scalar = {.value = (double)initial[i]};
        for (uint32_t t = 1; t <= updates; t++)
            scalar_update(&scalar, (double)(real)gradient_at(t, i), t, LEARNING_RATE / t);
        assert_true(fabs((double)weight->value[i] - scalar.value) < 2e-8 * updates);
        assert_true(fabs((double)adam_first_moment(rig->adam, 0)[i] - scalar.first) <=
                    1e-5 * fabs(scalar.first) + 1e-12);
        assert_true(fabs((double)adam_second_moment(rig->adam, 0)[i] - scalar.second) <=
                    1e-5 * scalar.second);
    }
}

static void updates_follow_the_paper_with_a_changing_learning_rate(void **state)
{
    (void)state;
    enum { UPDATES = 20 };
    struct rig rig;
    open_wide(&rig);
    real *initial = rig_copy_values(&rig);
    for (uint32_t t = 1; t <= UPDATES; t++) {
        set_gradients(rig.network, t);
        adam_update(rig.adam, LEARNING_RATE / t, rig.pool);
        assert_int_equal(adam_updates(rig.adam), t);
    }
    check_against_scalar(&rig, initial, UPDATES);
    free(initial);
    rig_close(&rig);
}

static void first_update_moves_by_the_learning_rate(void **state)
{
    (void)state;
    struct rig rig;
    open_wide(&rig);
    real *initial = rig_copy_values(&rig);
    set_gradients(rig.network, 1);
    adam_update(rig.adam, LEARNING_RATE, rig.pool);
    const struct parameter *weight = network_parameter(rig.network, 0);
    for (size_t i = 0; i < weight->count; i++) {
        double gradient = (double)weight->gradient[i];
        double step = (double)initial[i] - (double)weight->value[i];
        if (fabs(gradient) > 1e-5)
            assert_true(fabs(step - copysign(LEARNING_RATE, gradient)) < 0.0011 * LEARNING_RATE);
    }
    free(initial);
    rig_close(&rig);
}

static void parameters_without_gradient_stay(void **state)
{
    (void)state;
    struct rig rig;
    open_wide(&rig);
    real *initial = rig_copy_values(&rig);
    for (int t = 0; t < 3; t++)
        adam_update(rig.adam, LEARNING_RATE, rig.pool);
    real *values = rig_copy_values(&rig);
    assert_memory_equal(initial, values, network_weight_count(rig.network) * sizeof *values);
    free(values);
    free(initial);
    rig_close(&rig);
}

static void state_starts_at_zero_and_reset_returns_there(void **state)
{
    (void)state;
    struct rig rig;
    open_wide(&rig);
    real *initial = rig_copy_values(&rig);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(adam_updates(rig.adam), 0);
        for (size_t index = 0; index < network_parameter_count(rig.network); index++) {
            for (size_t i = 0; i < network_parameter(rig.network, index)->count; i++) {
                assert_true(adam_first_moment(rig.adam, index)[i] == 0);
                assert_true(adam_second_moment(rig.adam, index)[i] == 0);
            }
        }
        for (uint32_t t = 1; t <= 2; t++) {
            set_gradients(rig.network, t);
            adam_update(rig.adam, LEARNING_RATE / t, rig.pool);
        }
        check_against_scalar(&rig, initial, 2);
        adam_reset(rig.adam, rig.pool);
        formula_parameters(1, rig.network);
    }
    free(initial);
    rig_close(&rig);
}

static void nan_in_a_gradient_reaches_its_weight_only(void **state)
{
    (void)state;
    struct rig rig;
    open_wide(&rig);
    struct parameter *weight = network_parameter(rig.network, 0);
    set_gradients(rig.network, 1);
    weight->gradient[33000] = (real)NAN;
    adam_update(rig.adam, LEARNING_RATE, rig.pool);
    for (size_t i = 0; i < weight->count; i++)
        assert_int_equal(isnan(weight->value[i]) != 0, i == 33000);
    rig_close(&rig);
}

/* The norm of `count` numbers, or of their differences from others where `from` is not NULL. */
static double norm(const real *numbers, const real *from, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double number = (double)numbers[i] - (from ? (double)from[i] : 0);
        sum += number * number;
    }
    return sqrt(sum);
}

static void check_norm(double got, double expected)
{
    assert_true(fabs(got - expected) <= 1e-5 * expected);
}

static void a_measured_update_is_the_same_and_tells_its_norms(void **state)
{
    (void)state;
    enum { UPDATES = 3, PARAMETERS = 2 };
    struct rig plain, measured;
    open_wide(&plain);
    open_wide(&measured);
    for (uint32_t t = 1; t <= UPDATES; t++) {
        struct adam_norms norms[PARAMETERS];
        set_gradients(plain.network, t);
        set_gradients(measured.network, t);
        real *before = rig_copy_values(&measured);
        adam_update(plain.adam, LEARNING_RATE, plain.pool);
        adam_update_measured(measured.adam, LEARNING_RATE, measured.pool, norms);
        real *after = rig_copy_values(&measured), *expected = rig_copy_values(&plain);
        assert_memory_equal(after, expected, network_weight_count(plain.network) * sizeof(real));
        for (size_t index = 0, first = 0; index < PARAMETERS; index++) {
            const struct parameter *parameter = network_parameter(measured.network, index);
            check_norm(norms[index].value, norm(after + first, NULL, parameter->count));
            check_norm(norms[index].gradient, norm(parameter->gradient, NULL, parameter->count));
            check_norm(norms[index].update, norm(after + first, before + first, parameter->count));
            first += parameter->count;
        }
        free(expected);
        free(after);
        free(before);
    }
    assert_int_equal(adam_updates(measured.adam), UPDATES);
    rig_close(&measured);
    rig_close(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(updates_follow_the_paper_with_a_changing_learning_rate),
        cmocka_unit_test(first_update_moves_by_the_learning_rate),
        cmocka_unit_test(parameters_without_gradient_stay),
        cmocka_unit_test(state_starts_at_zero_and_reset_returns_there),
        cmocka_unit_test(a_measured_update_is_the_same_and_tells_its_norms),
        cmocka_unit_test(nan_in_a_gradient_reaches_its_weight_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
