// SPDX-License-Identifier: MIT
/* Writing a checkpoint's two files, and removing them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "fmnist/store/checkpoint_file.h"
#include "store/checkpoint_names.h"
#include "store/checkpoint_state.h"

enum {
    NUMBER_SIZE = 32,
    FACTS_MAX = 9,
    STATE_TENSORS_MAX = 2 * CHECKPOINT_PARAMETERS_MAX + CHECKPOINT_STATE_COUNT,
};

char *checkpoint_state_path(const char *path, struct error *err)
{
    static const char ending[] = ".safetensors", other[] = ".state.safetensors";
    size_t length = strlen(path), stem = length - (sizeof ending - 1);
    if (length < sizeof ending || strcmp(path + stem, ending) != 0) {
        error_set(err, ERROR_USAGE, "%s: the name of a checkpoint ends in %s", path, ending);
        return NULL;
    }
    char *state = memory_array(stem + sizeof other, 1, err);
    if (!state)
        return NULL;
    memcpy(state, path, stem);
    memcpy(state + stem, other, sizeof other);
    return state;
}

/* The facts of a file; the array and the texts of numbers are in here. */
struct facts {
    struct safetensors_fact list[FACTS_MAX];
    size_t count;
    char step[NUMBER_SIZE], epoch[NUMBER_SIZE], accuracy[NUMBER_SIZE];
};

/* A text of NULL adds nothing. */
static void add_fact(struct facts *facts, const char *key, const char *value)
{
    if (value)
        facts->list[facts->count++] = (struct safetensors_fact){key, value};
}

static void add_program(struct facts *facts, const struct checkpoint *checkpoint, const char *run)
{
    add_fact(facts, "program", PACKAGE_NAME);
    add_fact(facts, "version", PACKAGE_VERSION);
    add_fact(facts, CHECKPOINT_FACT_MODEL, network_spec_name(checkpoint->spec));
    add_fact(facts, "run", run);
}

static void set_weights_facts(struct facts *facts, const struct checkpoint *checkpoint,
                              const char *run)
{
    facts->count = 0;
    add_fact(facts, "format", "pt");
    add_program(facts, checkpoint, run);
    if (checkpoint->whole) {
        (void)snprintf(facts->step, NUMBER_SIZE, "%" PRIu64, checkpoint->place.step);
        (void)snprintf(facts->epoch, NUMBER_SIZE, "%zu", checkpoint->place.epochs_done);
        add_fact(facts, "step", facts->step);
        add_fact(facts, "epoch", facts->epoch);
    }
    (void)snprintf(facts->accuracy, NUMBER_SIZE, "%.6f", checkpoint->accuracy);
    add_fact(facts, "accuracy", checkpoint->accuracy >= 0 ? facts->accuracy : NULL);
}

static struct safetensors_tensor describe(const struct checkpoint_parameter *parameter,
                                          const char *name, const float *values)
{
    struct safetensors_tensor tensor = {
        .name = name, .type = SAFETENSORS_F32, .rank = parameter->rank, .values = values};
    memcpy(tensor.sizes, parameter->sizes, parameter->rank * sizeof *parameter->sizes);
    return tensor;
}

static struct safetensors_draft *prepare_weights(const struct checkpoint *checkpoint,
                                                 const char *run, struct error *err)
{
    struct facts facts;
    struct safetensors_tensor tensors[CHECKPOINT_PARAMETERS_MAX];
    set_weights_facts(&facts, checkpoint, run);
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
        tensors[index] = describe(parameter, parameter->name, parameter->value);
    }
    return safetensors_prepare(tensors, checkpoint->parameter_count, facts.list, facts.count, err);
}

/* All that the state's file is made of; too much for the stack of a small thread. */
struct state {
    struct facts facts;
    char names[2 * CHECKPOINT_PARAMETERS_MAX][CHECKPOINT_TENSOR_SIZE];
    union state_number numbers[CHECKPOINT_STATE_COUNT];
    struct safetensors_tensor tensors[STATE_TENSORS_MAX];
};

/* Describes the state; returns how many tensors that makes. */
static size_t describe_state(struct state *state, const struct checkpoint *checkpoint)
{
    size_t count = CHECKPOINT_STATE_COUNT;
    checkpoint_state_describe(checkpoint, state->numbers, state->tensors);
    for (size_t index = 0; index < checkpoint->parameter_count; index++)
        for (int moment = 1; moment <= 2; moment++) {
            const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
            char *name = state->names[count - CHECKPOINT_STATE_COUNT];
            checkpoint_moment_name(moment, parameter->name, name);
            state->tensors[count++] = describe(
                parameter, name, moment == 1 ? parameter->first_moment : parameter->second_moment);
        }
    return count;
}

static bool write_state(const struct checkpoint *checkpoint, const char *path, const char *run,
                        const char *weights, struct error *err)
{
    struct state *state = memory_array(1, sizeof *state, err);
    if (!state)
        return false;
    add_program(&state->facts, checkpoint, run);
    add_fact(&state->facts, CHECKPOINT_FACT_VERSION, CHECKPOINT_STATE_VERSION);
    add_fact(&state->facts, CHECKPOINT_FACT_WEIGHTS, weights);
    add_fact(&state->facts, CHECKPOINT_FACT_ISA, isa_name(checkpoint->isa));
    add_fact(&state->facts, CHECKPOINT_FACT_BLAS, checkpoint->blas_core);
    size_t count = describe_state(state, checkpoint);
    struct safetensors_draft *draft =
        safetensors_prepare(state->tensors, count, state->facts.list, state->facts.count, err);
    bool good = draft && safetensors_write(draft, path, err);
    safetensors_draft_destroy(draft);
    free(state);
    return good;
}

bool checkpoint_file_save(const struct checkpoint *checkpoint, const char *path, const char *run,
                          struct error *err)
{
    char *state_path = checkpoint_state_path(path, err);
    struct safetensors_draft *weights = state_path ? prepare_weights(checkpoint, run, err) : NULL;
    bool good = weights != NULL;
    if (good && checkpoint->whole)
        good = write_state(checkpoint, state_path, run, safetensors_draft_hash(weights), err);
    good = good && safetensors_write(weights, path, err);
    safetensors_draft_destroy(weights);
    free(state_path);
    return good;
}

static bool remove_file(const char *path, struct error *err)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    error_set_errno(err, errno, "%s: cannot remove", path);
    return false;
}

bool checkpoint_file_remove(const char *path, struct error *err)
{
    char *state_path = checkpoint_state_path(path, err);
    /* The weights first: a checkpoint is there as long as they are. */
    bool good = state_path && remove_file(path, err) && remove_file(state_path, err);
    free(state_path);
    return good;
}
