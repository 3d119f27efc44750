// SPDX-License-Identifier: MIT
#include <jansson.h>
#include <math.h>

#include "cli/document.h"
#include "cli/runs.h"
#include "export/confusion_json.h"

/* A number where it is known and JSON can hold it, else null. */
static json_t *json_known(bool known, double value)
{
    return known && isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_number(double value)
{
    return json_known(true, value);
}

static json_t *json_settings(const struct run_row *run)
{
    return json_pack("{s:I, s:I, s:f, s:I, s:I, s:o, s:o, s:o, s:o}", "epochs",
                     (json_int_t)run->epochs, "batch", (json_int_t)run->batch, "learning_rate",
                     run->initial_learning_rate, "seed", (json_int_t)run->seed, "threads",
                     (json_int_t)run->threads, "isa", document_text(run->isa), "openblas_core",
                     document_text(run->blas_core), "program", document_text(run->program), "host",
                     document_text(run->host));
}

static json_t *json_data(const struct run_row *run)
{
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:I}", "name", document_text(run->data_name),
                     "source", document_text(run->data_source), "sha256",
                     document_text(run->data_sha256), "train_images", (json_int_t)run->train_count,
                     "validation_images", (json_int_t)run->validation_count, "test_images",
                     (json_int_t)run->test_count);
}

static json_t *json_results(const struct run_row *run)
{
    bool tested = run->test_accuracy >= 0;
    return json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "steps",
        (json_int_t)run->step, "epochs", json_number(run->epochs_done), "seconds",
        json_number(run->seconds), "images_per_second", json_number(run->images_per_second),
        "learning_rate", json_number(run->learning_rate), "train_loss",
        json_number(run->train_loss), "train_accuracy", json_number(run->train_accuracy),
        "best_validation_accuracy", json_known(run->best_accuracy > 0, run->best_accuracy),
        "best_epoch", run->best_epoch > 0 ? json_integer((json_int_t)run->best_epoch) : json_null(),
        "test_accuracy", json_known(tested, run->test_accuracy), "test_loss",
        json_known(tested, run->test_loss), "checkpoints", (json_int_t)run->checkpoints,
        "saved_step",
        run->checkpoints > 0 ? json_integer((json_int_t)run->saved_step) : json_null());
}

static json_t *json_run(const struct run_row *run)
{
    return json_pack(
        "{s:I, s:o, s:s, s:s, s:b, s:f, s:f, s:o, s:I, s:o, s:I, s:o, s:o, s:o}", "run",
        (json_int_t)run->id, "name", *run->name ? document_text(run->name) : json_null(), "model",
        run->model, "state", run_state_name(run->state), "live", run->live, "started",
        run->started_at, "updated", run->updated_at, "ended",
        json_known(run->ended_at > 0, run->ended_at), "resumed", (json_int_t)run->resumes,
        "message", *run->message ? document_text(run->message) : json_null(), "parameters",
        (json_int_t)run->weight_count, "settings", json_settings(run), "data", json_data(run),
        "results", json_results(run));
}

static json_t *json_evaluations(const struct run_report *report)
{
    json_t *all = json_array();
    for (size_t index = 0; index < report->evaluation_count; index++) {
        const struct run_evaluation *evaluation = &report->evaluations[index];
        json_array_append_new(
            all, json_pack("{s:s, s:I, s:f, s:I, s:I, s:o, s:o, s:o}", "part",
                           evaluation->part == EVALUATION_TEST ? "test" : "validation", "step",
                           (json_int_t)evaluation->step, "epoch", evaluation->epoch, "images",
                           (json_int_t)evaluation->count, "correct",
                           (json_int_t)evaluation->correct, "loss", json_number(evaluation->loss),
                           "accuracy", json_number(evaluation->accuracy), "confusion",
                           confusion_json(evaluation->confusion)));
    }
    return all;
}

static json_t *json_events(const struct run_report *report)
{
    json_t *all = json_array();
    for (size_t index = 0; index < report->event_count; index++) {
        const struct run_event *event = &report->events[index];
        bool rates = event->before > 0 || event->after > 0;
        json_array_append_new(all,
                              json_pack("{s:f, s:I, s:f, s:o, s:o, s:o, s:o}", "time", event->at,
                                        "step", (json_int_t)event->step, "seconds", event->seconds,
                                        "kind", document_text(event->kind), "detail",
                                        *event->detail ? document_text(event->detail) : json_null(),
                                        "before", json_known(rates, event->before), "after",
                                        json_known(rates, event->after)));
    }
    return all;
}

static json_t *json_checkpoints(const struct run_report *report)
{
    json_t *all = json_array();
    for (size_t index = 0; index < report->checkpoint_count; index++) {
        const struct run_checkpoint *checkpoint = &report->checkpoints[index];
        json_array_append_new(
            all, json_pack("{s:o, s:I, s:f, s:o, s:b, s:I, s:f}", "stem",
                           document_text(checkpoint->stem), "step", (json_int_t)checkpoint->step,
                           "epoch", checkpoint->epoch, "accuracy",
                           json_known(checkpoint->accuracy >= 0, checkpoint->accuracy), "best",
                           checkpoint->best, "bytes", (json_int_t)checkpoint->bytes, "saved",
                           checkpoint->saved_at));
    }
    return all;
}

bool runs_write_list_json(FILE *out, const struct run_table *table, struct error *err)
{
    json_t *all = json_array();
    for (size_t place = 0; place < table->shown; place++)
        json_array_append_new(all, json_run(run_table_at(table, place)));
    return document_write(out, json_pack("{s:o}", "runs", all), err);
}

bool runs_write_report_json(FILE *out, const struct run_report *report, struct error *err)
{
    json_t *run = json_run(&report->row);
    if (run) {
        (void)json_object_set_new(run, "evaluations", json_evaluations(report));
        (void)json_object_set_new(run, "events", json_events(report));
        (void)json_object_set_new(run, "saved_checkpoints", json_checkpoints(report));
    }
    return document_write(out, run, err);
}

bool runs_write_comparison_json(FILE *out, const struct run_row *const *runs, size_t count,
                                struct error *err)
{
    json_t *all = json_array();
    for (size_t index = 0; index < count; index++)
        json_array_append_new(all, json_run(runs[index]));
    return document_write(out, json_pack("{s:o}", "runs", all), err);
}
