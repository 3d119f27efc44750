// SPDX-License-Identifier: MIT
#include <errno.h>

#include <jansson.h>

#include "cli/report.h"
#include "fmnist/nn/blas.h"

static json_t *json_confusion(const struct evaluation *evaluation)
{
    json_t *rows = json_array();
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        json_t *row = json_array();
        for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
            json_array_append_new(
                row, json_integer((json_int_t)evaluation->confusion[label][predicted]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *json_classes(const struct evaluation *evaluation, const struct dataset *dataset)
{
    json_t *classes = json_array();
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const struct class_score *score = &evaluation->classes[label];
        json_array_append_new(classes, json_pack("{s:s, s:f, s:f, s:f, s:I}", "name",
                                                 dataset_class_name(dataset, label), "precision",
                                                 score->precision, "recall", score->recall, "f1",
                                                 score->f1, "images", (json_int_t)score->support));
    }
    return classes;
}

/* An evaluation, or null where there is none. */
static json_t *json_evaluation(const struct evaluation *evaluation, const struct dataset *dataset)
{
    if (!evaluation)
        return json_null();
    return json_pack("{s:f, s:f, s:I, s:I, s:o, s:o}", "accuracy", evaluation->accuracy, "loss",
                     evaluation->loss, "correct", (json_int_t)evaluation->correct, "images",
                     (json_int_t)evaluation->count, "classes", json_classes(evaluation, dataset),
                     "confusion", json_confusion(evaluation));
}

static json_t *json_epochs(const struct learner_snapshot *learner)
{
    json_t *epochs = json_array();
    for (size_t index = 0; index < learner->epoch_points; index++) {
        const struct epoch_point *point = history_epoch(learner->history, index);
        json_array_append_new(
            epochs, json_pack("{s:f, s:I, s:f, s:f, s:f}", "epoch", (double)point->epoch, "step",
                              (json_int_t)point->step, "validation_loss", (double)point->loss,
                              "validation_accuracy", (double)point->accuracy, "seconds",
                              (double)point->seconds));
    }
    return epochs;
}

static json_t *json_data(const struct snapshot *snapshot)
{
    const struct dataset *dataset = snapshot->dataset;
    return json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:I}", "name", dataset_name(dataset), "source",
                     dataset_source(dataset), "sha256", dataset_sha256(dataset), "sample",
                     dataset_is_sample(dataset), "train_images", (json_int_t)snapshot->train_count,
                     "validation_images", (json_int_t)snapshot->validation_count, "test_images",
                     (json_int_t)snapshot->test_count);
}

static json_t *json_result(const struct snapshot *snapshot, bool interrupted)
{
    const struct learner_snapshot *learner = &snapshot->learners[snapshot->active];
    return json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:f, s:I, s:I, s:s, s:s, s:o, s:b, s:I, s:f, s:f, s:f, s:f, "
        "s:f, "
        "s:o, "
        "s:o, s:o}",
        "version", PACKAGE_VERSION, "model", learner->name, "parameters",
        (json_int_t)learner->weight_count, "epochs", (json_int_t)learner->epochs, "batch",
        (json_int_t)snapshot->batch, "learning_rate", learner->learning_rate, "seed",
        (json_int_t)snapshot->seed, "threads", (json_int_t)snapshot->threads, "isa",
        isa_name(snapshot->isa), "openblas_core", blas_core(), "data", json_data(snapshot),
        "interrupted", interrupted, "steps", (json_int_t)learner->step, "seconds",
        learner->train_seconds, "images_per_second", learner->images_per_second, "train_loss",
        learner->train_loss, "train_accuracy", learner->train_accuracy, "best_validation_accuracy",
        learner->best_accuracy, "history", json_epochs(learner), "validation",
        json_evaluation(learner->validation, snapshot->dataset), "test",
        json_evaluation(learner->test, snapshot->dataset));
}

bool report_write_json(FILE *out, const struct snapshot *snapshot, bool interrupted,
                       struct error *err)
{
    json_t *result = json_result(snapshot, interrupted);
    if (!result) {
        error_set(err, ERROR_MEMORY, "no memory for the result, or a number that JSON cannot hold");
        return false;
    }
    bool written =
        json_dumpf(result, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    if (!written)
        error_set_errno(err, errno, "cannot write the result");
    json_decref(result);
    return written;
}
