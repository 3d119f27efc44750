// SPDX-License-Identifier: MIT
#include "cli/bench.h"
#include "cli/document.h"
#include "fmnist/nn/blas.h"

static const double GIGA = 1e9, MILLI = 1e-3, NANO = 1e-9;

static json_t *json_rates(const struct rounds *rounds)
{
    json_t *all = json_array();
    for (size_t round = 0; round < rounds->count; round++)
        json_array_append_new(all, json_real(rounds->values[round]));
    return json_pack("{s:f, s:f, s:o}", "best", rounds_largest(rounds), "median",
                     rounds_median(rounds), "rounds", all);
}

static json_t *json_layers(const struct measurement *measurement)
{
    json_t *layers = json_array();
    for (size_t index = 0; index < measurement->layer_count; index++) {
        const struct measured_layer *layer = &measurement->layers[index];
        double sum = 0;
        for (int work = 0; work < LAYER_WORKS; work++)
            sum += layer->seconds[work];
        json_array_append_new(
            layers, json_pack("{s:s, s:s, s:I, s:f, s:f, s:f, s:f, s:f}", "kind", layer->kind,
                              "name", layer->name, "counted_in", (json_int_t)layer->stage,
                              "forward_ms", layer->seconds[LAYER_FORWARD] / MILLI,
                              "backward_data_ms", layer->seconds[LAYER_BACKWARD_DATA] / MILLI,
                              "backward_weights_ms", layer->seconds[LAYER_BACKWARD_WEIGHTS] / MILLI,
                              "gflops", sum > 0 ? layer->operations / sum / GIGA : 0.0, "share",
                              sum / measurement->step_seconds));
    }
    return layers;
}

static json_t *json_phases(const double *phases)
{
    return json_pack("{s:f, s:f, s:f}", "gather_ms", phases[WORKLOAD_GATHER] / MILLI, "passes_ms",
                     phases[WORKLOAD_PASSES] / MILLI, "update_ms", phases[WORKLOAD_UPDATE] / MILLI);
}

static json_t *json_scaling(const struct bench_model *model)
{
    json_t *scaling = json_array();
    for (size_t index = 0; index < model->scaling_count; index++)
        json_array_append_new(scaling, json_pack("{s:I, s:o}", "threads",
                                                 (json_int_t)model->scaling[index].threads, "train",
                                                 json_rates(&model->scaling[index].train)));
    return scaling;
}

static json_t *json_model(const struct bench_model *model, double peak)
{
    const struct measurement *measurement = &model->measurement;
    double rate = rounds_largest(&measurement->train);
    double operations = measurement->operations / (double)measurement->batch * rate;
    return json_pack("{s:s, s:I, s:o, s:o, s:f, s:f, s:I, s:f, s:o, s:o, s:o}", "model",
                     network_spec_name(measurement->spec), "batch", (json_int_t)measurement->batch,
                     "train", json_rates(&measurement->train), "evaluate",
                     json_rates(&measurement->evaluate), "gflops", operations / GIGA, "peak_share",
                     operations / peak, "peak_memory_bytes", (json_int_t)model->peak_memory,
                     "step_ms", measurement->step_seconds / MILLI, "phases",
                     json_phases(measurement->phases), "layers", json_layers(measurement),
                     "scaling", json_scaling(model));
}

static json_t *json_machine(const struct bench_result *result)
{
    json_t *peaks = json_object(), *round_trip = json_null();
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        if (result->peaks[isa] > 0)
            json_object_set_new(peaks, isa_name((enum isa)isa),
                                json_real(result->peaks[isa] / GIGA));
    if (result->round_trip.count > 0)
        round_trip = json_pack("{s:f, s:f}", "best", rounds_smallest(&result->round_trip) / NANO,
                               "median", rounds_median(&result->round_trip) / NANO);
    return json_pack("{s:s, s:I, s:o, s:o}", "cpu", result->cpu, "cpus", (json_int_t)result->cpus,
                     "peak_gflops", peaks, "round_trip_ns", round_trip);
}

static json_t *json_bench(const struct bench_result *result)
{
    json_t *models = json_array();
    for (size_t model = 0; model < result->model_count; model++)
        json_array_append_new(models,
                              json_model(&result->models[model], result->peaks[result->isa]));
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o}", "version", PACKAGE_VERSION, "isa",
                     isa_name(result->isa), "openblas_core", blas_core(), "threads",
                     (json_int_t)result->threads, "machine", json_machine(result), "models",
                     models);
}

bool bench_write_json(FILE *out, const struct bench_result *result, struct error *err)
{
    return document_write(out, json_bench(result), err);
}
