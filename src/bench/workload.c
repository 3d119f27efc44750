// SPDX-License-Identifier: MIT
#include "bench/workload.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "fmnist/data/split.h"
#include "fmnist/nn/adam.h"

static const double LEARNING_RATE = 0.001;

struct workload {
    struct workload_settings settings;
    struct pool *pool;
    struct network *network;
    struct adam *adam;
    uint32_t *indices; /* of the images of a batch */
    uint8_t *labels;
    size_t next; /* image */
    uint64_t step;
    double phases[WORKLOAD_PHASES];
};

static bool workload_allocate(struct workload *workload, struct error *err)
{
    const struct workload_settings *settings = &workload->settings;
    workload->indices = memory_array(settings->batch, sizeof *workload->indices, err);
    if (!workload->indices)
        return false;
    workload->labels = memory_array(settings->batch, sizeof *workload->labels, err);
    if (!workload->labels)
        return false;
    workload->pool = pool_create(settings->threads, err);
    if (!workload->pool)
        return false;
    workload->network =
        network_create(settings->spec, settings->batch, 1, settings->isa, workload->pool, err);
    if (!workload->network)
        return false;
    workload->adam = adam_create(workload->network, ADAM_DEFAULTS, err);
    return workload->adam;
}

struct workload *workload_create(const struct workload_settings *settings, struct error *err)
{
    struct workload *workload = memory_array(1, sizeof *workload, err);
    if (!workload)
        return NULL;
    workload->settings = *settings;
    if (!workload_allocate(workload, err)) {
        workload_destroy(workload);
        return NULL;
    }
    return workload;
}

void workload_destroy(struct workload *workload)
{
    if (!workload)
        return;
    adam_destroy(workload->adam);
    network_destroy(workload->network);
    pool_destroy(workload->pool);
    free(workload->labels);
    free(workload->indices);
    free(workload);
}

static void workload_gather(struct workload *workload)
{
    const struct image_set *images = workload->settings.images;
    for (size_t item = 0; item < workload->settings.batch; item++)
        workload->indices[item] = (uint32_t)(workload->next++ % images->count);
    batch_labels(images, workload->indices, workload->settings.batch, workload->labels);
    network_take_images(workload->network, images->pixels, workload->indices,
                        workload->settings.batch);
}

/* Adds the time since *start to a phase; the next one starts now. */
static void end_phase(struct workload *workload, enum workload_phase phase, double *start)
{
    double now = clock_seconds();
    workload->phases[phase] += now - *start;
    *start = now;
}

static void workload_step(struct workload *workload)
{
    size_t batch = workload->settings.batch;
    struct network_loss loss;
    double start = clock_seconds();
    workload_gather(workload);
    end_phase(workload, WORKLOAD_GATHER, &start);
    (void)network_train(workload->network, batch, workload->labels, workload->step++, &loss);
    end_phase(workload, WORKLOAD_PASSES, &start);
    adam_update(workload->adam, LEARNING_RATE, workload->pool);
    end_phase(workload, WORKLOAD_UPDATE, &start);
}

double workload_train(struct workload *workload, size_t steps)
{
    double start = clock_seconds();
    while (steps-- > 0)
        workload_step(workload);
    return clock_seconds() - start;
}

double workload_evaluate(struct workload *workload, size_t batches)
{
    double start = clock_seconds();
    while (batches-- > 0) {
        workload_gather(workload);
        (void)network_forward(workload->network, workload->settings.batch, NETWORK_EVALUATE, 0);
    }
    return clock_seconds() - start;
}

const struct network *workload_network(const struct workload *workload)
{
    return workload->network;
}

struct pool *workload_pool(const struct workload *workload)
{
    return workload->pool;
}

const double *workload_phases(const struct workload *workload)
{
    return workload->phases;
}

void workload_reset_times(struct workload *workload)
{
    memset(workload->phases, 0, sizeof workload->phases);
    network_reset_times(workload->network);
}
