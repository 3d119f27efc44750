// SPDX-License-Identifier: MIT
/* Both networks on the kernels of every instruction set that this CPU has against the plain path,
 * for batches that fill groups, chunks and slices of images and for such that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

enum { BATCHES = 6 };

static const size_t BATCH_SIZES[BATCHES] = {1, 7, 16, 17, 100, 130};

/* Relative L2 errors. Those of the logits are the sums' and the transforms' rounding (see
 * test_planes.c), which adds up through the layers. Gradients also differ where rounding decides
 * which of two values is the largest of a window, or whether one is above 0. */
static const double LOGITS_TOLERANCE = 2e-5, GRADIENT_TOLERANCE = 3e-3;

static double relative_error(const real *got, const real *expected, size_t count)
{
    double error = 0, norm = 0;
    for (size_t index = 0; index < count; index++) {
        error += ((double)got[index] - expected[index]) * ((double)got[index] - expected[index]);
        norm += (double)expected[index] * expected[index];
    }
    return sqrt(error / norm);
}

static void open_rig(struct rig *rig, const char *name, size_t batch, enum isa isa)
{
    rig_open(
        rig,
        (struct rig_settings){
            .spec = network_spec_find(name), .batch = batch, .threads = 2, .salt = 3, .isa = isa});
    assert_true(rig_pass(rig));
}

static void compare(struct rig *rig, struct rig *plain, const char *name)
{
    double error = relative_error(network_logits(rig->network), network_logits(plain->network),
                                  rig->batch * NETWORK_CLASSES);
    if (!(error <= LOGITS_TOLERANCE))
        fail_msg("%s, %zu images: logits are off by %g", name, rig->batch, error);
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        error =
            relative_error(parameter->gradient, network_parameter(plain->network, index)->gradient,
                           parameter->count);
        if (!(error <= GRADIENT_TOLERANCE))
            fail_msg("%s, %zu images: the gradient of %s is off by %g", name, rig->batch,
                     parameter->name, error);
    }
}

static void compare_all(const char *name)
{
    for (size_t index = 0; index < BATCHES; index++) {
        struct rig plain, rig;
        open_rig(&plain, name, BATCH_SIZES[index], ISA_REFERENCE);
        for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++) {
            if (!isa_supported((enum isa)isa))
                continue;
            open_rig(&rig, name, BATCH_SIZES[index], (enum isa)isa);
            compare(&rig, &plain, name);
            rig_close(&rig);
        }
        rig_close(&plain);
    }
}

static void lenet_agrees_with_the_plain_path_for_any_batch(void **state)
{
    (void)state;
    compare_all("lenet");
}

static void alexnet_agrees_with_the_plain_path_for_any_batch(void **state)
{
    (void)state;
    compare_all("alexnet");
}

/* A network made for many images computes fewer as one made for fewer does. */
static void a_batch_may_be_smaller_than_the_network_allows(void **state)
{
    (void)state;
    struct rig small, large;
    open_rig(&small, "alexnet", 7, isa_best());
    open_rig(&large, "alexnet", 16, isa_best());
    large.batch = 7;
    assert_true(rig_pass(&large));
    assert_memory_equal(network_logits(large.network), network_logits(small.network),
                        7 * NETWORK_CLASSES * sizeof(real));
    rig_close(&large);
    rig_close(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_agrees_with_the_plain_path_for_any_batch),
        cmocka_unit_test(alexnet_agrees_with_the_plain_path_for_any_batch),
        cmocka_unit_test(a_batch_may_be_smaller_than_the_network_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
