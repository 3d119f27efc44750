// SPDX-License-Identifier: MIT
#include "export/tensorboard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "export/event_file.h"
#include "export/number.h"
#include "export/pictures.h"

/* Field numbers of HParamsPluginData, SessionStartInfo, entries of its map, and
 * google.protobuf.Value (tensorboard/plugins/hparams/plugin_data.proto). */
enum {
    HPARAMS_START = 3,
    START_HPARAMS = 1,
    START_SECONDS = 5,
    ENTRY_KEY = 1,
    ENTRY_VALUE = 2,
    VALUE_NUMBER = 2,
    VALUE_STRING = 3,
};

enum { TAG_SIZE = 48 };

void tensorboard_path(const struct export_run *run, enum tensorboard_part part,
                      char path[TENSORBOARD_PATH_SIZE])
{
    static const char *const folders[] = {"", "train/", "validation/", "test/"};
    (void)snprintf(path, TENSORBOARD_PATH_SIZE, "%sevents.out.tfevents.%010.0f.run-%" PRId64,
                   folders[part], run->row.started_at, run->row.id);
}

/* A setting of HParams: a number where `text` is NULL. */
static void add_hparam(struct buffer *start, const char *name, const char *text, double number)
{
    struct buffer value = {0}, entry = {0};
    if (text)
        protobuf_add_text(&value, VALUE_STRING, text);
    else
        protobuf_add_double(&value, VALUE_NUMBER, number);
    protobuf_add_text(&entry, ENTRY_KEY, name);
    protobuf_add_message(&entry, ENTRY_VALUE, &value);
    protobuf_add_message(start, START_HPARAMS, &entry);
    buffer_free(&entry);
    buffer_free(&value);
}

static void add_hparams(struct event_file *file, const struct run_row *row)
{
    struct buffer start = {0}, content = {0};
    add_hparam(&start, "model", row->model, 0);
    add_hparam(&start, "epochs", NULL, (double)row->epochs);
    add_hparam(&start, "batch", NULL, (double)row->batch);
    add_hparam(&start, "learning_rate", NULL, row->initial_learning_rate);
    add_hparam(&start, "seed", NULL, (double)row->seed);
    add_hparam(&start, "data", row->data_name, 0);
    add_hparam(&start, "isa", row->isa, 0);
    add_hparam(&start, "threads", NULL, (double)row->threads);
    protobuf_add_double(&start, START_SECONDS, row->started_at);
    protobuf_add_message(&content, HPARAMS_START, &start);
    event_add_hparams(file, "_hparams_/session_start_info", &content);
    buffer_free(&content);
    buffer_free(&start);
}

static void write_settings(struct event_file *file, const struct export_run *run)
{
    const struct run_row *row = &run->row;
    struct buffer markdown = {0};
    char started[NUMBER_SIZE];
    buffer_print(&markdown,
                 "| | |\n|---|---|\n| run | %" PRId64 " |\n| name | %s |\n| model | %s |\n"
                 "| parameters | %zu |\n| state | %s |\n| started | %s |\n| epochs | %zu |\n"
                 "| batch | %zu |\n| learning rate | %.9g |\n| seed | %" PRIu64 " |\n"
                 "| data set | %s, %zu/%zu/%zu images |\n| SHA-256 | %s |\n| host | %s |\n"
                 "| threads | %u |\n| kernels | %s, OpenBLAS core %s |\n| program | %s %s |\n",
                 row->id, row->name, export_run_model(run), row->weight_count,
                 run_state_name(row->state), number_moment(row->started_at, started), row->epochs,
                 row->batch, row->initial_learning_rate, row->seed, row->data_name,
                 row->train_count, row->validation_count, row->test_count, row->data_sha256,
                 row->host, row->threads, row->isa, row->blas_core, PACKAGE_NAME, row->program);
    event_begin(file, row->started_at, 0);
    event_add_text(file, "settings", &markdown);
    buffer_free(&markdown);
    add_hparams(file, row);
    event_end(file);
}

static void write_steps(struct event_file *file, const struct export_run *run)
{
    for (size_t index = 0; index < run->counts.steps; index++) {
        const struct step_point *point = history_step(run->history, index);
        bool first = index == 0;
        event_begin(file, run->row.started_at + (double)point->seconds, point->step);
        event_add_scalar(file, "loss", first ? "mean cross-entropy of the batch" : NULL,
                         point->loss);
        event_add_scalar(file, "accuracy", first ? "top-1 in the batch, 0 to 1" : NULL,
                         point->accuracy);
        event_add_scalar(file, "learning_rate", first ? "of the step" : NULL, point->learning_rate);
        event_end(file);
    }
    for (size_t index = 0; index < run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(run->history, index);
        event_begin(file, run->row.started_at + (double)point->seconds, point->step);
        event_add_scalar(file, "images_per_second", index == 0 ? "of training" : NULL,
                         point->images_per_second);
        event_end(file);
    }
}

/* Seconds of training after which the evaluation was made, as far as they are known. */
static double seconds_at(const struct export_run *run, const struct run_evaluation *evaluation)
{
    for (size_t index = 0; index < run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(run->history, index);
        if (point->step >= evaluation->step)
            return (double)point->seconds;
    }
    return run->row.seconds;
}

static bool add_confusion(struct event_file *file, const struct run_evaluation *evaluation,
                          bool first, struct error *err)
{
    struct event_image image;
    if (!picture_confusion(evaluation, &image, err))
        return false;
    event_add_image(file, "confusion",
                    first ? "true classes down, predicted ones across, in their order; the darker "
                            "the larger the share of the true class"
                          : NULL,
                    &image);
    free(image.bytes);
    return true;
}

static bool add_mistakes(struct event_file *file, const struct export_run *run,
                         const struct evaluation *answers, struct error *err)
{
    struct event_image image;
    if (!picture_mistakes(run, answers, &image, err))
        return false;
    if (image.bytes)
        event_add_image(file, "mistakes", "misclassified images, the surest first", &image);
    free(image.bytes);
    return true;
}

static bool write_evaluation(struct event_file *file, const struct export_run *run,
                             const struct run_evaluation *evaluation, bool first, struct error *err)
{
    const struct evaluation *answers =
        evaluation->part == EVALUATION_TEST ? run->test : run->validation;
    event_begin(file, run->row.started_at + seconds_at(run, evaluation), evaluation->step);
    event_add_scalar(file, "loss", first ? "mean cross-entropy" : NULL, (float)evaluation->loss);
    event_add_scalar(file, "accuracy", first ? "top-1, 0 to 1" : NULL, (float)evaluation->accuracy);
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        char tag[TAG_SIZE];
        (void)snprintf(tag, sizeof tag, "f1/%s", run->class_names[label]);
        event_add_scalar(file, tag, first ? "F1, 0 to 1" : NULL,
                         (float)evaluation->classes[label].f1);
    }
    bool good = add_confusion(file, evaluation, first, err);
    if (good && answers && answers->step == evaluation->step)
        good = add_mistakes(file, run, answers, err);
    event_end(file);
    return good;
}

static bool write_evaluations(struct event_file *file, const struct export_run *run,
                              enum evaluation_part part, struct error *err)
{
    bool first = true;
    for (size_t index = 0; index < run->evaluation_count; index++) {
        const struct run_evaluation *evaluation = &run->evaluations[index];
        if (evaluation->part != part)
            continue;
        if (!write_evaluation(file, run, evaluation, first, err))
            return false;
        first = false;
    }
    return true;
}

bool tensorboard_write(struct buffer *out, const struct export_run *run, enum tensorboard_part part,
                       struct error *err)
{
    struct event_file file;
    bool good = true;
    event_file_begin(&file, out, run->row.started_at);
    if (part == TENSORBOARD_SETTINGS)
        write_settings(&file, run);
    else if (part == TENSORBOARD_TRAIN)
        write_steps(&file, run);
    else
        good = write_evaluations(
            &file, run, part == TENSORBOARD_TEST ? EVALUATION_TEST : EVALUATION_VALIDATION, err);
    event_file_end(&file);
    return good;
}
