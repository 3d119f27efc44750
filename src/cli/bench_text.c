// SPDX-License-Identifier: MIT
#include <string.h>

#include "cli/bench.h"
#include "fmnist/nn/blas.h"

static const double GIGA = 1e9, MILLI = 1e-3, NANO = 1e-9, MEBIBYTE = 1 << 20;

static const char *const PHASES[WORKLOAD_PHASES] = {
    [WORKLOAD_GATHER] = "gather",
    [WORKLOAD_PASSES] = "forward, loss, backward",
    [WORKLOAD_UPDATE] = "Adam",
};

static void write_machine(FILE *out, const struct bench_result *result)
{
    (void)fprintf(out, "%s, %s kernels, %u thread%s, OpenBLAS core %s\n%s, %u CPU%s\nFMA peak:",
                  PACKAGE_STRING, isa_title(result->isa), result->threads,
                  result->threads == 1 ? "" : "s", blas_core(), result->cpu, result->cpus,
                  result->cpus == 1 ? "" : "s");
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        if (result->peaks[isa] > 0)
            (void)fprintf(out, "%s %s %.0f", isa == ISA_GENERIC ? "" : ",",
                          isa_title((enum isa)isa), result->peaks[isa] / GIGA);
    (void)fputs(" GFLOP/s\n", out);
    if (result->round_trip.count > 0)
        (void)fprintf(out, "cache line from core to core and back: %.0f ns (median %.0f)\n",
                      rounds_smallest(&result->round_trip) / NANO,
                      rounds_median(&result->round_trip) / NANO);
}

/* Writes the layers that are computed together as "conv+tanh+average pool" to `text`. */
static void describe_stage(const struct measurement *measurement, size_t stage, char *text,
                           size_t size)
{
    text[0] = '\0';
    for (size_t layer = stage; layer < measurement->layer_count; layer++) {
        const struct measured_layer *measured = &measurement->layers[layer];
        size_t used = strlen(text);
        if (measured->stage == stage)
            (void)snprintf(text + used, size - used, "%s%s", used ? "+" : "", measured->kind);
    }
}

static void write_layer(FILE *out, const struct measurement *measurement, size_t layer)
{
    const struct measured_layer *measured = &measurement->layers[layer];
    char text[64];
    double sum = 0;
    describe_stage(measurement, layer, text, sizeof text);
    (void)fprintf(out, "%-28s", text);
    for (int work = 0; work < LAYER_WORKS; work++) {
        sum += measured->seconds[work];
        (void)fprintf(out, " %9.3f", measured->seconds[work] / MILLI);
    }
    (void)fprintf(out, " %9.3f", sum / MILLI);
    if (measured->operations > 0 && sum > 0)
        (void)fprintf(out, " %8.1f", measured->operations / sum / GIGA);
    else
        (void)fprintf(out, " %8s", "");
    (void)fprintf(out, " %6.1f %%\n", 100 * sum / measurement->step_seconds);
}

static void write_layers(FILE *out, const struct measurement *measurement)
{
    (void)fprintf(out, "\n%-28s %9s %9s %9s %9s %8s %8s\n", "layers, ms a step", "forward",
                  "back data", "back wts", "sum", "GFLOP/s", "share");
    for (size_t layer = 0; layer < measurement->layer_count; layer++)
        if (measurement->layers[layer].stage == layer)
            write_layer(out, measurement, layer);
    (void)fprintf(out, "\n%-28s %9s %8s\n", "phases of a step", "ms", "share");
    for (int phase = 0; phase < WORKLOAD_PHASES; phase++)
        (void)fprintf(out, "%-28s %9.3f %6.1f %%\n", PHASES[phase],
                      measurement->phases[phase] / MILLI,
                      100 * measurement->phases[phase] / measurement->step_seconds);
}

static void write_scaling(FILE *out, const struct bench_model *model)
{
    double one = rounds_largest(&model->scaling[0].train);
    (void)fprintf(out, "\n%-28s %9s %9s %8s\n", "training, images/s", "best", "median", "speedup");
    for (size_t index = 0; index < model->scaling_count; index++) {
        const struct bench_scaling *scaling = &model->scaling[index];
        char text[32];
        (void)snprintf(text, sizeof text, "%u thread%s", scaling->threads,
                       scaling->threads == 1 ? "" : "s");
        (void)fprintf(out, "%-28s %9.0f %9.0f %8.2f\n", text, rounds_largest(&scaling->train),
                      rounds_median(&scaling->train), rounds_largest(&scaling->train) / one);
    }
}

static void write_model(FILE *out, const struct bench_model *model, double peak)
{
    const struct measurement *measurement = &model->measurement;
    double rate = rounds_largest(&measurement->train);
    double operations = measurement->operations / (double)measurement->batch * rate;
    (void)fprintf(out,
                  "\n%s, batch %zu\n"
                  "training    %8.0f images/s (median %.0f), %.1f GFLOP/s counted as direct "
                  "convolution, %.0f %% of the peak\n"
                  "evaluation  %8.0f images/s (median %.0f)\n",
                  network_spec_title(measurement->spec), measurement->batch, rate,
                  rounds_median(&measurement->train), operations / GIGA, 100 * operations / peak,
                  rounds_largest(&measurement->evaluate), rounds_median(&measurement->evaluate));
    if (model->peak_memory > 0)
        (void)fprintf(out, "memory      %8.1f MiB at most so far, with the sample\n",
                      (double)model->peak_memory / MEBIBYTE);
    write_layers(out, measurement);
    if (model->scaling_count > 0)
        write_scaling(out, model);
}

void bench_write(FILE *out, const struct bench_result *result)
{
    write_machine(out, result);
    for (size_t model = 0; model < result->model_count; model++)
        write_model(out, &result->models[model], result->peaks[result->isa]);
}
