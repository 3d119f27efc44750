// SPDX-License-Identifier: MIT
/* The command `evaluate`: how good a trained network is on a part of the data. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/document.h"
#include "cli/model.h"
#include "cli/option.h"
#include "cli/portrait.h"
#include "cli/report.h"
#include "fmnist/data/split.h"
#include "fmnist/train/evaluate.h"
#include "fmnist/train/statistics.h"
#include "tui/print.h"

static const double PROGRESS_AFTER = 0.5, PROGRESS_EVERY = 0.1; /* seconds */

/* The parts by the numbers of enum options_split. */
static const char *const SPLITS[] = {"test", "validation", "training"};

/* One run of the command. */
struct evaluating {
    const struct options *options;
    struct model model;
    struct dataset *dataset;
    struct split *split; /* NULL where the test part is evaluated */
    struct evaluate_task task;
    uint64_t seed; /* of the split */
    const struct evaluation *evaluation;
    double begun, shown; /* clock_seconds(), shown: of the last progress line or 0 */
};

/* The line on a terminal that tells how far it is. */
static void show_progress(void *context, double fraction)
{
    struct evaluating *evaluating = context;
    double now = clock_seconds();
    if (!isatty(STDERR_FILENO) || now - evaluating->begun < PROGRESS_AFTER ||
        now - evaluating->shown < PROGRESS_EVERY)
        return;
    (void)fprintf(stderr, "\revaluating: %.0f %%", 100 * fraction);
    (void)fflush(stderr);
    evaluating->shown = now;
}

static void hide_progress(const struct evaluating *evaluating)
{
    if (evaluating->shown > 0)
        (void)fputs("\r\033[K", stderr);
}

/* Loads what the options name, else what the run was trained on, else what is found. */
static bool load_data(struct evaluating *evaluating, struct error *err)
{
    const struct options *options = evaluating->options;
    const struct run_row *run = &evaluating->model.run;
    const char *directory = options->trainer.data_directory;
    bool sample = options->trainer.sample;
    if (run->id != 0 && !option_given(options, "data") && !option_given(options, "sample")) {
        sample = strcmp(run->data_source, "embedded sample") == 0;
        directory = run->data_source;
    }
    evaluating->dataset =
        sample ? dataset_load_sample(err) : dataset_load(directory, NULL, NULL, err);
    return evaluating->dataset != NULL;
}

/* Says that the network may know the images. */
static void warn(const char *reason, const char *advice)
{
    struct error note;
    error_set(&note, ERROR_NONE, "note: %s, so that it may have been trained on these images%s",
              reason, advice);
    (void)command_fail(&note);
}

static void check_data(const struct evaluating *evaluating)
{
    const struct run_row *run = &evaluating->model.run;
    if (run->data_sha256[0] && strcmp(run->data_sha256, dataset_sha256(evaluating->dataset)) != 0)
        warn("the network was trained on other data", "");
}

/* Takes the seed of the split: the user's, the run's, or the default. */
static void choose_seed(struct evaluating *evaluating)
{
    const struct options *options = evaluating->options;
    evaluating->seed = options->trainer.seed;
    if (option_given(options, "seed"))
        return;
    if (!model_seed(&evaluating->model, &evaluating->seed)) {
        evaluating->seed = options->trainer.seed;
        if (options->split == OPTIONS_VALIDATION)
            warn("the seed of the network's split is not known", "; --seed gives it");
    }
}

/* Chooses the images. */
static bool choose_images(struct evaluating *evaluating, struct error *err)
{
    const struct options *options = evaluating->options;
    const struct dataset *dataset = evaluating->dataset;
    struct evaluate_task *task = &evaluating->task;
    *task = (struct evaluate_task){.part = EVALUATION_TEST,
                                   .set = dataset_test(dataset),
                                   .count = dataset_test(dataset)->count,
                                   .progress = show_progress,
                                   .context = evaluating};
    if (options->split == OPTIONS_TEST)
        return true;
    choose_seed(evaluating);
    evaluating->split = split_create(dataset_train(dataset)->count, evaluating->seed, err);
    if (!evaluating->split)
        return false;
    bool validation = options->split == OPTIONS_VALIDATION;
    task->part = EVALUATION_VALIDATION;
    task->set = dataset_train(dataset);
    task->indices = validation ? evaluating->split->validation : evaluating->split->train;
    task->count = validation ? evaluating->split->validation_count : evaluating->split->train_count;
    return true;
}

static bool evaluate(struct evaluating *evaluating, struct error *err)
{
    const struct options *options = evaluating->options;
    if (!model_open(&evaluating->model, options->arguments[0], options, err) ||
        !load_data(evaluating, err) || !choose_images(evaluating, err))
        return false;
    check_data(evaluating);
    evaluating->begun = clock_seconds();
    evaluating->evaluation = evaluate_network(evaluating->model.network, &evaluating->task, err);
    hide_progress(evaluating);
    return evaluating->evaluation != NULL;
}

/* How many mistakes are wanted and there. */
static size_t worst_count(const struct evaluating *evaluating)
{
    size_t there = evaluating->evaluation->mistake_count;
    return evaluating->options->worst < there ? evaluating->options->worst : there;
}

static bool write_worst(FILE *out, const struct evaluating *evaluating, struct error *err)
{
    const struct evaluation *evaluation = evaluating->evaluation;
    const struct look look = print_look(out, &evaluating->options->app);
    const char *names[DATASET_CLASSES];
    int columns = print_columns(out);
    size_t count = worst_count(evaluating);
    bool good = true;
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        names[label] = dataset_class_name(evaluating->dataset, label);
    if (count > 0)
        (void)fprintf(out, "\nthe surest %zu of %zu mistakes\n", count, evaluation->mistake_count);
    for (size_t mistake = 0; good && mistake < count; mistake++) {
        size_t place = evaluation->mistakes[mistake], image = evaluation->images[place];
        char title[128];
        (void)snprintf(title, sizeof title, "#%zu: %s, taken for %s", image,
                       names[evaluation->labels[place]], names[evaluation->predicted[place]]);
        const struct portrait portrait = {
            .title = title,
            .pixels = evaluating->task.set->pixels + image * DATASET_PIXELS,
            .probabilities = evaluation->probabilities + place * DATASET_CLASSES,
            .names = names,
            .truth = evaluation->labels[place],
        };
        (void)fputc('\n', out);
        good = portrait_write(out, &portrait, columns, &look, err);
    }
    return good;
}

static bool write_text(FILE *out, const struct evaluating *evaluating, struct error *err)
{
    const struct evaluation *evaluation = evaluating->evaluation;
    const struct dataset *dataset = evaluating->dataset;
    const struct network_spec *spec = evaluating->model.checkpoint->spec;
    char text[MODEL_TITLE_SIZE];
    (void)fprintf(out, "%s, %zu parameters, %s\n", network_spec_title(spec),
                  network_weight_count(evaluating->model.network),
                  model_title(&evaluating->model, text));
    (void)fprintf(out, "%s (%s), %zu %s images", dataset_name(dataset), dataset_source(dataset),
                  evaluation->count, SPLITS[evaluating->options->split]);
    if (evaluating->split)
        (void)fprintf(out, ", split with seed %llu", (unsigned long long)evaluating->seed);
    (void)fprintf(out, "\naccuracy %.2f +- %.2f %% (%zu of %zu), loss %#.4g\n",
                  100 * evaluation->accuracy,
                  100 * statistics_two_errors(evaluation->accuracy, evaluation->count),
                  evaluation->correct, evaluation->count, evaluation->loss);
    report_write_tables(out, evaluation, dataset);
    return write_worst(out, evaluating, err);
}

static json_t *json_worst(const struct evaluating *evaluating)
{
    const struct evaluation *evaluation = evaluating->evaluation;
    json_t *list = json_array();
    for (size_t mistake = 0; mistake < worst_count(evaluating); mistake++) {
        size_t place = evaluation->mistakes[mistake];
        json_t *numbers = json_array();
        for (size_t label = 0; label < DATASET_CLASSES; label++)
            json_array_append_new(
                numbers,
                json_real((double)evaluation->probabilities[place * DATASET_CLASSES + label]));
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I, s:o}", "image", (json_int_t)evaluation->images[place],
                            "class", (json_int_t)evaluation->labels[place], "predicted",
                            (json_int_t)evaluation->predicted[place], "probabilities", numbers));
    }
    return list;
}

static json_t *json_result(const struct evaluating *evaluating)
{
    const struct evaluation *evaluation = evaluating->evaluation;
    json_t *seed = evaluating->split ? json_integer((json_int_t)evaluating->seed) : json_null();
    return json_pack(
        "{s:s, s:o, s:o, s:s, s:o, s:f, s:o, s:o}", "version", PACKAGE_VERSION, "checkpoint",
        model_json(&evaluating->model), "data", document_data(evaluating->dataset), "split",
        SPLITS[evaluating->options->split], "split_seed", seed, "two_errors",
        statistics_two_errors(evaluation->accuracy, evaluation->count), "evaluation",
        document_evaluation(evaluation, evaluating->dataset), "worst", json_worst(evaluating));
}

static int evaluate_run(const struct options *options)
{
    struct error err = {0};
    struct evaluating evaluating = {.options = options};
    bool good = evaluate(&evaluating, &err);
    if (good && options->json)
        good = document_write(stdout, json_result(&evaluating), &err);
    else if (good)
        good = write_text(stdout, &evaluating, &err);
    evaluation_release(evaluating.evaluation);
    split_destroy(evaluating.split);
    model_close(&evaluating.model);
    dataset_destroy(evaluating.dataset);
    return good ? STATUS_DONE : command_fail(&err);
}

const struct command COMMAND_EVALUATE = {
    .name = "evaluate",
    .summary = "measure a trained network on test, validation or training images",
    .arguments = "CHECKPOINT",
    .least = 1,
    .most = 1,
    .options = "split worst seed json threads isa data sample glyphs ascii color background store",
    .run = evaluate_run,
};
