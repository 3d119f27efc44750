// SPDX-License-Identifier: MIT
#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fmnist/comm/unite.h"
#include "formula.h"

/* Copies the table, so that a test can leave dropout out. */
static void rig_copy_spec(struct rig *rig, struct rig_settings settings)
{
    rig->spec = *settings.spec;
    assert_true(rig->spec.layer_count <= RIG_LAYERS_MAX);
    memcpy(rig->layers, rig->spec.layers, rig->spec.layer_count * sizeof *rig->layers);
    for (size_t layer = 0; layer < rig->spec.layer_count; layer++) {
        if (settings.no_dropout)
            rig->layers[layer].rate = 0;
    }
    rig->spec.layers = rig->layers;
}

void rig_open(struct rig *rig, struct rig_settings settings)
{
    struct error err = {0};
    memset(rig, 0, sizeof *rig);
    rig_copy_spec(rig, settings);
    assert_true(settings.batch <= RIG_BATCH_MAX);
    rig->batch = settings.batch;
    rig->pool = pool_create(settings.threads, &err);
    assert_non_null(rig->pool);
    if (settings.comm && !comm_unite(settings.comm, rig->pool, settings.unite, &rig->team, &err))
        fail_msg("%s", err.message);
    rig->team_is_own = rig->team != settings.comm;
    rig->network =
        network_create(&rig->spec, settings.batch, settings.salt, settings.isa, rig->pool, &err);
    if (!rig->network)
        fail_msg("%s", err.message);
    if (rig->team && !network_join(rig->network, rig->team, &err))
        fail_msg("%s", err.message);
    rig->adam = adam_create(rig->network, ADAM_DEFAULTS, &err);
    assert_non_null(rig->adam);
    formula_parameters(settings.salt, rig->network);
    if (shape_size(rig->spec.input) == 28 * 28)
        formula_images(settings.salt, settings.batch, network_input(rig->network));
    formula_labels(settings.salt, settings.batch, rig->labels);
}

void rig_close(struct rig *rig)
{
    adam_destroy(rig->adam);
    network_destroy(rig->network);
    if (rig->team_is_own)
        comm_close(rig->team);
    pool_destroy(rig->pool);
}

bool rig_pass(struct rig *rig)
{
    return network_train(rig->network, rig->batch, rig->labels, rig->step, &rig->loss);
}

void rig_step(struct rig *rig)
{
    assert_true(rig_pass(rig));
    adam_update(rig->adam, 0.001, rig->pool);
    rig->step++;
}

static real *rig_copy(struct rig *rig, bool gradients)
{
    real *copy = malloc(network_weight_count(rig->network) * sizeof *copy);
    assert_non_null(copy);
    real *end = copy;
    for (size_t index = 0; index < network_parameter_count(rig->network); index++) {
        const struct parameter *parameter = network_parameter(rig->network, index);
        const real *from = gradients ? parameter->gradient : parameter->value;
        memcpy(end, from, parameter->count * sizeof *copy);
        end += parameter->count;
    }
    return copy;
}

real *rig_copy_values(struct rig *rig)
{
    return rig_copy(rig, false);
}

real *rig_copy_gradients(struct rig *rig)
{
    return rig_copy(rig, true);
}
