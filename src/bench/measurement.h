// SPDX-License-Identifier: MIT
/*
 * The figures of one network: images a second in training and evaluation, and where the time goes.
 */
#ifndef FMNIST_BENCH_MEASUREMENT_H
#define FMNIST_BENCH_MEASUREMENT_H

#include "bench/rounds.h"
#include "bench/workload.h"

enum { MEASUREMENT_LAYERS_MAX = 32, MEASUREMENT_ROUNDS = 5 };

/* A step's share of a layer, or of those from this one on that are computed together. */
struct measured_layer {
    const char *kind, *name; /* as network_layer_kind() and network_layer_name() */
    size_t stage;            /* layer in which this one is counted */
    double seconds[LAYER_WORKS];
    double operations; /* multiplications and additions of all three, as defined; 0: not counted */
};

struct measurement {
    const struct network_spec *spec;
    size_t batch;
    unsigned threads;
    struct rounds train, evaluate; /* images a second */
    double step_seconds;           /* of a round of its own, as the parts below */
    double phases[WORKLOAD_PHASES];
    struct measured_layer layers[MEASUREMENT_LAYERS_MAX];
    size_t layer_count;
    double operations; /* of a step: the sum over the layers */
};

/* Measures training and evaluation by turns, `rounds` times, for some 300 ms (at least one batch)
 * each, after a warm-up. False with `err` set where memory or threads are short. */
bool measurement_run(struct measurement *measurement, const struct workload_settings *settings,
                     size_t rounds, struct error *err);

/* Only images a second in training. */
bool measurement_train(struct rounds *train, const struct workload_settings *settings,
                       size_t rounds, struct error *err);

#endif
