// SPDX-License-Identifier: MIT
/* Both networks against PyTorch: logits, loss, all gradients, three steps of Adam. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"
#include "rig.h"

/* Of fixture_error(). Adam's first steps divide a gradient by its own size, so where a gradient is
 * as small as the rounding of the kernels' transforms a weight moves by some other part of the
 * learning rate than PyTorch's; what was trained is the same, as the losses show. */
static const double TOLERANCE = 1e-5, TRANSFORM_STEP_TOLERANCE = 2e-3;

enum { STEPS = 3 };

/* Compares one tensor; prints it and returns false where it is off. */
static bool agrees(const struct fixture *fixture, const char *kind, const char *name,
                   const real *values, size_t count, double tolerance)
{
    double error = fixture_error(fixture_find(fixture, kind, name), values, count);
    if (error <= tolerance)
        return true;
    print_error("%s: %s %s is off by %.2g\n", fixture->name, kind, name ? name : "", error);
    return false;
}

static size_t compare_gradients(const struct fixture *fixture, struct rig *rig)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong += !agrees(fixture, "gradient", parameter->name, parameter->gradient,
                         parameter->count, TOLERANCE);
    }
    return wrong;
}

static size_t compare_values(const struct fixture *fixture, const char *kind, struct rig *rig,
                             double tolerance)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong +=
            !agrees(fixture, kind, parameter->name, parameter->value, parameter->count, tolerance);
    }
    return wrong;
}

static size_t compare_moments(const struct fixture *fixture, struct rig *rig, double tolerance)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong += !agrees(fixture, "first_moment", parameter->name,
                         adam_first_moment(rig->adam, index), parameter->count, tolerance);
        wrong += !agrees(fixture, "second_moment", parameter->name,
                         adam_second_moment(rig->adam, index), parameter->count, tolerance);
    }
    return wrong;
}

static size_t compare_training(const struct fixture *fixture, struct rig *rig,
                               double step_tolerance)
{
    static const char *const STEP_NAMES[STEPS] = {"step1", "step2", "step3"};
    real losses[STEPS];
    size_t wrong = 0;
    for (size_t step = 0; step < STEPS; step++) {
        assert_true(rig_pass(rig));
        losses[step] = (real)rig->loss.loss;
        if (step == 0) {
            wrong += !agrees(fixture, "logits", NULL, network_logits(rig->network),
                             rig->batch * NETWORK_CLASSES, TOLERANCE);
            wrong += compare_gradients(fixture, rig);
        }
        adam_update(rig->adam, 0.001, rig->pool);
        wrong += compare_values(fixture, STEP_NAMES[step], rig, step_tolerance);
    }
    wrong += !agrees(fixture, "losses", NULL, losses, STEPS, TOLERANCE);
    return wrong + compare_moments(fixture, rig, step_tolerance);
}

/* Trains the network as each case of the file says. */
static void compare_file(const char *network, const char *name, enum isa isa, double step_tolerance)
{
    FILE *file = fixture_open(name);
    struct fixture *fixture = malloc(sizeof *fixture);
    assert_non_null(fixture);
    size_t wrong = 0, cases = 0;
    for (; fixture_read(file, fixture); cases++) {
        struct rig rig;
        rig_open(&rig, (struct rig_settings){.spec = network_spec_find(network),
                                             .batch = fixture->batch,
                                             .threads = 2,
                                             .salt = fixture->salt,
                                             .no_dropout = true,
                                             .isa = isa});
        wrong += compare_training(fixture, &rig, step_tolerance);
        rig_close(&rig);
    }
    free(fixture);
    (void)fclose(file);
    assert_true(cases > 0);
    assert_int_equal(wrong, 0);
}

/* With every instruction set that this CPU has. */
static void compare_all(const char *network, const char *name, double step_tolerance)
{
    for (int isa = 0; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            compare_file(network, name, (enum isa)isa,
                         isa == ISA_REFERENCE ? TOLERANCE : step_tolerance);
}

static void lenet_trains_as_in_pytorch(void **state)
{
    (void)state;
    compare_all("lenet", "lenet.txt", TOLERANCE);
}

static void alexnet_trains_as_in_pytorch(void **state)
{
    (void)state;
    compare_all("alexnet", "alexnet.txt", TRANSFORM_STEP_TOLERANCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_trains_as_in_pytorch),
        cmocka_unit_test(alexnet_trains_as_in_pytorch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
