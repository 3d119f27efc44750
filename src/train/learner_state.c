// SPDX-License-Identifier: MIT
/* A learner's checkpoints: written from it, and a learner that goes on from one. */
#include <stdio.h>
#include <string.h>

#include "fmnist/nn/blas.h"
#include "train/learner_parts.h"

_Static_assert(sizeof(real) == sizeof(float), "checkpoints hold floats");

/* One parameter's numbers, to copy by one task. */
struct copy_job {
    struct learner *learner;
    const struct checkpoint *checkpoint;
    bool capture; /* from the learner; else to it */
};

static void copy_numbers(bool capture, float *saved, real *live, size_t count)
{
    if (capture)
        memcpy(saved, live, count * sizeof *saved);
    else
        memcpy(live, saved, count * sizeof *live);
}

static void copy_parameter(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct copy_job *job = context;
    const struct checkpoint_parameter *saved = &job->checkpoint->parameters[index];
    struct adam *adam = job->learner->adam;
    copy_numbers(job->capture, saved->value, network_parameter(job->learner->network, index)->value,
                 saved->count);
    if (!job->checkpoint->whole)
        return;
    copy_numbers(job->capture, saved->first_moment, adam_first_moment(adam, index), saved->count);
    copy_numbers(job->capture, saved->second_moment, adam_second_moment(adam, index), saved->count);
}

static void copy_parameters(struct learner *learner, const struct checkpoint *checkpoint,
                            bool capture)
{
    struct copy_job job = {learner, checkpoint, capture};
    if (capture)
        pool_run_own(learner->base->pool, checkpoint->parameter_count, copy_parameter, &job);
    else
        pool_run_all(learner->base->pool, checkpoint->parameter_count, copy_parameter, &job);
}

static struct checkpoint_place learner_place(const struct learner *learner)
{
    const struct trainer_settings *settings = learner->base->settings;
    return (struct checkpoint_place){
        .seed = settings->seed,
        .batch = settings->batch,
        .train_count = learner->base->split->train_count,
        .epochs = learner->epochs,
        .epochs_done = learner->epochs_done,
        .epoch_step = learner->epoch_step,
        .step = learner->step,
        .updates = adam_updates(learner->adam),
        .learning_rate = learner->learning_rate,
        .initial_learning_rate = settings->learning_rate,
        .loss_average = learner->loss_average,
        .accuracy_average = learner->accuracy_average,
        .seconds = learner->seconds,
        .best_accuracy = learner->best_accuracy,
        .best_epoch = learner->best_epoch,
        .validation_due = learner->validation_due,
        .test_due = learner->test_due,
        .validation_requested = learner->validation_requested,
    };
}

bool learner_exchange(struct learner *learner, struct error *err)
{
    return adam_exchange(learner->adam) || !comm_failed(learner->base->team, err);
}

const struct checkpoint *learner_capture(struct learner *learner, struct error *err)
{
    const struct evaluation *newest = learner->validation;
    struct checkpoint *checkpoint = checkpoint_create(learner->spec, true, err);
    if (!checkpoint)
        return NULL;
    checkpoint->place = learner_place(learner);
    checkpoint->isa = network_isa(learner->network);
    (void)snprintf(checkpoint->blas_core, sizeof checkpoint->blas_core, "%s", blas_core());
    if (newest && newest->step == learner->step)
        checkpoint->accuracy = newest->accuracy;
    checkpoint->best = learner_at_best(learner);
    copy_parameters(learner, checkpoint, true);
    return checkpoint;
}

/* Whether a run of these settings and data can go on from there. */
static bool learner_check_place(const struct learner *learner, const struct checkpoint_place *place,
                                struct error *err)
{
    const struct trainer_settings *settings = learner->base->settings;
    size_t train_count = learner->base->split->train_count;
    if (place->train_count != train_count)
        error_set(err, ERROR_USAGE,
                  "the run to resume has %zu training images, these data have %zu",
                  place->train_count, train_count);
    else if (place->seed != settings->seed || place->batch != settings->batch)
        error_set(err, ERROR_USAGE,
                  "the run to resume has seed %llu and batches of %zu images, which must stay",
                  (unsigned long long)place->seed, place->batch);
    else if (place->epochs_done > TRAINER_EPOCHS_MAX ||
             place->epoch_step >= learner->steps_per_epoch || place->updates != place->step ||
             place->step !=
                 (uint64_t)place->epochs_done * learner->steps_per_epoch + place->epoch_step)
        error_set(err, ERROR_FORMAT, "the checkpoint does not say where in its run it is");
    else
        return true;
    return false;
}

/* Takes over what was known of the run, with references of its own. */
static void learner_recall(struct learner *learner, const struct learner_past *past)
{
    history_release(learner->history);
    learner->history = past->history; /* whose reference is handed over */
    learner->step_points = past->step_points;
    learner->epoch_points = past->epoch_points;
    learner->event_points = past->event_points;
    learner->archive = archive_share(past->archive);
    learner->test = evaluation_share(past->test);
    if (past->archive && past->archive->count > 0)
        learner->validation =
            evaluation_share(past->archive->evaluations[past->archive->count - 1]);
}

bool learner_resume(struct learner *learner, struct learner_past *past, struct error *err)
{
    const struct checkpoint *checkpoint = past->checkpoint;
    const struct checkpoint_place *place = &checkpoint->place;
    const struct trainer_settings *settings = learner->base->settings;
    if (!checkpoint->whole || checkpoint->spec != learner->spec) {
        error_set(err, ERROR_USAGE, "this is no checkpoint that a run of %s can go on from",
                  network_spec_title(learner->spec));
        return false;
    }
    if (!learner_check_place(learner, place, err))
        return false;
    if (past->history) {
        learner_recall(learner, past);
        past->history = NULL;
    }
    learner->epochs_done = place->epochs_done;
    learner->epoch_step = place->epoch_step;
    learner->step = place->step;
    learner->learning_rate = place->learning_rate;
    learner->loss_average = place->loss_average;
    learner->accuracy_average = place->accuracy_average;
    learner->seconds = place->seconds;
    learner->best_accuracy = place->best_accuracy;
    learner->best_epoch = place->best_epoch;
    learner->validation_due = place->validation_due;
    learner->validation_requested = place->validation_requested;
    size_t begun = place->epochs_done + (place->epoch_step > 0);
    if (learner->epochs < begun)
        learner->epochs = begun;
    learner->test_due = learner_trained(learner) && (place->test_due || !learner->test);
    struct comm *comm = settings->comm;
    if (comm && !comm_broadcast(comm, &learner->test_due, sizeof learner->test_due))
        return !comm_failed(comm, err);
    adam_set_updates(learner->adam, place->updates);
    copy_parameters(learner, checkpoint, false);
    learner_shuffle(learner);
    return true;
}
