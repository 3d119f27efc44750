// SPDX-License-Identifier: MIT
/* Stands in for the runner where the engine is built in double precision, which has no kernels. */
#include "nn/lanes/runner.h"

bool lane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                        enum isa isa, struct pool *pool, struct lane_runner **runner,
                        struct error *err)
{
    (void)layers;
    (void)layer_count;
    (void)max_batch;
    (void)isa;
    (void)pool;
    (void)err;
    *runner = NULL;
    return true;
}

void lane_runner_destroy(struct lane_runner *runner)
{
    (void)runner;
}

bool lane_runner_forward(struct lane_runner *runner, size_t batch, enum network_mode mode,
                         real *logits)
{
    (void)runner;
    (void)batch;
    (void)mode;
    (void)logits;
    return false;
}

bool lane_runner_backward(struct lane_runner *runner, size_t batch, const real *logits_gradient)
{
    (void)runner;
    (void)batch;
    (void)logits_gradient;
    return false;
}
