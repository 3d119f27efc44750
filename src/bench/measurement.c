// SPDX-License-Identifier: MIT
#include "bench/measurement.h"

#include <math.h>

static const double ROUND_SECONDS = 0.3;

/* How often a thing that takes `seconds` fits into a round, at least once. */
static size_t repeats(double seconds)
{
    double fits = ceil(ROUND_SECONDS / fmax(seconds, 1e-6));
    return fits < 1 ? 1 : (size_t)fits;
}

/* Multiplications and additions of a layer's whole step. The first layer's input needs no gradient.
 */
static double layer_operations(const struct network *network, size_t layer, size_t batch)
{
    double multiplications = (double)(network_layer_multiplications(network, layer) * batch);
    return 2 * multiplications * (layer == 0 ? 2 : 3);
}

static void describe_layers(struct measurement *measurement, const struct workload *workload,
                            size_t steps)
{
    const struct network *network = workload_network(workload);
    measurement->layer_count = network_layer_count(network);
    for (size_t layer = 0; layer < measurement->layer_count; layer++) {
        struct layer_times times = network_layer_times(network, layer);
        struct measured_layer *measured = &measurement->layers[layer];
        *measured = (struct measured_layer){
            .kind = network_layer_kind(network, layer),
            .name = network_layer_name(network, layer),
            .stage = times.stage,
            .operations = layer_operations(network, layer, measurement->batch),
        };
        for (int work = 0; work < LAYER_WORKS; work++)
            measured->seconds[work] = times.seconds[work] / (double)steps;
        measurement->operations += measured->operations;
    }
}

/* Trains and evaluates by turns; layers' times are those of training alone. */
static void measure(struct measurement *measurement, struct workload *workload, size_t rounds)
{
    size_t batch = measurement->batch, steps, batches;
    (void)workload_train(workload, 1);
    steps = repeats(workload_train(workload, 1));
    (void)workload_evaluate(workload, 1);
    batches = repeats(workload_evaluate(workload, 1));
    for (size_t round = 0; round < rounds; round++) {
        double seconds = workload_evaluate(workload, batches);
        rounds_add(&measurement->evaluate, (double)(batches * batch) / seconds);
        seconds = workload_train(workload, steps);
        rounds_add(&measurement->train, (double)(steps * batch) / seconds);
    }
    /* and once more for the parts: no evaluation between resetting and reading */
    workload_reset_times(workload);
    measurement->step_seconds = workload_train(workload, steps) / (double)steps;
    describe_layers(measurement, workload, steps);
    for (int phase = 0; phase < WORKLOAD_PHASES; phase++)
        measurement->phases[phase] = workload_phases(workload)[phase] / (double)steps;
}

bool measurement_run(struct measurement *measurement, const struct workload_settings *settings,
                     size_t rounds, struct error *err)
{
    struct workload *workload = workload_create(settings, err);
    if (!workload)
        return false;
    *measurement = (struct measurement){
        .spec = settings->spec, .batch = settings->batch, .threads = settings->threads};
    bool fits = network_layer_count(workload_network(workload)) <= MEASUREMENT_LAYERS_MAX;
    if (fits)
        measure(measurement, workload, rounds);
    else
        error_set(err, ERROR_USAGE, "%s has more than %d layers",
                  network_spec_title(settings->spec), MEASUREMENT_LAYERS_MAX);
    workload_destroy(workload);
    return fits;
}

bool measurement_train(struct rounds *train, const struct workload_settings *settings,
                       size_t rounds, struct error *err)
{
    struct workload *workload = workload_create(settings, err);
    if (!workload)
        return false;
    train->count = 0;
    (void)workload_train(workload, 1);
    size_t steps = repeats(workload_train(workload, 1));
    for (size_t round = 0; round < rounds; round++)
        rounds_add(train, (double)(steps * settings->batch) / workload_train(workload, steps));
    workload_destroy(workload);
    return true;
}
