// SPDX-License-Identifier: MIT
/* The trainer's state as snapshots. */
#include "base/clock.h"
#include "train/trainer_parts.h"

static const double PUBLISH_SECONDS = 0.02;

/* A unit of work may be done now. */
bool trainer_runnable(const struct trainer *trainer)
{
    const struct learner *learner = trainer_learner(trainer);
    if (learner_idle(learner) || trainer->waiting)
        return false;
    return !trainer->paused || trainer->stepping || learner_evaluation_requested(learner);
}

enum trainer_state trainer_state(const struct trainer *trainer)
{
    if (trainer->phase != TRAINER_TRAINING)
        return trainer->phase;
    const struct learner *learner = trainer_learner(trainer);
    if (learner_idle(learner))
        return TRAINER_FINISHED;
    if (trainer->waiting)
        return TRAINER_WAITING;
    if (trainer->paused && !trainer->stepping)
        return TRAINER_PAUSED;
    return learner_evaluating(learner) ? TRAINER_EVALUATING : TRAINER_TRAINING;
}

static void trainer_describe_learner(const struct trainer *trainer, size_t model,
                                     struct learner_snapshot *snapshot)
{
    const struct recorder *recorder = &trainer->settings.recorder;
    learner_describe(trainer->learners[model], snapshot);
    if (recorder->operations)
        snapshot->record = recorder->operations->describe(recorder->self, model, snapshot->life);
    else if (model == trainer->active)
        snapshot->record = trainer->told;
}

void trainer_describe(const struct trainer *trainer, struct snapshot *snapshot)
{
    snapshot->state = trainer_state(trainer);
    snapshot->load_progress = trainer->load_progress;
    snapshot->threads = trainer->settings.threads;
    snapshot->isa = trainer->settings.isa;
    snapshot->seed = trainer->settings.seed;
    snapshot->batch = trainer->settings.batch;
    snapshot->failure = trainer->notice;
    snapshot->active = trainer->active;
    snapshot->learner_count = network_spec_count();
    if (trainer->dataset && trainer->split) {
        snapshot->dataset = trainer->dataset;
        snapshot->train_count = trainer->split->train_count;
        snapshot->validation_count = trainer->split->validation_count;
        snapshot->test_count = dataset_test(trainer->dataset)->count;
    }
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct network_spec *spec = network_spec_at(model);
        if (trainer->learners[model])
            trainer_describe_learner(trainer, model, &snapshot->learners[model]);
        else
            snapshot->learners[model] = (struct learner_snapshot){
                .name = network_spec_name(spec), .title = network_spec_title(spec)};
    }
    const struct learner *learner = trainer_learner(trainer);
    if (!learner || !trainer_runnable(trainer) || !learner_evaluating(learner))
        return;
    snapshot->evaluating = true;
    snapshot->evaluation_part = learner_evaluation_part(learner);
    snapshot->evaluation_progress = learner_evaluation_progress(learner);
}

void trainer_publish(struct trainer *trainer)
{
    bool last = trainer->phase == TRAINER_STOPPED || trainer->phase == TRAINER_FAILED;
    struct snapshot *snapshot = snapshot_create(NULL);
    if (!snapshot && last) {
        snapshot = trainer->spare;
        trainer->spare = NULL;
    }
    if (!snapshot)
        return; /* the next one may find memory */
    snapshot->number = ++trainer->published;
    trainer_describe(trainer, snapshot);
    trainer->published_state = snapshot->state;
    trainer->published_at = clock_seconds();
    trainer->unpublished = false;
    const struct recorder *recorder = &trainer->settings.recorder;
    if (recorder->operations)
        recorder->operations->publish(recorder->self, snapshot);
    mailbox_put(trainer->mailbox, snapshot);
}

/* Publishes unless that was done just now and the state is the same. */
void trainer_publish_some(struct trainer *trainer)
{
    if (clock_seconds() - trainer->published_at >= PUBLISH_SECONDS ||
        trainer_state(trainer) != trainer->published_state)
        trainer_publish(trainer);
}
