// SPDX-License-Identifier: MIT
/*
 * Prints the losses of the first training steps, one a line, for compare_losses.py: batches of 100
 * images in the order of the files, dropout off, Adam at 0.001.
 *
 *     loss_trace NETWORK STEPS INTERVAL DATA-DIRECTORY [THREADS]
 *
 * With an INTERVAL of 0 it starts from the formula's weights and trains on. Otherwise it takes over
 * the weights from standard input before steps 0, INTERVAL, 2 INTERVAL and so on: the machine's
 * floats, one parameter after the other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fmnist/data/dataset.h"
#include "fmnist/data/split.h"
#include "fmnist/nn/adam.h"
#include "formula.h"
#include "nn/layer.h"

enum { BATCH = 100, LAYERS_MAX = 32, SALT = 1 };

static const double LEARNING_RATE = 0.001;

struct trace {
    struct layer_spec layers[LAYERS_MAX]; /* the network's, with dropout at rate 0 */
    struct network_spec spec;
    struct dataset *dataset;
    struct pool *pool;
    struct network *network;
    struct adam *adam;
};

static bool trace_copy_spec(struct trace *trace, const char *name, struct error *err)
{
    const struct network_spec *spec = network_spec_find(name);
    if (!spec || spec->layer_count > LAYERS_MAX) {
        error_set(err, ERROR_USAGE, "no network is called \"%s\"", name);
        return false;
    }
    trace->spec = *spec;
    memcpy(trace->layers, spec->layers, spec->layer_count * sizeof *trace->layers);
    for (size_t layer = 0; layer < spec->layer_count; layer++)
        trace->layers[layer].rate = 0;
    trace->spec.layers = trace->layers;
    return true;
}

static bool trace_open(struct trace *trace, const char *network, const char *directory,
                       unsigned threads, struct error *err)
{
    if (!trace_copy_spec(trace, network, err))
        return false;
    trace->dataset = dataset_load(directory, NULL, NULL, err);
    trace->pool = trace->dataset ? pool_create(threads, err) : NULL;
    if (trace->pool)
        trace->network = network_create(&trace->spec, BATCH, SALT, isa_best(), trace->pool, err);
    if (trace->network)
        trace->adam = adam_create(trace->network, ADAM_DEFAULTS, err);
    return trace->adam;
}

static void trace_close(struct trace *trace)
{
    adam_destroy(trace->adam);
    network_destroy(trace->network);
    pool_destroy(trace->pool);
    dataset_destroy(trace->dataset);
}

/* Takes over weights from standard input; false where they end too early. */
static bool trace_read_weights(struct trace *trace)
{
    for (size_t index = 0; index < network_parameter_count(trace->network); index++) {
        struct parameter *parameter = network_parameter(trace->network, index);
        if (fread(parameter->value, sizeof(real), parameter->count, stdin) != parameter->count)
            return false;
    }
    return true;
}

/* Trains on batch number `step` and returns its loss before the update. */
static double trace_step(struct trace *trace, size_t step)
{
    const struct image_set *images = dataset_train(trace->dataset);
    uint32_t indices[BATCH];
    uint8_t labels[BATCH];
    struct network_loss loss = {0};
    for (size_t image = 0; image < BATCH; image++)
        indices[image] = (uint32_t)((step * BATCH + image) % images->count);
    batch_labels(images, indices, BATCH, labels);
    network_take_images(trace->network, images->pixels, indices, BATCH);
    (void)network_train(trace->network, BATCH, labels, step, &loss); /* nothing interrupts */
    adam_update(trace->adam, LEARNING_RATE, trace->pool);
    return loss.loss;
}

static bool trace_print(struct trace *trace, size_t steps, size_t interval, struct error *err)
{
    formula_parameters(SALT, trace->network);
    for (size_t step = 0; step < steps; step++) {
        if (interval > 0 && step % interval == 0 && !trace_read_weights(trace)) {
            error_set(err, ERROR_FORMAT, "standard input ends before the weights of step %zu",
                      step);
            return false;
        }
        (void)printf("%.9g\n", trace_step(trace, step));
        if (fflush(stdout) != 0) {
            error_set(err, ERROR_SYSTEM, "cannot write to standard output");
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 6) {
        (void)fprintf(stderr,
                      "usage: loss_trace NETWORK STEPS INTERVAL DATA-DIRECTORY [THREADS]\n");
        return 2;
    }
    struct trace trace = {0};
    struct error err = {0};
    size_t steps = strtoul(argv[2], NULL, 10), interval = strtoul(argv[3], NULL, 10);
    unsigned threads = argc > 5 ? (unsigned)strtoul(argv[5], NULL, 10) : pool_default_threads();
    bool done = trace_open(&trace, argv[1], argv[4], threads, &err) &&
                trace_print(&trace, steps, interval, &err);
    if (!done)
        (void)fprintf(stderr, "loss_trace: %s\n", err.message);
    trace_close(&trace);
    return done ? 0 : 1;
}
