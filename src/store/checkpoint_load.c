// SPDX-License-Identifier: MIT
/* Reading a checkpoint's files, of which nothing is trusted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/store/checkpoint_file.h"
#include "fmnist/store/safetensors.h"
#include "store/checkpoint_names.h"
#include "store/checkpoint_state.h"

enum { STATE_NUMBERS = CHECKPOINT_STATE_COUNT * sizeof(union state_number) };

/* What the parameters of a network are: how many tensors, how many bytes. */
struct extent {
    size_t tensors, bytes;
};

static bool measure(const struct network_spec *spec, struct extent *extent, struct error *err)
{
    struct parameter *parameters = network_spec_parameters(spec, &extent->tensors, err);
    extent->bytes = 0;
    if (!parameters)
        return false;
    for (size_t index = 0; index < extent->tensors; index++)
        extent->bytes += parameters[index].count * sizeof(float);
    free(parameters);
    return true;
}

/* The bytes of the largest network's weights: no file of weights has more. */
static bool measure_largest(size_t *bytes, struct error *err)
{
    *bytes = 0;
    for (size_t number = 0; number < network_spec_count(); number++) {
        struct extent extent;
        if (!measure(network_spec_at(number), &extent, err))
            return false;
        if (extent.bytes > *bytes)
            *bytes = extent.bytes;
    }
    return true;
}

/* That no network has as many tensors as the file. */
static void tell_counts(const struct safetensors *file, const char *path, struct error *err)
{
    char counts[256] = "";
    for (size_t number = 0; number < network_spec_count(); number++) {
        const struct network_spec *spec = network_spec_at(number);
        struct extent extent;
        size_t used = strlen(counts);
        if (!measure(spec, &extent, err))
            return;
        (void)snprintf(counts + used, sizeof counts - used, "%s%s has %zu", number ? ", " : "",
                       network_spec_title(spec), extent.tensors);
    }
    error_set(err, ERROR_FORMAT, "%s: holds %zu tensors; %s", path, safetensors_count(file),
              counts);
}

/* The network whose weights the file says that it holds; without word of it, the one that has as
 * many tensors. */
static const struct network_spec *find_spec(const struct safetensors *file, const char *path,
                                            struct error *err)
{
    const char *model = safetensors_fact(file, CHECKPOINT_FACT_MODEL);
    const struct network_spec *named = model ? network_spec_find(model) : NULL;
    if (named)
        return named;
    for (size_t number = 0; !model && number < network_spec_count(); number++) {
        struct extent extent;
        if (!measure(network_spec_at(number), &extent, err))
            return NULL;
        if (extent.tensors == safetensors_count(file))
            return network_spec_at(number);
    }
    if (model)
        error_set(err, ERROR_FORMAT, "%s: holds weights of a model that is not known", path);
    else
        tell_counts(file, path, err);
    return NULL;
}

static bool check_count(const struct safetensors *file, const char *path, size_t expected,
                        struct error *err)
{
    if (safetensors_count(file) == expected)
        return true;
    error_set(err, ERROR_FORMAT, "%s: holds %zu tensors, %zu expected", path,
              safetensors_count(file), expected);
    return false;
}

static bool read_weights(const struct safetensors *file, const char *path,
                         struct checkpoint *checkpoint, struct error *err)
{
    if (!check_count(file, path, checkpoint->parameter_count, err))
        return false;
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
        if (!safetensors_read_tensor(file, parameter->name, SAFETENSORS_F32, parameter->rank,
                                     parameter->sizes, parameter->value, err))
            return false;
    }
    return true;
}

static bool check_numbers(const struct checkpoint *checkpoint, const char *path,
                          enum checkpoint_numbers numbers, struct error *err)
{
    if (numbers == CHECKPOINT_ANY || checkpoint_check_finite(checkpoint, err))
        return true;
    error_prefix(err, "%s", path);
    return false;
}

/* Opens weights and makes a checkpoint with them in it. Sets *file, for the caller to close. */
static struct checkpoint *open_weights(const char *path, bool whole, struct safetensors **file,
                                       struct error *err)
{
    size_t largest;
    *file = measure_largest(&largest, err) ? safetensors_open(path, largest, err) : NULL;
    const struct network_spec *spec = *file ? find_spec(*file, path, err) : NULL;
    struct checkpoint *checkpoint = spec ? checkpoint_create(spec, whole, err) : NULL;
    if (!checkpoint || read_weights(*file, path, checkpoint, err))
        return checkpoint;
    checkpoint_release(checkpoint);
    return NULL;
}

struct checkpoint *checkpoint_file_load_weights(const char *path, enum checkpoint_numbers numbers,
                                                struct error *err)
{
    struct safetensors *file;
    struct checkpoint *checkpoint = open_weights(path, false, &file, err);
    safetensors_close(file);
    if (checkpoint && !check_numbers(checkpoint, path, numbers, err)) {
        checkpoint_release(checkpoint);
        return NULL;
    }
    return checkpoint;
}

/* Whether a fact has that text. */
static bool fact_is(const struct safetensors *file, const char *key, const char *text)
{
    const char *value = safetensors_fact(file, key);
    return value && text && strcmp(value, text) == 0;
}

/* Checks that the state is one, and of these weights. */
static bool check_pair(const struct safetensors *state, const char *path,
                       const struct safetensors *weights, const struct checkpoint *checkpoint,
                       struct error *err)
{
    const char *reason = NULL;
    if (!safetensors_hash(weights) || !safetensors_hash(state))
        reason = "no run can go on from files without a SHA-256";
    else if (!fact_is(state, CHECKPOINT_FACT_VERSION, CHECKPOINT_STATE_VERSION))
        reason = "is no state of a run, or one of another version of the program";
    else if (!fact_is(state, CHECKPOINT_FACT_WEIGHTS, safetensors_hash(weights)) ||
             !fact_is(state, CHECKPOINT_FACT_MODEL, network_spec_name(checkpoint->spec)))
        reason = "belongs to other weights than those beside it";
    if (!reason)
        return true;
    error_set(err, ERROR_FORMAT, "%s: %s", path, reason);
    return false;
}

/* Takes over which kernels computed the checkpoint. */
static bool read_kernels(const struct safetensors *file, const char *path,
                         struct checkpoint *checkpoint, struct error *err)
{
    const char *isa = safetensors_fact(file, CHECKPOINT_FACT_ISA);
    const char *core = safetensors_fact(file, CHECKPOINT_FACT_BLAS);
    if (!isa || !isa_find(isa, &checkpoint->isa) || !core ||
        strlen(core) >= sizeof checkpoint->blas_core) {
        error_set(err, ERROR_FORMAT, "%s: does not say which kernels it was computed with", path);
        return false;
    }
    (void)snprintf(checkpoint->blas_core, sizeof checkpoint->blas_core, "%s", core);
    return true;
}

static bool read_moments(const struct safetensors *file, const struct checkpoint *checkpoint,
                         struct error *err)
{
    for (size_t index = 0; index < checkpoint->parameter_count; index++)
        for (int moment = 1; moment <= 2; moment++) {
            const struct checkpoint_parameter *parameter = &checkpoint->parameters[index];
            char name[CHECKPOINT_TENSOR_SIZE];
            checkpoint_moment_name(moment, parameter->name, name);
            if (!safetensors_read_tensor(
                    file, name, SAFETENSORS_F32, parameter->rank, parameter->sizes,
                    moment == 1 ? parameter->first_moment : parameter->second_moment, err))
                return false;
        }
    return true;
}

/* Reads the state of a checkpoint that has its weights. */
static bool load_state(const char *path, const struct safetensors *weights,
                       enum checkpoint_numbers numbers, struct checkpoint *checkpoint,
                       struct error *err)
{
    struct extent extent;
    size_t tensors = 2 * checkpoint->parameter_count + CHECKPOINT_STATE_COUNT;
    if (!measure(checkpoint->spec, &extent, err))
        return false;
    struct safetensors *file = safetensors_open(path, 2 * extent.bytes + STATE_NUMBERS, err);
    bool good = file && check_pair(file, path, weights, checkpoint, err) &&
                check_count(file, path, tensors, err) &&
                checkpoint_state_read(file, path, numbers == CHECKPOINT_FINITE, checkpoint, err) &&
                read_kernels(file, path, checkpoint, err) && read_moments(file, checkpoint, err);
    safetensors_close(file);
    return good;
}

struct checkpoint *checkpoint_file_load(const char *path, enum checkpoint_numbers numbers,
                                        struct error *err)
{
    struct safetensors *weights = NULL;
    char *state_path = checkpoint_state_path(path, err);
    struct checkpoint *checkpoint = state_path ? open_weights(path, true, &weights, err) : NULL;
    bool good = checkpoint && load_state(state_path, weights, numbers, checkpoint, err) &&
                check_numbers(checkpoint, path, numbers, err);
    safetensors_close(weights);
    free(state_path);
    if (good)
        return checkpoint;
    checkpoint_release(checkpoint);
    return NULL;
}
