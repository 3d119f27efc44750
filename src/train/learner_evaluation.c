// SPDX-License-Identifier: MIT
/* Evaluations of a learner: which is due, and how it goes on batch by batch. */
#include <math.h>

#include "base/clock.h"
#include "train/learner_parts.h"

void learner_request_evaluation(struct learner *learner)
{
    learner->validation_requested = true;
    learner->changes++;
}

bool learner_evaluating(const struct learner *learner)
{
    return learner->draft || learner->validation_due || learner->validation_requested ||
           learner->test_due;
}

bool learner_idle(const struct learner *learner)
{
    return learner_trained(learner) && !learner_evaluating(learner);
}

bool learner_evaluation_requested(const struct learner *learner)
{
    return learner->validation_requested;
}

enum evaluation_part learner_evaluation_part(const struct learner *learner)
{
    if (learner->draft)
        return draft_part(learner->draft);
    return learner->validation_due || learner->validation_requested ? EVALUATION_VALIDATION
                                                                    : EVALUATION_TEST;
}

double learner_evaluation_progress(const struct learner *learner)
{
    if (!learner->draft)
        return 0;
    return (double)draft_done(learner->draft) / (double)draft_count(learner->draft);
}

static bool learner_begin_evaluation(struct learner *learner, struct error *err)
{
    const struct dataset *dataset = learner->base->dataset;
    const struct split *split = learner->base->split;
    if (learner_evaluation_part(learner) == EVALUATION_VALIDATION)
        learner->draft = draft_create(EVALUATION_VALIDATION, dataset_train(dataset),
                                      split->validation, split->validation_count, err);
    else
        learner->draft = draft_create(EVALUATION_TEST, dataset_test(dataset), NULL,
                                      dataset_test(dataset)->count, err);
    return learner->draft;
}

/* The epoch it ended or was in the middle of, from 1. */
static size_t epoch_of(const struct evaluation *evaluation)
{
    return (size_t)ceil(evaluation->epoch);
}

bool learner_at_best(const struct learner *learner)
{
    const struct evaluation *newest = learner->validation;
    return newest && newest->step == learner->step && newest->accuracy >= learner->best_accuracy &&
           epoch_of(newest) == learner->best_epoch;
}

/* Takes over a finished evaluation on the validation part. */
static bool learner_take_validation(struct learner *learner, const struct evaluation *evaluation,
                                    struct error *err)
{
    struct epoch_point point = {
        .step = (uint32_t)learner->step,
        .epoch = (float)evaluation->epoch,
        .loss = (float)evaluation->loss,
        .accuracy = (float)evaluation->accuracy,
        .train_loss = (float)(learner->loss_average / learner_debias(learner)),
        .train_accuracy = (float)(learner->accuracy_average / learner_debias(learner)),
        .learning_rate = (float)learner->learning_rate,
        .images_per_second = (float)meter_rate(&learner->training),
        .seconds = (float)learner->seconds,
    };
    const struct archive *archive = archive_add(learner->archive, evaluation, err);
    if (!archive) {
        evaluation_release(evaluation);
        return false;
    }
    archive_release(learner->archive);
    learner->archive = archive;
    evaluation_release(learner->validation);
    learner->validation = evaluation;
    learner->validation_due = learner->validation_requested = false;
    if (evaluation->accuracy > learner->best_accuracy) {
        learner->best_accuracy = evaluation->accuracy;
        learner->best_epoch = epoch_of(evaluation);
    }
    if (!history_add_epoch(learner->history, &point, err))
        return false;
    learner->epoch_points++;
    return true;
}

static bool learner_finish_evaluation(struct learner *learner, struct error *err)
{
    bool validation = draft_part(learner->draft) == EVALUATION_VALIDATION;
    const struct evaluation *evaluation =
        draft_finish(learner->draft, learner->step, learner_epochs(learner),
                     validation ? learner->validation : learner->test);
    learner->draft = NULL;
    learner->changes++;
    const struct recorder *recorder = learner->base->recorder;
    if (recorder)
        recorder->operations->evaluated(recorder->self, network_spec_number(learner->spec),
                                        learner->life, evaluation);
    if (validation)
        return learner_take_validation(learner, evaluation, err);
    evaluation_release(learner->test);
    learner->test = evaluation;
    learner->test_due = false;
    return true;
}

enum learner_event learner_evaluate(struct learner *learner, struct error *err)
{
    double start = clock_seconds();
    if (!learner->draft && !learner_begin_evaluation(learner, err))
        return LEARNER_FAILED;
    struct draft *draft = learner->draft;
    const struct dataset *dataset = learner->base->dataset;
    const struct image_set *set =
        draft_part(draft) == EVALUATION_VALIDATION ? dataset_train(dataset) : dataset_test(dataset);
    size_t left = draft_count(draft) - draft_done(draft);
    size_t batch = network_max_batch(learner->network);
    if (batch > left)
        batch = left;
    network_take_images(learner->network, set->pixels, draft_images(draft), batch);
    bool whole = network_forward(learner->network, batch, NETWORK_EVALUATE, learner->step);
    observer_forget_times(learner->observer);
    if (!whole)
        return LEARNER_INTERRUPTED;
    draft_add(draft, network_logits(learner->network), batch);
    double seconds = clock_seconds() - start;
    learner->seconds += seconds;
    meter_add(&learner->evaluation, (double)batch, seconds);
    if (batch < left)
        return LEARNER_EVALUATED;
    return learner_finish_evaluation(learner, err) ? LEARNER_COMPLETED : LEARNER_FAILED;
}
