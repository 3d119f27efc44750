// SPDX-License-Identifier: MIT
/* The command `bench`: how fast the engine is on this machine, and where its time goes. */
#include "cli/bench.h"

#include <stdlib.h>

#include "base/memory.h"
#include "bench/machine.h"
#include "bench/peak.h"
#include "cli/command.h"

/* Peaks of all instruction sets with as many threads as the networks will have. */
static bool measure_machine(struct bench_result *result, struct error *err)
{
    (void)machine_cpu(result->cpu, sizeof result->cpu);
    result->cpus = pool_default_threads();
    struct pool *pool = pool_create(result->threads, err);
    if (!pool)
        return false;
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            result->peaks[isa] = peak_measure(pool, (enum isa)isa);
    result->peaks[ISA_REFERENCE] = result->peaks[isa_best()];
    pool_destroy(pool);
    return machine_round_trip(&result->round_trip, err);
}

/* One thread to one a CPU, and one more: threads that have to share a core must not stall. */
static bool measure_scaling(struct bench_model *model, struct workload_settings settings,
                            size_t rounds, struct error *err)
{
    unsigned most = pool_default_threads() + 1;
    for (unsigned threads = 1; threads <= most && threads <= BENCH_SCALING_MAX; threads++) {
        struct bench_scaling *scaling = &model->scaling[model->scaling_count++];
        /* of many CPUs the last two places are for all of them and one more */
        if (threads + 1 >= BENCH_SCALING_MAX && most > BENCH_SCALING_MAX)
            scaling->threads = most - (BENCH_SCALING_MAX - threads);
        else
            scaling->threads = threads;
        settings.threads = scaling->threads;
        if (!measurement_train(&scaling->train, &settings, rounds, err))
            return false;
    }
    return true;
}

static bool measure_model(struct bench_result *result, const struct options *options,
                          const struct network_spec *spec, const struct dataset *dataset,
                          struct error *err)
{
    struct bench_model *model = &result->models[result->model_count++];
    const struct workload_settings settings = {.spec = spec,
                                               .images = dataset_train(dataset),
                                               .batch = options->trainer.batch,
                                               .threads = options->trainer.threads,
                                               .isa = options->trainer.isa};
    if (!measurement_run(&model->measurement, &settings, options->rounds, err))
        return false;
    model->peak_memory = machine_peak_memory();
    return options->threads_given || measure_scaling(model, settings, options->rounds, err);
}

static bool measure_all(struct bench_result *result, const struct options *options,
                        const struct dataset *dataset, struct error *err)
{
    if (!measure_machine(result, err))
        return false;
    if (options->model_given)
        return measure_model(result, options, options->trainer.model, dataset, err);
    for (size_t number = 0; number < network_spec_count() && number < BENCH_MODELS_MAX; number++)
        if (!measure_model(result, options, network_spec_at(number), dataset, err))
            return false;
    return true;
}

static int bench_run(const struct options *options)
{
    struct error err = {0};
    struct bench_result *result = memory_array(1, sizeof *result, &err);
    struct dataset *dataset = result ? dataset_load_sample(&err) : NULL;
    bool good = dataset != NULL;
    if (good) {
        result->threads = options->trainer.threads;
        result->isa = options->trainer.isa;
        good = measure_all(result, options, dataset, &err);
    }
    if (good && options->json)
        good = bench_write_json(stdout, result, &err);
    else if (good)
        bench_write(stdout, result);
    dataset_destroy(dataset);
    free(result);
    return good ? STATUS_DONE : command_fail(&err);
}

const struct command COMMAND_BENCH = {
    .name = "bench",
    .summary = "measure how fast the engine is here, and where its time goes",
    .options = "model batch threads isa json rounds",
    .run = bench_run,
};
