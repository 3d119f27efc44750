// SPDX-License-Identifier: MIT
/* Stands in for the runner where the engine is built in double precision, which has no kernels. */
#include "nn/planes/runner.h"

bool plane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                         enum isa isa, struct pool *pool, struct layer_clock *clock,
                         struct plane_runner **runner, struct error *err)
{
    (void)layers;
    (void)layer_count;
    (void)max_batch;
    (void)isa;
    (void)pool;
    (void)clock;
    (void)err;
    *runner = NULL;
    return true;
}

void plane_runner_destroy(struct plane_runner *runner)
{
    (void)runner;
}

size_t plane_runner_layers(const struct plane_runner *runner)
{
    (void)runner;
    return 0;
}

bool plane_runner_forward(struct plane_runner *runner, size_t batch, enum network_mode mode)
{
    (void)runner;
    (void)batch;
    (void)mode;
    return false;
}

bool plane_runner_backward(struct plane_runner *runner, size_t batch, const real *output_gradient)
{
    (void)runner;
    (void)batch;
    (void)output_gradient;
    return false;
}

void plane_runner_divide(struct plane_runner *runner, const struct comm *comm, unsigned rank)
{
    (void)runner;
    (void)comm;
    (void)rank;
}

const struct comm_shares *plane_runner_images(const struct plane_runner *runner)
{
    (void)runner;
    return NULL;
}

void plane_runner_use(struct plane_runner *runner, struct comm *comm)
{
    (void)runner;
    (void)comm;
}
