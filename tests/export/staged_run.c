// SPDX-License-Identifier: MIT
#include "staged_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "train/draft.h"

enum { IMAGES = 600, BATCH = 100, EVENTS = 5 };

/* A fixed scatter of whole numbers below `below`. */
static unsigned scatter(size_t index, unsigned below)
{
    return (unsigned)((index * 2654435761U) >> 7) % below;
}

static float loss_at(size_t step)
{
    return (float)(0.4 + 2 / (1 + (double)step / 40));
}

static float accuracy_at(size_t step)
{
    return (float)(0.88 - 0.78 / (1 + (double)step / 25));
}

static void add_points(struct export_run *run, size_t steps, bool finite)
{
    for (size_t step = 1; step <= steps; step++) {
        float noise = ((float)scatter(step, 201) - 100) / 1000;
        struct step_point point = {.step = (uint32_t)step,
                                   .loss = loss_at(step) * (1 + 2 * noise),
                                   .accuracy = accuracy_at(step) * (1 + noise),
                                   .learning_rate =
                                       step > 2 * STAGED_STEPS_PER_EPOCH ? 5e-4F : 1e-3F,
                                   .seconds = (float)step / 64};
        if (!finite && step == STAGED_NAN_STEP)
            point.loss = NAN;
        assert_true(history_add_step(run->history, &point, NULL));
        run->counts.steps++;
        if (step % STAGED_STEPS_PER_EPOCH != 0)
            continue;
        struct epoch_point epoch = {.step = point.step,
                                    .epoch = (float)(step / STAGED_STEPS_PER_EPOCH),
                                    .loss = loss_at(step) + 0.03F,
                                    .accuracy = accuracy_at(step) - 0.01F,
                                    .train_loss = loss_at(step),
                                    .train_accuracy = accuracy_at(step),
                                    .learning_rate = point.learning_rate,
                                    .images_per_second = 6400,
                                    .seconds = point.seconds};
        assert_true(history_add_epoch(run->history, &epoch, NULL));
        run->counts.epochs++;
    }
}

/* The true class mostly, another one at every sixth image; more in early epochs. */
static void answer(size_t image, size_t label, size_t epoch, float *logits)
{
    for (size_t column = 0; column < DATASET_CLASSES; column++)
        logits[column] = -(float)scatter(image + column, 4);
    bool wrong = scatter(image, 6) == 0 || scatter(image + 977 * epoch, 8) > 2 + epoch;
    size_t answered = (label + (wrong ? 1 + scatter(5 * image + 1, 4) : 0)) % DATASET_CLASSES;
    logits[answered] = 2 + (float)scatter(image, 50) / 16;
}

static const struct evaluation *evaluate(const struct export_run *run, enum evaluation_part part,
                                         size_t epoch, const struct evaluation *before)
{
    const struct image_set *set =
        part == EVALUATION_TEST ? dataset_test(run->dataset) : dataset_train(run->dataset);
    uint32_t indices[IMAGES];
    for (uint32_t place = 0; place < IMAGES; place++)
        indices[place] = part == EVALUATION_TEST ? place : 7 * place;
    struct draft *draft = draft_create(part, set, indices, IMAGES, NULL);
    assert_non_null(draft);
    for (size_t place = 0; place < IMAGES; place += BATCH) {
        float logits[BATCH * DATASET_CLASSES];
        for (size_t row = 0; row < BATCH; row++)
            answer(place + row, set->labels[indices[place + row]], epoch,
                   logits + row * DATASET_CLASSES);
        draft_add(draft, logits, BATCH);
    }
    return draft_finish(draft, epoch * STAGED_STEPS_PER_EPOCH, (double)epoch, before);
}

/* Adds what the store keeps of an evaluation without its answers. */
static void add_figures(struct export_run *run, const struct evaluation *evaluation)
{
    struct run_evaluation *figures = &run->evaluations[run->evaluation_count++];
    *figures = (struct run_evaluation){.part = evaluation->part,
                                       .step = evaluation->step,
                                       .epoch = evaluation->epoch,
                                       .count = evaluation->count,
                                       .correct = evaluation->correct,
                                       .loss = evaluation->loss,
                                       .accuracy = evaluation->accuracy,
                                       .answers = true};
    memcpy(figures->confusion, evaluation->confusion, sizeof figures->confusion);
    memcpy(figures->classes, evaluation->classes, sizeof figures->classes);
}

static void add_evaluations(struct export_run *run, size_t epochs)
{
    run->evaluations = calloc(epochs + 1, sizeof *run->evaluations);
    assert_non_null(run->evaluations);
    for (size_t epoch = 1; epoch <= epochs; epoch++) {
        const struct evaluation *before = run->validation;
        run->validation = evaluate(run, EVALUATION_VALIDATION, epoch, before);
        evaluation_release(before);
        add_figures(run, run->validation);
    }
    if (epochs == 0)
        return;
    run->test = evaluate(run, EVALUATION_TEST, epochs, NULL);
    add_figures(run, run->test);
}

static void add_events(struct export_run *run)
{
    static const struct run_event events[EVENTS] = {
        {.at = 1764079333.5, .step = 40, .seconds = 0.6, .kind = "paused"},
        {.at = 1764079334,
         .step = 2 * STAGED_STEPS_PER_EPOCH,
         .seconds = 1.6,
         .kind = "rate",
         .before = 1e-3,
         .after = 5e-4},
        {.at = 1764079334.5, .step = 100, .seconds = 1.7, .kind = RUN_EVENT_SAVED},
        {.at = 1764079334.75,
         .step = 150,
         .seconds = 1.9,
         .kind = RUN_EVENT_SAVED,
         .detail = "best"},
        {.at = 1764079335,
         .step = 150,
         .seconds = 2,
         .kind = "unsaved",
         .detail = "</title><script>\"a\", 'b' & c"},
    };
    run->events = calloc(EVENTS, sizeof *run->events);
    assert_non_null(run->events);
    memcpy(run->events, events, sizeof events);
    run->event_count = EVENTS;
}

static void fill_row(struct run_row *row, const struct export_run *run, size_t epochs)
{
    *row = (struct run_row){
        .id = 12,
        .name = "<b>R&D, \"wide\"</b> \xC3\xA9",
        .model = "lenet",
        .state = RUN_STATE_FINISHED,
        .started_at = 1764079331.25,
        .ended_at = 1764079345,
        .host = "host",
        .program = "0.1.0",
        .isa = "generic",
        .blas_core = "Haswell",
        .threads = 2,
        .epochs = epochs,
        .batch = 100,
        .initial_learning_rate = 1e-3,
        .seed = 1,
        .weight_count = 44426,
        .steps_per_epoch = STAGED_STEPS_PER_EPOCH,
        .data_source = "embedded sample",
        .train_count = 5400,
        .validation_count = 600,
        .test_count = 1000,
        .step = epochs * STAGED_STEPS_PER_EPOCH,
        .epochs_done = (double)epochs,
        .seconds = (double)epochs * STAGED_STEPS_PER_EPOCH / 64,
        .learning_rate = 5e-4,
        .images_per_second = 6400,
        .best_accuracy =
            epochs > 0 ? (double)(accuracy_at(epochs * STAGED_STEPS_PER_EPOCH) - 0.01F) : 0,
        .best_epoch = epochs,
        .test_accuracy = run->test ? run->test->accuracy : -1,
    };
    (void)strncpy(row->data_name, dataset_name(run->dataset), sizeof row->data_name - 1);
    (void)strncpy(row->data_sha256, dataset_sha256(run->dataset), sizeof row->data_sha256 - 1);
}

struct export_run *staged_run_create(size_t epochs, bool finite)
{
    struct export_run *run = calloc(1, sizeof *run);
    assert_non_null(run);
    run->history = history_create(NULL);
    run->dataset = dataset_load_sample(NULL);
    assert_non_null(run->history);
    assert_non_null(run->dataset);
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        (void)strncpy(run->class_names[label], dataset_class_name(run->dataset, label),
                      DATASET_CLASS_NAME_SIZE - 1);
    add_points(run, epochs * STAGED_STEPS_PER_EPOCH, finite);
    add_evaluations(run, epochs);
    add_events(run);
    fill_row(&run->row, run, epochs);
    return run;
}

void staged_run_destroy(struct export_run *run)
{
    export_run_release(run);
    free(run);
}
