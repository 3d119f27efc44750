// SPDX-License-Identifier: MIT
/* The result of the command `bench`, for people and for programs. */
#ifndef FMNIST_CLI_BENCH_H
#define FMNIST_CLI_BENCH_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/measurement.h"
#include "fmnist/base/error.h"

enum { BENCH_MODELS_MAX = 8, BENCH_SCALING_MAX = 8, BENCH_CPU_NAME_SIZE = 96 };

/* Training with some number of threads. */
struct bench_scaling {
    unsigned threads;
    struct rounds train;
};

struct bench_model {
    struct measurement measurement;
    size_t peak_memory; /* bytes, of the process up to this measurement's end */
    struct bench_scaling scaling[BENCH_SCALING_MAX];
    size_t scaling_count; /* 0 where a number of threads was asked for */
};

struct bench_result {
    char cpu[BENCH_CPU_NAME_SIZE];
    unsigned cpus, threads;
    enum isa isa;
    double peaks[ISA_COUNT];  /* operations a second of all threads; 0: not supported */
    struct rounds round_trip; /* seconds */
    struct bench_model models[BENCH_MODELS_MAX];
    size_t model_count;
};

void bench_write(FILE *out, const struct bench_result *result);

/* One JSON object, as the man page describes it. False with `err` set where memory is short or the
 * write fails. */
bool bench_write_json(FILE *out, const struct bench_result *result, struct error *err);

#endif
