// SPDX-License-Identifier: MIT
#include "cli/report.h"

#include "cli/document.h"
#include "fmnist/nn/blas.h"

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
        document_evaluation(learner->validation, snapshot->dataset), "test",
        document_evaluation(learner->test, snapshot->dataset));
}

bool report_write_json(FILE *out, const struct snapshot *snapshot, bool interrupted,
                       struct error *err)
{
    return document_write(out, json_result(snapshot, interrupted), err);
}
