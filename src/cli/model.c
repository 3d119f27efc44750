// SPDX-License-Identifier: MIT
#include "cli/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/document.h"
#include "cli/option.h"
#include "fmnist/nn/blas.h"
#include "fmnist/store/checkpoint_file.h"
#include "fmnist/store/store.h"

enum { BATCH = 100 }; /* images at a time */

/* What a checkpoint of a run is asked for by. */
struct wish {
    char run[RUN_NAME_SIZE]; /* its number or name */
    const char *which;       /* what stands after the @; NULL: nothing */
};

static bool is_path(const char *argument)
{
    static const char ending[] = ".safetensors";
    size_t length = strlen(argument), end = sizeof ending - 1;
    return strchr(argument, '/') || (length > end && strcmp(argument + length - end, ending) == 0);
}

static bool take_path(struct model *model, const char *path, struct error *err)
{
    int length = snprintf(model->path, sizeof model->path, "%s", path);
    if (length >= 0 && (size_t)length < sizeof model->path)
        return true;
    error_set(err, ERROR_USAGE, "the name of the checkpoint is too long");
    return false;
}

static bool parse_wish(struct wish *wish, const char *argument, struct error *err)
{
    const char *at = strrchr(argument, '@');
    size_t length = at ? (size_t)(at - argument) : strlen(argument);
    *wish = (struct wish){.which = at ? at + 1 : NULL};
    if (length > 0 && length < sizeof wish->run) {
        memcpy(wish->run, argument, length);
        return true;
    }
    error_set(err, ERROR_USAGE, "'%.64s' is neither a file nor a run", argument);
    return false;
}

/* The place of the newest of the best checkpoints by validation, or else of the last one. */
static size_t best_place(const struct run_checkpoint *checkpoints, size_t count)
{
    for (size_t place = count; place > 0; place--)
        if (checkpoints[place - 1].best)
            return place - 1;
    return count - 1;
}

/* Sets *chosen to the place of the checkpoint wished for, by rising step. */
static bool choose(const struct wish *wish, const struct run_checkpoint *checkpoints, size_t count,
                   size_t *chosen, struct error *err)
{
    char *end;
    *chosen = count;
    if (count == 0) {
        error_set(err, ERROR_SYSTEM, "run %s has no checkpoint", wish->run);
        return false;
    }
    if (!wish->which || strcmp(wish->which, "best") == 0)
        *chosen = best_place(checkpoints, count);
    else if (strcmp(wish->which, "last") == 0)
        *chosen = count - 1;
    else if (wish->which[0] >= '0' && wish->which[0] <= '9') {
        unsigned long long step = strtoull(wish->which, &end, 10);
        for (size_t place = 0; *end == '\0' && place < count; place++)
            if (checkpoints[place].step == step)
                *chosen = place;
    }
    if (*chosen < count)
        return true;
    error_set(err, ERROR_USAGE,
              "run %s has no checkpoint '%.32s': give best, last, or a step, such as %llu",
              wish->run, wish->which, (unsigned long long)checkpoints[count - 1].step);
    return false;
}

/* Finds the run that is meant; a name may have an @, too. */
static bool find_wished(struct run_row *run, struct store *store, struct wish *wish,
                        const char *argument, struct error *err)
{
    if (wish->which && store_find_run(store, argument, run, NULL)) {
        wish->which = NULL;
        return true;
    }
    return store_find_run(store, wish->run, run, err);
}

/* Finds the run's checkpoint in an open store. */
static bool find_in_store(struct model *model, struct store *store, const char *argument,
                          struct error *err)
{
    struct run_checkpoint *checkpoints = NULL;
    struct wish wish;
    size_t count, chosen;
    if (!parse_wish(&wish, argument, err) ||
        !find_wished(&model->run, store, &wish, argument, err) ||
        !store_list_checkpoints(store, model->run.id, &checkpoints, &count, err))
        return false;
    bool good = choose(&wish, checkpoints, count, &chosen, err) &&
                store_checkpoint_path(store, model->run.id, checkpoints[chosen].stem, model->path,
                                      sizeof model->path, err);
    if (good)
        model->step = checkpoints[chosen].step;
    free(checkpoints);
    return good;
}

static bool find_run(struct model *model, const char *argument, const char *directory,
                     struct error *err)
{
    struct store *store = store_open(directory, STORE_READ, err);
    bool good = store && find_in_store(model, store, argument, err);
    store_close(store);
    return good;
}

static bool find(struct model *model, const char *argument, const char *directory,
                 struct error *err)
{
    bool there = access(argument, F_OK) == 0, path = is_path(argument);
    if (path && there)
        return take_path(model, argument, err);
    if (find_run(model, argument, directory, err))
        return true;
    if (model->run.id != 0 || !(path || there))
        return false;
    return take_path(model, argument, err); /* which says why it cannot be opened */
}

/* Makes a network with the checkpoint's weights. */
static bool build(struct model *model, const struct options *options, struct error *err)
{
    const struct checkpoint *checkpoint = model->checkpoint;
    model->pool = pool_create(options->trainer.threads, err);
    if (!model->pool)
        return false;
    model->network =
        network_create(checkpoint->spec, BATCH, 0, options->trainer.isa, model->pool, err);
    if (!model->network)
        return false;
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *from = &checkpoint->parameters[index];
        memcpy(network_parameter(model->network, index)->value, from->value,
               from->count * sizeof *from->value);
    }
    return true;
}

bool model_open(struct model *model, const char *argument, const struct options *options,
                struct error *err)
{
    *model = (struct model){0};
    if (!find(model, argument, options->store_directory, err))
        return false;
    model->checkpoint = checkpoint_file_load_weights(model->path, CHECKPOINT_FINITE, err);
    return model->checkpoint && build(model, options, err);
}

void model_close(struct model *model)
{
    network_destroy(model->network);
    pool_destroy(model->pool);
    checkpoint_release(model->checkpoint);
    *model = (struct model){0};
}

const char *model_title(const struct model *model, char text[MODEL_TITLE_SIZE])
{
    if (model->run.id == 0)
        return model->path;
    (void)snprintf(text, MODEL_TITLE_SIZE, "run %lld, step %llu", (long long)model->run.id,
                   (unsigned long long)model->step);
    return text;
}

bool model_seed(const struct model *model, uint64_t *seed)
{
    *seed = model->run.seed;
    if (model->run.id != 0)
        return true;
    const struct checkpoint *whole = checkpoint_file_load(model->path, CHECKPOINT_ANY, NULL);
    if (whole)
        *seed = whole->place.seed;
    checkpoint_release(whole);
    return whole != NULL;
}

/* Takes the names of a data set. */
static bool load_classes(const char *directory, struct classes *classes, struct error *err)
{
    struct dataset *dataset = dataset_load(directory, NULL, NULL, err);
    if (!dataset)
        return false;
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        (void)snprintf(classes->names[label], DATASET_CLASS_NAME_SIZE, "%s",
                       dataset_class_name(dataset, label));
    dataset_destroy(dataset);
    return true;
}

bool model_classes(const struct model *model, const struct options *options,
                   struct classes *classes, struct error *err)
{
    static const char fashion[] = "Fashion-MNIST";
    classes_set_fashion(classes);
    if (option_given(options, "data"))
        return load_classes(options->trainer.data_directory, classes, err);
    if (model->run.id == 0 || strncmp(model->run.data_name, fashion, sizeof fashion - 1) == 0)
        return true;
    if (!load_classes(model->run.data_source, classes, NULL))
        classes_set_digits(classes);
    return true;
}

json_t *model_json(const struct model *model)
{
    bool known = model->run.id != 0;
    json_t *run = known ? json_integer(model->run.id) : json_null();
    json_t *step = known ? json_integer((json_int_t)model->step) : json_null();
    return json_pack("{s:o, s:o, s:o, s:s, s:I, s:s, s:s}", "file", document_text(model->path),
                     "run", run, "step", step, "model", network_spec_name(model->checkpoint->spec),
                     "parameters", (json_int_t)network_weight_count(model->network), "isa",
                     isa_name(network_isa(model->network)), "openblas_core", blas_core());
}
