// SPDX-License-Identifier: MIT
/* A weight that is NaN, wherever it is, makes the loss NaN: no kernel may swallow it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "fmnist/nn/loss.h"
#include "rig.h"

enum { BATCH = 2 };

/* The loss of a forward pass. */
static double loss_of(struct rig *rig)
{
    struct network_loss loss;
    assert_true(network_forward(rig->network, BATCH, NETWORK_TRAIN, 1));
    cross_entropy(network_logits(rig->network), rig->labels, BATCH, NETWORK_CLASSES, NULL, &loss);
    return loss.loss;
}

/* Puts a NaN in the place of one number, looks at the loss, and takes it away again. */
static void check_place(struct rig *rig, enum isa isa, struct parameter *parameter, size_t place)
{
    real before = parameter->value[place];
    parameter->value[place] = (real)NAN;
    double loss = loss_of(rig);
    if (!isnan(loss))
        fail_msg("%s, %s on %s: the loss is %g with NaN at %zu", network_spec_title(&rig->spec),
                 parameter->name, isa_name(isa), loss, place);
    parameter->value[place] = before;
}

static void check_network(const struct network_spec *spec, enum isa isa)
{
    struct rig rig;
    rig_open(
        &rig,
        (struct rig_settings){
            .spec = spec, .batch = BATCH, .threads = 2, .salt = 1, .no_dropout = true, .isa = isa});
    for (size_t index = 0; index < network_parameter_count(rig.network); index++) {
        struct parameter *parameter = network_parameter(rig.network, index);
        check_place(&rig, isa, parameter, 0);
        check_place(&rig, isa, parameter, parameter->count - 1);
    }
    assert_true(isfinite(loss_of(&rig)));
    rig_close(&rig);
}

static void nan_in_any_parameter_makes_the_loss_nan_on_each_isa(void **state)
{
    (void)state;
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa))
            continue;
        for (size_t network = 0; network < network_spec_count(); network++)
            check_network(network_spec_at(network), (enum isa)isa);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nan_in_any_parameter_makes_the_loss_nan_on_each_isa),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
