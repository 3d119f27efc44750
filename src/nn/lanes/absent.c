// SPDX-License-Identifier: MIT
/* Stands in for the runner and the kernels where the engine is built in double precision, which has
 * none. */
#include "nn/lanes/runner.h"
#include "nn/lanes/tables.h"

const struct lane_kernels *lane_kernels_at(enum isa isa)
{
    (void)isa;
    return NULL;
}

bool lane_runner_create(const struct layer *layers, size_t layer_count, size_t max_batch,
                        enum isa isa, struct pool *pool, struct layer_clock *clock,
                        struct lane_runner **runner, struct error *err)
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

void lane_runner_destroy(struct lane_runner *runner)
{
    (void)runner;
}

bool lane_runner_forward(struct lane_runner *runner, const struct lane_images *images, size_t batch,
                         real *logits)
{
    (void)runner;
    (void)images;
    (void)batch;
    (void)logits;
    return false;
}

bool lane_runner_train(struct lane_runner *runner, const struct lane_images *images, size_t batch,
                       size_t mean_of, const uint8_t *labels, real *logits,
                       struct network_loss *loss)
{
    (void)mean_of;
    (void)runner;
    (void)images;
    (void)batch;
    (void)labels;
    (void)logits;
    (void)loss;
    return false;
}

void lane_runner_join(struct lane_runner *runner, struct comm *comm)
{
    (void)runner;
    (void)comm;
}
