// SPDX-License-Identifier: MIT
#include "tui/sentences.h"

#include <string.h>

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

static void tell_evaluations(struct sentences *sentences, const struct snapshot *snapshot,
                             FILE *out)
{
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        if (learner->validation && learner->validation != sentences->told[model])
            tell_evaluation(learner, learner->validation, out);
        if (learner->test && !sentences->tested[model])
            tell_evaluation(learner, learner->test, out);
        sentences->told[model] = learner->validation;
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

/* The newest evaluation; says so where there is none. */
static const struct evaluation *newest(const struct snapshot *snapshot, FILE *out)
{
    const struct evaluation *evaluation = active(snapshot)->validation;
    if (!evaluation)
        (void)fputs("Nothing was evaluated yet; e evaluates now.\n", out);
    return evaluation;
}

void sentences_confusions(const struct snapshot *snapshot, FILE *out)
{
    const struct evaluation *evaluation = newest(snapshot, out);
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

void sentences_mistakes(const struct snapshot *snapshot, FILE *out)
{
    const struct evaluation *evaluation = newest(snapshot, out);
    if (!evaluation)
        return;
    (void)fprintf(out, "%zu of %zu images are wrong.\n", evaluation->mistake_count,
                  evaluation->count);
    for (size_t index = 0; index < evaluation->mistake_count && index < NAMED_MAX; index++) {
        uint32_t place = evaluation->mistakes[index];
        size_t predicted = evaluation->predicted[place];
        (void)fprintf(
            out, "Image %u, %s, is taken for %s with %.0f percent.\n", evaluation->images[place],
            dataset_class_name(snapshot->dataset, evaluation->labels[place]),
            dataset_class_name(snapshot->dataset, predicted),
            100 * (double)evaluation->probabilities[(size_t)place * DATASET_CLASSES + predicted]);
    }
}
