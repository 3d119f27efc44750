// SPDX-License-Identifier: MIT
#include "fmnist/nn/adam.h"

#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

#include "base/memory.h"
#include "nn/lanes/tables.h"
#include "nn/layer.h"

const struct adam_settings ADAM_DEFAULTS = {.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};

enum { ADAM_BLOCK = 4096 }; /* numbers a task: even a small network has some to share */

/* A run of one parameter's numbers with its moments: one task. */
struct adam_block {
    struct parameter *parameter;
    size_t first, end;
    real *first_moment, *second_moment; /* of the whole parameter */
    struct adam_norms squares;          /* sums over the block, of the last measured update */
};

struct adam {
    struct network *network;
    struct adam_settings settings;
    uint64_t updates;
    struct arena *arena;
    real **first_moments; /* by parameter */
    real **second_moments;
    struct adam_block *blocks;
    size_t block_count;
};

/* One update. */
struct adam_job {
    const struct adam *adam;
    const struct lane_kernels *kernels; /* NULL: none */
    struct adam_factors factors;
};

static size_t adam_count_blocks(struct network *network)
{
    size_t blocks = 0;
    for (size_t index = 0; index < network_parameter_count(network); index++) {
        const struct parameter *parameter = network_parameter(network, index);
        blocks += (parameter->end - parameter->first + ADAM_BLOCK - 1) / ADAM_BLOCK;
    }
    return blocks;
}

static void adam_cut_blocks(struct adam *adam)
{
    for (size_t index = 0; index < network_parameter_count(adam->network); index++) {
        struct parameter *parameter = network_parameter(adam->network, index);
        adam->first_moments[index] = arena_cut(adam->arena, parameter->count, sizeof(real));
        adam->second_moments[index] = arena_cut(adam->arena, parameter->count, sizeof(real));
        for (size_t first = parameter->first; first < parameter->end; first += ADAM_BLOCK) {
            size_t left = parameter->end - first;
            adam->blocks[adam->block_count++] = (struct adam_block){
                .parameter = parameter,
                .first = first,
                .end = first + (left < ADAM_BLOCK ? left : ADAM_BLOCK),
                .first_moment = adam->first_moments[index],
                .second_moment = adam->second_moments[index],
            };
        }
    }
}

static struct arena *adam_arena(struct network *network, struct error *err)
{
    size_t bytes = 0;
    bool fits = true;
    for (size_t index = 0; index < network_parameter_count(network); index++) {
        size_t count = network_parameter(network, index)->count;
        fits = fits && arena_plan(count, sizeof(real), &bytes) &&
               arena_plan(count, sizeof(real), &bytes);
    }
    if (!fits) {
        error_set(err, ERROR_MEMORY, "the optimizer's state is larger than any memory");
        return NULL;
    }
    return pool_arena(network_pool(network), bytes, err);
}

struct adam *adam_create(struct network *network, struct adam_settings settings, struct error *err)
{
    size_t parameters = network_parameter_count(network);
    struct adam *adam = memory_array(1, sizeof *adam, err);
    if (!adam)
        return NULL;
    adam->network = network;
    adam->settings = settings;
    adam->arena = adam_arena(network, err);
    adam->first_moments = memory_array(parameters, sizeof *adam->first_moments, err);
    adam->second_moments = memory_array(parameters, sizeof *adam->second_moments, err);
    adam->blocks = memory_array(adam_count_blocks(network), sizeof *adam->blocks, err);
    if (!adam->arena || !adam->first_moments || !adam->second_moments || !adam->blocks) {
        adam_destroy(adam);
        return NULL;
    }
    adam_cut_blocks(adam);
    return adam;
}

void adam_destroy(struct adam *adam)
{
    if (!adam)
        return;
    free(adam->blocks);
    free(adam->second_moments);
    free(adam->first_moments);
    arena_destroy(adam->arena);
    free(adam);
}

static void adam_forget_block(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct adam *adam = context;
    const struct adam_block *block = &adam->blocks[index];
    for (size_t i = block->first; i < block->end; i++)
        block->first_moment[i] = block->second_moment[i] = 0;
}

void adam_reset(struct adam *adam, struct pool *pool)
{
    adam->updates = 0;
    pool_run_all(pool, adam->block_count, adam_forget_block, adam);
}

/* The update as PyTorch has it, number by number. */
static void adam_update_numbers(const struct adam_factors *factors, const struct adam_block *block)
{
    const real *gradient = block->parameter->gradient;
    real *value = block->parameter->value;
    real *first = block->first_moment, *second = block->second_moment;
    real beta1 = factors->beta1, beta2 = factors->beta2;
    for (size_t i = block->first; i < block->end; i++) {
        first[i] = first[i] * beta1 + gradient[i] * factors->rest1;
        second[i] = second[i] * beta2 + gradient[i] * gradient[i] * factors->rest2;
        real denominator = sqrt(second[i]) / factors->root_correction2 + factors->epsilon;
        value[i] -= factors->step_size * (first[i] / denominator);
    }
}

static void adam_update_block(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct adam_job *job = context;
    const struct adam_block *block = &job->adam->blocks[index];
    if (!job->kernels) {
        adam_update_numbers(&job->factors, block);
        return;
    }
    /* Kernels exist only where a real is a float. */
    job->kernels->adam(&job->factors, block->end - block->first,
                       (const void *)(block->parameter->gradient + block->first),
                       (void *)(block->first_moment + block->first),
                       (void *)(block->second_moment + block->first),
                       (void *)(block->parameter->value + block->first));
}

/* Numbers that are squared and added up side by side, each at its place. */
enum { ADAM_LANES = 8 };
typedef real adam_lanes __attribute__((vector_size(ADAM_LANES * sizeof(real))));

/* Adds up the squares of a block's numbers; `before` are its values before the update. */
static void adam_measure_numbers(struct adam_block *block, const real *before)
{
    const real *value = block->parameter->value + block->first;
    const real *gradient = block->parameter->gradient + block->first;
    size_t count = block->end - block->first, i = 0;
    adam_lanes values = {0}, gradients = {0}, changes = {0};
    for (; i + ADAM_LANES <= count; i += ADAM_LANES) {
        adam_lanes number, slope, change;
        memcpy(&number, value + i, sizeof number);
        memcpy(&slope, gradient + i, sizeof slope);
        memcpy(&change, before + i, sizeof change);
        change = number - change;
        values += number * number;
        gradients += slope * slope;
        changes += change * change;
    }
    block->squares = (struct adam_norms){0};
    for (size_t lane = 0; lane < ADAM_LANES; lane++) {
        block->squares.value += (double)values[lane];
        block->squares.gradient += (double)gradients[lane];
        block->squares.update += (double)changes[lane];
    }
    for (; i < count; i++) {
        double number = (double)value[i], slope = (double)gradient[i];
        double change = number - (double)before[i];
        block->squares.value += number * number;
        block->squares.gradient += slope * slope;
        block->squares.update += change * change;
    }
}

static void adam_measure_block(void *context, size_t index, unsigned worker)
{
    const struct adam_job *job = context;
    struct adam_block *block = &job->adam->blocks[index];
    real before[ADAM_BLOCK];
    memcpy(before, block->parameter->value + block->first,
           (block->end - block->first) * sizeof *before);
    adam_update_block(context, index, worker);
    adam_measure_numbers(block, before);
}

/* Counts the update and computes its factors. */
static struct adam_job adam_begin(struct adam *adam, double learning_rate)
{
    const struct adam_settings *settings = &adam->settings;
    double t = (double)++adam->updates;
    return (struct adam_job){
        .adam = adam,
        .kernels = lane_kernels_at(network_isa(adam->network)),
        .factors =
            {
                .beta1 = (real)settings->beta1,
                .beta2 = (real)settings->beta2,
                .rest1 = (real)(1 - settings->beta1),
                .rest2 = (real)(1 - settings->beta2),
                .epsilon = (real)settings->epsilon,
                .step_size = (real)(learning_rate / (1 - pow(settings->beta1, t))),
                .root_correction2 = (real)sqrt(1 - pow(settings->beta2, t)),
            },
    };
}

void adam_update(struct adam *adam, double learning_rate, struct pool *pool)
{
    struct adam_job job = adam_begin(adam, learning_rate);
    pool_run_all(pool, adam->block_count, adam_update_block, &job);
}

void adam_update_measured(struct adam *adam, double learning_rate, struct pool *pool,
                          struct adam_norms *norms)
{
    struct adam_job job = adam_begin(adam, learning_rate);
    pool_run_all(pool, adam->block_count, adam_measure_block, &job);
    size_t block = 0;
    for (size_t index = 0; index < network_parameter_count(adam->network); index++) {
        const struct parameter *parameter = network_parameter(adam->network, index);
        struct adam_norms sum = {0};
        for (; block < adam->block_count && adam->blocks[block].parameter == parameter; block++) {
            sum.value += adam->blocks[block].squares.value;
            sum.gradient += adam->blocks[block].squares.gradient;
            sum.update += adam->blocks[block].squares.update;
        }
        norms[index] = (struct adam_norms){sqrt(sum.value), sqrt(sum.gradient), sqrt(sum.update)};
    }
}

bool adam_exchange(struct adam *adam)
{
    return network_exchange(adam->network, adam->first_moments) &&
           network_exchange(adam->network, adam->second_moments);
}

uint64_t adam_updates(const struct adam *adam)
{
    return adam->updates;
}

void adam_set_updates(struct adam *adam, uint64_t updates)
{
    adam->updates = updates;
}

real *adam_first_moment(struct adam *adam, size_t index)
{
    return adam->first_moments[index];
}

real *adam_second_moment(struct adam *adam, size_t index)
{
    return adam->second_moments[index];
}
