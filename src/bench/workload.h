// SPDX-License-Identifier: MIT
/*
 * A training run with nothing around it, to be measured: complete steps (gather the images,
 * forward, loss, backward, Adam) and evaluations (gather, forward) on batches of the sample in the
 * program, in an order that does not change. One thread creates it and calls all functions.
 */
#ifndef FMNIST_BENCH_WORKLOAD_H
#define FMNIST_BENCH_WORKLOAD_H

#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/data/dataset.h"
#include "fmnist/nn/network.h"

/* The parts of a step. */
enum workload_phase { WORKLOAD_GATHER, WORKLOAD_PASSES, WORKLOAD_UPDATE };

enum { WORKLOAD_PHASES = WORKLOAD_UPDATE + 1 };

struct workload_settings {
    const struct network_spec *spec;
    const struct image_set *images; /* outlives the workload */
    size_t batch;
    unsigned threads;
    enum isa isa;
};

struct workload;

/* NULL with `err` set where memory or threads are short. */
struct workload *workload_create(const struct workload_settings *settings, struct error *err);
void workload_destroy(struct workload *workload);

/* Both return the seconds that it took. */
double workload_train(struct workload *workload, size_t steps);
double workload_evaluate(struct workload *workload, size_t batches);

/* The workload's own; its layers' times are counted from the last workload_reset_times(). */
const struct network *workload_network(const struct workload *workload);
struct pool *workload_pool(const struct workload *workload);

/* Seconds of all training steps since workload_reset_times(), by phase. */
const double *workload_phases(const struct workload *workload);
void workload_reset_times(struct workload *workload);

#endif
