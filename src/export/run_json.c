// SPDX-License-Identifier: MIT
#include "export/run_json.h"

#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "export/confusion_json.h"
#include "export/number.h"

/* Digits that bring a float back as it was. */
enum { FLOAT_DIGITS = 9 };

/* Appends a value that the list takes over. Where memory is short there is no list any more, which
 * json_pack() sees. */
static void json_add(json_t **list, json_t *value)
{
    if (*list && json_array_append_new(*list, value) == 0)
        return;
    if (!*list)
        json_decref(value); /* else appending has done that */
    json_decref(*list);
    *list = NULL;
}

/* Without the digits that a float has beyond its precision. */
static json_t *json_number(double value)
{
    char text[NUMBER_SIZE];
    return isfinite(value) ? json_real(strtod(number_text(value, text), NULL)) : json_null();
}

static json_t *json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *json_time(double seconds)
{
    char text[NUMBER_SIZE];
    return seconds > 0 ? json_string(number_moment(seconds, text)) : json_null();
}

static json_t *json_epochs(const struct export_run *run)
{
    json_t *epochs = json_array();
    for (size_t index = 0; index < run->counts.epochs; index++) {
        const struct epoch_point *point = history_epoch(run->history, index);
        json_add(&epochs,
                 json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "epoch",
                           json_number((double)point->epoch), "step", json_count(point->step),
                           "seconds", json_number((double)point->seconds), "learning_rate",
                           json_number((double)point->learning_rate), "train_loss",
                           json_number((double)point->train_loss), "train_accuracy",
                           json_number((double)point->train_accuracy), "validation_loss",
                           json_number((double)point->loss), "validation_accuracy",
                           json_number((double)point->accuracy), "images_per_second",
                           json_number((double)point->images_per_second)));
    }
    return epochs;
}

/* Columns, since there can be many. */
static json_t *json_steps(const struct export_run *run)
{
    json_t *step = json_array(), *seconds = json_array(), *rate = json_array(),
           *loss = json_array(), *accuracy = json_array();
    for (size_t index = 0; index < run->counts.steps; index++) {
        const struct step_point *point = history_step(run->history, index);
        json_add(&step, json_count(point->step));
        json_add(&seconds, json_number((double)point->seconds));
        json_add(&rate, json_number((double)point->learning_rate));
        json_add(&loss, json_number((double)point->loss));
        json_add(&accuracy, json_number((double)point->accuracy));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "step", step, "seconds", seconds, "learning_rate",
                     rate, "loss", loss, "accuracy", accuracy);
}

static json_t *json_classes(const struct export_run *run, const struct run_evaluation *evaluation)
{
    json_t *classes = json_array();
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const struct class_score *score = &evaluation->classes[label];
        json_add(&classes, json_pack("{s:s, s:o, s:o, s:o, s:o}", "name", run->class_names[label],
                                     "precision", json_number(score->precision), "recall",
                                     json_number(score->recall), "f1", json_number(score->f1),
                                     "images", json_count(score->support)));
    }
    return classes;
}

static json_t *json_evaluations(const struct export_run *run)
{
    json_t *evaluations = json_array();
    for (size_t index = 0; index < run->evaluation_count; index++) {
        const struct run_evaluation *evaluation = &run->evaluations[index];
        json_add(&evaluations,
                 json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "part",
                           export_part_name(evaluation->part), "epoch",
                           json_number(evaluation->epoch), "step", json_count(evaluation->step),
                           "accuracy", json_number(evaluation->accuracy), "loss",
                           json_number(evaluation->loss), "correct",
                           json_count(evaluation->correct), "images", json_count(evaluation->count),
                           "classes", json_classes(run, evaluation), "confusion",
                           confusion_json(evaluation->confusion)));
    }
    return evaluations;
}

/* The mistakes of an evaluation, surest first; null where its answers are not there. */
static json_t *json_mistakes(const struct evaluation *evaluation)
{
    if (!evaluation)
        return json_null();
    json_t *mistakes = json_array();
    for (size_t index = 0; index < evaluation->mistake_count; index++) {
        size_t place = evaluation->mistakes[index];
        size_t predicted = evaluation->predicted[place];
        double probability = (double)evaluation->probabilities[place * DATASET_CLASSES + predicted];
        json_add(&mistakes,
                 json_pack("{s:o, s:i, s:i, s:o}", "image", json_count(evaluation->images[place]),
                           "true", (int)evaluation->labels[place], "predicted", (int)predicted,
                           "probability", json_number(probability)));
    }
    return mistakes;
}

static json_t *json_events(const struct export_run *run)
{
    json_t *events = json_array();
    for (size_t index = 0; index < run->event_count; index++) {
        const struct run_event *event = &run->events[index];
        json_t *object = json_pack("{s:o, s:o, s:o, s:s, s:s}", "at", json_time(event->at), "step",
                                   json_count(event->step), "seconds", json_number(event->seconds),
                                   "kind", event->kind, "detail", event->detail);
        if (object && event->after > 0 &&
            (json_object_set_new(object, "rate_before", json_number(event->before)) != 0 ||
             json_object_set_new(object, "rate", json_number(event->after)) != 0)) {
            json_decref(object);
            object = NULL;
        }
        json_add(&events, object);
    }
    return events;
}

static json_t *json_settings(const struct run_row *row)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "epochs", json_count(row->epochs),
                     "batch", json_count(row->batch), "learning_rate",
                     json_number(row->initial_learning_rate), "seed", json_count(row->seed),
                     "threads", json_count(row->threads), "isa", row->isa, "openblas_core",
                     row->blas_core);
}

static json_t *json_data(const struct run_row *row)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "name", row->data_name, "source",
                     row->data_source, "sha256", row->data_sha256, "train_images",
                     json_count(row->train_count), "validation_images",
                     json_count(row->validation_count), "test_images", json_count(row->test_count));
}

static json_t *json_run(const struct export_run *run)
{
    const struct run_row *row = &run->row;
    json_t *object = json_pack(
        "{s:I, s:s, s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:o}", "run", (json_int_t)row->id,
        "name", row->name, "model", row->model, "parameters", json_count(row->weight_count),
        "state", run_state_name(row->state), "started", json_time(row->started_at), "ended",
        json_time(row->ended_at), "message", row->message, "host", row->host, "version",
        row->program, "settings", json_settings(row), "data", json_data(row));
    json_t *results =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "steps_made",
                  json_count(row->step), "epochs_made", json_number(row->epochs_done), "seconds",
                  json_number(row->seconds), "best_validation_accuracy",
                  row->best_epoch > 0 ? json_number(row->best_accuracy) : json_null(), "epochs",
                  json_epochs(run), "steps", json_steps(run), "evaluations", json_evaluations(run),
                  "validation_mistakes", json_mistakes(run->validation), "test_mistakes",
                  json_mistakes(run->test), "events", json_events(run));
    if (!object || !results || json_object_update(object, results) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(results);
    return object;
}

static int take_piece(const char *piece, size_t size, void *out)
{
    buffer_add(out, piece, size);
    return 0;
}

bool run_json_write(struct buffer *out, const struct export_run *run, struct error *err)
{
    json_t *object = json_run(run);
    bool good =
        object && json_dump_callback(object, take_piece, out,
                                     JSON_INDENT(1) | JSON_REAL_PRECISION(FLOAT_DIGITS)) == 0;
    buffer_character(out, '\n');
    if (!good)
        error_set(err, ERROR_MEMORY, "no memory for the JSON object");
    json_decref(object);
    return good;
}
