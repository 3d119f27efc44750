// SPDX-License-Identifier: MIT
#include "cli/model.h"

#include <string.h>

#include "cli/document.h"
#include "cli/option.h"
#include "fmnist/nn/blas.h"
#include "fmnist/store/checkpoint_file.h"

enum { BATCH = 100 }; /* images at a time */

static bool find(struct model *model, const char *argument, struct error *err)
{
    int length = snprintf(model->path, sizeof model->path, "%s", argument);
    if (length >= 0 && (size_t)length < sizeof model->path)
        return true;
    error_set(err, ERROR_USAGE, "the name of the checkpoint is too long");
    return false;
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
    if (!find(model, argument, err))
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
    json_t *run = model->run.id == 0 ? json_null() : json_integer(model->run.id);
    return json_pack("{s:o, s:o, s:s, s:I, s:s, s:s}", "file", document_text(model->path), "run",
                     run, "model", network_spec_name(model->checkpoint->spec), "parameters",
                     (json_int_t)network_weight_count(model->network), "isa",
                     isa_name(network_isa(model->network)), "openblas_core", blas_core());
}
