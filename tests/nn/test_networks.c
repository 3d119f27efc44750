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

static const double TOLERANCE = 1e-5; /* of fixture_error() */

enum { STEPS = 3 };

/* Compares one tensor; prints it and returns false where it is off. */
static bool agrees(const struct fixture *fixture, const char *kind, const char *name,
                   const real *values, size_t count)
{
    double error = fixture_error(fixture_find(fixture, kind, name), values, count);
    if (error <= TOLERANCE)
        return true;
    print_error("%s: %s %s is off by %.2g\n", fixture->name, kind, name ? name : "", error);
    return false;
}

static size_t compare_gradients(const struct fixture *fixture, struct rig *rig)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong +=
            !agrees(fixture, "gradient", parameter->name, parameter->gradient, parameter->count);
    }
    return wrong;
}

static size_t compare_values(const struct fixture *fixture, const char *kind, struct rig *rig)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong += !agrees(fixture, kind, parameter->name, parameter->value, parameter->count);
    }
    return wrong;
}

static size_t compare_moments(const struct fixture *fixture, struct rig *rig)
{
    size_t wrong = 0;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        wrong += !agrees(fixture, "first_moment", parameter->name,
                         adam_first_moment(rig->adam, index), parameter->count);
        wrong += !agrees(fixture, "second_moment", parameter->name,
                         adam_second_moment(rig->adam, index), parameter->count);
    }
    return wrong;
}

static size_t compare_training(const struct fixture *fixture, struct rig *rig)
{
    static const char *const STEP_NAMES[STEPS] = {"step1", "step2", "step3"};
    real losses[STEPS];
    size_t wrong = 0;
    for (size_t step = 0; step < STEPS; step++) {
        assert_true(rig_pass(rig));
        losses[step] = (real)rig->loss.loss;
        if (step == 0) {
            wrong += !agrees(fixture, "logits", NULL, network_logits(rig->network),
                             rig->batch * NETWORK_CLASSES);
            wrong += compare_gradients(fixture, rig);
        }
        adam_update(rig->adam, 0.001, rig->pool);
        wrong += compare_values(fixture, STEP_NAMES[step], rig);
    }
    wrong += !agrees(fixture, "losses", NULL, losses, STEPS);
    return wrong + compare_moments(fixture, rig);
}

/* Trains the network as each case of the file says. */
static void compare_file(const char *network, const char *name, enum isa isa)
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
        wrong += compare_training(fixture, &rig);
        rig_close(&rig);
    }
    free(fixture);
    (void)fclose(file);
    assert_true(cases > 0);
    assert_int_equal(wrong, 0);
}

/* With every instruction set that this CPU has. */
static void compare_all(const char *network, const char *name)
{
    for (int isa = 0; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            compare_file(network, name, (enum isa)isa);
}

static void lenet_trains_as_in_pytorch(void **state)
{
    (void)state;
    compare_all("lenet", "lenet.txt");
}

static void alexnet_trains_as_in_pytorch(void **state)
{
    (void)state;
    compare_all("alexnet", "alexnet.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_trains_as_in_pytorch),
        cmocka_unit_test(alexnet_trains_as_in_pytorch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
