// SPDX-License-Identifier: MIT
/* The command `import`: weights from elsewhere, such as PyTorch, become a run that can be measured,
 * asked, and trained on. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/document.h"
#include "cli/shell_word.h"
#include "fmnist/data/split.h"
#include "fmnist/nn/blas.h"
#include "fmnist/store/checkpoint_file.h"
#include "fmnist/store/store.h"

/* One run of the command. */
struct importing {
    const struct options *options;
    const char *path;
    const struct checkpoint *weights;
    struct dataset *dataset; /* that it would be trained on */
    struct split *split;
    struct store *store;
    struct run_row run;
};

static bool load(struct importing *importing, struct error *err)
{
    const struct trainer_settings *settings = &importing->options->trainer;
    importing->weights = checkpoint_file_load_weights(importing->path, CHECKPOINT_FINITE, err);
    if (!importing->weights)
        return false;
    if (importing->options->model_given && importing->weights->spec != settings->model) {
        error_set(err, ERROR_FORMAT, "%s: holds the weights of %s, not of %s", importing->path,
                  network_spec_title(importing->weights->spec),
                  network_spec_title(settings->model));
        return false;
    }
    importing->dataset = settings->sample ? dataset_load_sample(err)
                                          : dataset_load(settings->data_directory, NULL, NULL, err);
    if (!importing->dataset)
        return false;
    importing->split = split_create(dataset_train(importing->dataset)->count, settings->seed, err);
    return importing->split != NULL;
}

static size_t count_weights(const struct checkpoint *checkpoint)
{
    size_t count = 0;
    for (size_t index = 0; index < checkpoint->parameter_count; index++)
        count += checkpoint->parameters[index].count;
    return count;
}

static void describe_data(struct run_row *run, const struct importing *importing)
{
    const struct dataset *dataset = importing->dataset;
    (void)snprintf(run->data_name, sizeof run->data_name, "%s", dataset_name(dataset));
    (void)snprintf(run->data_source, sizeof run->data_source, "%s", dataset_source(dataset));
    (void)snprintf(run->data_sha256, sizeof run->data_sha256, "%s", dataset_sha256(dataset));
    run->train_count = importing->split->train_count;
    run->validation_count = importing->split->validation_count;
    run->test_count = dataset_test(dataset)->count;
}

/* A run that was stopped before its first step. */
static void describe(struct importing *importing)
{
    const struct options *options = importing->options;
    const struct trainer_settings *settings = &options->trainer;
    const char *name = strrchr(importing->path, '/');
    struct run_row *run = &importing->run;
    *run = (struct run_row){.state = RUN_STATE_STOPPED,
                            .threads = settings->threads,
                            .epochs = settings->epochs,
                            .batch = settings->batch,
                            .initial_learning_rate = settings->learning_rate,
                            .learning_rate = settings->learning_rate,
                            .seed = settings->seed,
                            .weight_count = count_weights(importing->weights),
                            .test_accuracy = -1};
    describe_data(run, importing);
    run->steps_per_epoch = (run->train_count + settings->batch - 1) / settings->batch;
    (void)snprintf(run->name, sizeof run->name, "%s", options->run_name ? options->run_name : "");
    (void)snprintf(run->model, sizeof run->model, "%s",
                   network_spec_name(importing->weights->spec));
    (void)snprintf(run->program, sizeof run->program, "%s", PACKAGE_VERSION);
    (void)snprintf(run->isa, sizeof run->isa, "%s", isa_name(settings->isa));
    (void)snprintf(run->blas_core, sizeof run->blas_core, "%s", blas_core());
    (void)snprintf(run->message, sizeof run->message, "imported from %.256s",
                   name ? name + 1 : importing->path);
    if (gethostname(run->host, sizeof run->host - 1) != 0)
        run->host[0] = '\0';
}

/* A checkpoint from which a run can go on: the weights with an optimizer that has made no update.
 */
static struct checkpoint *make_checkpoint(const struct importing *importing, struct error *err)
{
    const struct run_row *run = &importing->run;
    struct checkpoint *checkpoint = checkpoint_create(importing->weights->spec, true, err);
    if (!checkpoint)
        return NULL;
    for (size_t index = 0; index < checkpoint->parameter_count; index++)
        memcpy(checkpoint->parameters[index].value, importing->weights->parameters[index].value,
               checkpoint->parameters[index].count * sizeof(float));
    checkpoint->isa = importing->options->trainer.isa;
    (void)snprintf(checkpoint->blas_core, sizeof checkpoint->blas_core, "%s", blas_core());
    checkpoint->place = (struct checkpoint_place){
        .seed = run->seed,
        .batch = run->batch,
        .train_count = run->train_count,
        .epochs = run->epochs,
        .learning_rate = run->learning_rate,
        .initial_learning_rate = run->learning_rate,
        .validation_requested = true, /* so that its curve begins with what was imported */
    };
    return checkpoint;
}

/* Writes the run and its checkpoint; leaves nothing where that fails. */
static bool add(struct importing *importing, struct error *err)
{
    struct run_row *run = &importing->run;
    struct run_event event = {.kind = "imported"};
    const struct checkpoint *checkpoint = make_checkpoint(importing, err);
    if (!checkpoint || !store_add_run(importing->store, run, err)) {
        checkpoint_release(checkpoint);
        return false;
    }
    (void)snprintf(event.detail, sizeof event.detail, "%s", importing->path);
    bool good = store_add_checkpoint(importing->store, run->id, checkpoint, err) &&
                store_add_event(importing->store, run->id, &event, err);
    if (!good)
        (void)store_remove_run(importing->store, run->id, NULL);
    checkpoint_release(checkpoint);
    return good;
}

static bool import(struct importing *importing, struct error *err)
{
    const struct options *options = importing->options;
    if (options->run_name && !store_check_name(options->run_name, err))
        return false;
    if (!load(importing, err))
        return false;
    describe(importing);
    importing->store = store_open(options->store_directory, STORE_WRITE, err);
    return importing->store && add(importing, err);
}

static void write_text(FILE *out, const struct importing *importing)
{
    long long id = (long long)importing->run.id;
    const char *directory = importing->options->store_directory;
    (void)fprintf(out, "run %lld: %s, %zu parameters, from %s\n", id,
                  network_spec_title(importing->weights->spec), importing->run.weight_count,
                  importing->path);
    (void)fprintf(out, "To measure it: %s evaluate %lld", PACKAGE_NAME, id);
    shell_word_option(out, "store", directory);
    (void)fprintf(out, "\nTo train it on, with a fresh optimizer: %s --resume %lld", PACKAGE_NAME,
                  id);
    shell_word_option(out, "store", directory);
    (void)fputc('\n', out);
}

static json_t *json_result(const struct importing *importing)
{
    return json_pack("{s:s, s:I, s:o, s:s, s:I, s:o}", "version", PACKAGE_VERSION, "run",
                     (json_int_t)importing->run.id, "file", document_text(importing->path), "model",
                     importing->run.model, "parameters", (json_int_t)importing->run.weight_count,
                     "data", document_data(importing->dataset));
}

static int import_run(const struct options *options)
{
    struct error err = {0};
    struct importing importing = {.options = options, .path = options->arguments[0]};
    bool good = import(&importing, &err);
    if (good && options->json)
        good = document_write(stdout, json_result(&importing), &err);
    else if (good)
        write_text(stdout, &importing);
    store_close(importing.store);
    split_destroy(importing.split);
    dataset_destroy(importing.dataset);
    checkpoint_release(importing.weights);
    return good ? STATUS_DONE : command_fail(&err);
}

const struct command COMMAND_IMPORT = {
    .name = "import",
    .summary = "make a run of weights from elsewhere, such as PyTorch",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .options = "model name epochs batch lr seed threads isa data sample json store",
    .run = import_run,
};
