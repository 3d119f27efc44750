// SPDX-License-Identifier: MIT
#include "tui/sentences.h"

#include <string.h>

#include "tui/album.h"
#include "tui/console.h"
#include "tui/matrix.h"
#include "tui/title.h"

enum { NAMED_MAX = 5, DURATION_SIZE = 16 };

static const struct learner_snapshot *active(const struct snapshot *snapshot)
{
    return &snapshot->learners[snapshot->active];
}

static void tell_state(const struct snapshot *snapshot, FILE *out)
{
    const struct learner_snapshot *learner = active(snapshot);
    switch (snapshot->state) {
    case TRAINER_LOADING:
        (void)fputs("Reading the data.\n", out);
        break;
    case TRAINER_TRAINING:
        (void)fprintf(out, "%s trains, epoch %zu of %zu, step %llu.\n", learner->title,
                      learner->epoch, learner->epochs, (unsigned long long)learner->step);
        break;
    case TRAINER_PAUSED:
        (void)fprintf(out, "%s is paused at step %llu, epoch %zu of %zu.\n", learner->title,
                      (unsigned long long)learner->step, learner->epoch, learner->epochs);
        break;
    case TRAINER_WAITING:
        (void)fprintf(out, "%s waits at step %llu.\n", learner->title,
                      (unsigned long long)learner->step);
        break;
    case TRAINER_FINISHED:
        (void)fprintf(out, "%s is finished after %llu steps. q quits.\n", learner->title,
                      (unsigned long long)learner->step);
        break;
    default:
        break;
    }
}

static void tell_evaluation(const struct learner_snapshot *learner,
                            const struct evaluation *evaluation, FILE *out)
{
    bool best = learner->best_epoch > 0 && evaluation->accuracy >= learner->best_accuracy;
    (void)fprintf(out, "%s after epoch %.4g: %s accuracy %.2f percent, loss %.3g%s.\n",
                  learner->title, evaluation->epoch,
                  evaluation->part == EVALUATION_TEST ? "test" : "validation",
                  100 * evaluation->accuracy, evaluation->loss,
                  evaluation->part == EVALUATION_VALIDATION && best ? ", the best so far" : "");
}

/* Whether the learner's newest evaluation was not told yet. A watched run's may be another one of
 * the same step, once its answers are known. */
static bool is_new(const struct sentences *sentences, const struct snapshot *snapshot, size_t model)
{
    const struct evaluation *newest = snapshot->learners[model].validation;
    return newest && newest != sentences->told[model] &&
           (snapshot->origin == SNAPSHOT_TRAINED || newest->step != sentences->told_steps[model]);
}

static void tell_evaluations(struct sentences *sentences, const struct snapshot *snapshot,
                             FILE *out)
{
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        if (is_new(sentences, snapshot, model))
            tell_evaluation(learner, learner->validation, out);
        if (learner->test && !sentences->tested[model])
            tell_evaluation(learner, learner->test, out);
        sentences->told[model] = learner->validation;
        sentences->told_steps[model] = learner->validation ? learner->validation->step : 0;
        sentences->tested[model] = learner->test;
    }
}

/* Evaluation and training by turns are one state to the ear. */
static enum trainer_state heard_state(const struct snapshot *snapshot)
{
    return snapshot->state == TRAINER_EVALUATING ? TRAINER_TRAINING : snapshot->state;
}

void sentences_update(struct sentences *sentences, const struct snapshot *snapshot, FILE *out)
{
    enum trainer_state state = heard_state(snapshot);
    tell_evaluations(sentences, snapshot, out);
    if (!sentences->begun || state != sentences->state || snapshot->active != sentences->model)
        tell_state(snapshot, out);
    if (snapshot->failure.code != ERROR_NONE && snapshot->state != TRAINER_FAILED &&
        strcmp(snapshot->failure.message, sentences->failure) != 0)
        (void)fprintf(out, "Notice: %s.\n", snapshot->failure.message);
    memcpy(sentences->failure, snapshot->failure.message, sizeof sentences->failure);
    sentences->begun = true;
    sentences->state = state;
    sentences->model = snapshot->active;
}

void sentences_progress(const struct snapshot *snapshot, FILE *out)
{
    const struct learner_snapshot *learner = active(snapshot);
    char duration[DURATION_SIZE];
    if (!learner->started) {
        (void)fprintf(out, "Reading the data, %.0f percent.\n", 100 * snapshot->load_progress);
        return;
    }
    (void)fprintf(out, "%s, %s, epoch %zu of %zu, step %llu", learner->title,
                  title_state(snapshot->state), learner->epoch, learner->epochs,
                  (unsigned long long)learner->step);
    if (learner->step > 0)
        (void)fprintf(out, ", training loss %.3g, training accuracy %.1f percent",
                      learner->train_loss, 100 * learner->train_accuracy);
    (void)fprintf(out, ", learning rate %.3g", learner->learning_rate);
    if (learner->eta_seconds >= 0 && !learner->finished)
        (void)fprintf(out, ", %s left",
                      title_duration(learner->eta_seconds, duration, sizeof duration));
    (void)fputs(".\n", out);
}

/* The evaluation that is looked at; says so where there is none. */
static const struct evaluation *looked_at(const struct scene *scene, FILE *out)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    if (!evaluation)
        (void)fputs("Nothing was evaluated yet; e evaluates now.\n", out);
    return evaluation;
}

void sentences_evaluation(const struct scene *scene, FILE *out)
{
    const struct evaluation *evaluation = looked_at(scene, out);
    if (evaluation)
        tell_evaluation(scene_learner(scene), evaluation, out);
}

void sentences_confusions(const struct scene *scene, FILE *out)
{
    const struct snapshot *snapshot = scene->snapshot;
    const struct evaluation *evaluation = looked_at(scene, out);
    struct class_pair pair = {0};
    for (int count = 0; evaluation && count < NAMED_MAX; count++) {
        pair = matrix_next_pair(evaluation, MATRIX_ROW_PERCENT, pair);
        if (!pair.chosen)
            return;
        (void)fprintf(out, "%s is taken for %s in %zu percent.\n",
                      dataset_class_name(snapshot->dataset, pair.label),
                      dataset_class_name(snapshot->dataset, pair.predicted),
                      matrix_value(evaluation, MATRIX_ROW_PERCENT, pair.label, pair.predicted));
    }
}

static void tell_image(const struct snapshot *snapshot, const struct evaluation *evaluation,
                       uint32_t place, FILE *out)
{
    size_t predicted = evaluation->predicted[place], label = evaluation->labels[place];
    size_t answer = (size_t)place * DATASET_CLASSES + predicted;
    double percent = 100 * (double)evaluation->probabilities[answer];
    (void)fprintf(out, "Image %u, %s, is ", evaluation->images[place],
                  dataset_class_name(snapshot->dataset, label));
    if (predicted == label)
        (void)fprintf(out, "right with %.0f percent.\n", percent);
    else
        (void)fprintf(out, "taken for %s with %.0f percent.\n",
                      dataset_class_name(snapshot->dataset, predicted), percent);
}

static void tell_count(const struct scene *scene, const struct sentences_wish *wish,
                       const struct evaluation *evaluation, size_t count, FILE *out)
{
    const struct filter *filter = &scene->filter;
    const char *order = album_order_name(wish->order);
    bool whole = wish->all || filter->whole;
    if (filter->count == 0 && wish->all)
        (void)fprintf(out, "%zu images, %s.\n", count, order);
    else if (filter->count == 0)
        (void)fprintf(out, "%zu of %zu images are wrong, %s.\n", count, evaluation->count, order);
    else
        (void)fprintf(out, "%zu of %zu %s are so: %s, %s.\n", count,
                      whole ? evaluation->count : evaluation->mistake_count,
                      whole ? "images" : "mistakes", filter->text, order);
}

void sentences_mistakes(const struct scene *scene, const struct sentences_wish *wanted, FILE *out)
{
    const struct evaluation *evaluation = looked_at(scene, out);
    struct album_wish wish = {.order = wanted->order,
                              .all = wanted->all,
                              .filter = scene->filter.count > 0 ? &scene->filter : NULL};
    struct album album = {.evaluation = NULL};
    if (!evaluation)
        return;
    evaluation = scene_answered(scene);
    if (!evaluation) {
        (void)fputs("The images of that evaluation are still being read.\n", out);
        return;
    }
    scene_answers(scene, evaluation, wish.answers);
    (void)album_fill(&album, evaluation, &wish);
    tell_count(scene, wanted, evaluation, album.count, out);
    for (size_t index = 0; index < album.count && index < NAMED_MAX; index++)
        tell_image(scene->snapshot, evaluation, album.places[index], out);
    album_clear(&album);
}

void sentences_keys(FILE *out)
{
    static const char *const texts[] = {
        "Space or p: pause, or go on.",
        "m: train the other model; this one is parked.",
        "Full stop: train one batch, then pause.",
        "e: evaluate now.",
        "Greater than: train to the end of the epoch, then pause.",
        "Plus and minus: learning rate up and down; u takes that back.",
        "R: start this model anew.",
        "s: save a checkpoint now.",
        "1: how far it is.",
        "2: what is most often confused.",
        "3: the surest mistakes.",
        "Slash: type which mistakes 3 tells, such as true:shirt pred:coat, and Enter.",
        "o: another order of them; a: right answers, too, or mistakes only.",
        "Brackets: back and forth through the evaluations; t: test images, or validation.",
        "q: quit.",
        "Colon: type a command and Enter. The commands:",
    };
    const struct console_command *command;
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
        (void)fprintf(out, "%s\n", texts[index]);
    for (size_t index = 0; (command = console_command(index)); index++)
        (void)fprintf(out, "%s%s%s: %s.\n", command->name, command->argument ? " " : "",
                      command->argument ? command->argument : "", command->help);
}

void sentences_filters(FILE *out)
{
    const struct filter_form *form;
    for (size_t index = 0; (form = filter_form(index)); index++)
        (void)fprintf(out, "%s: %s.\n", form->form, form->help);
}
