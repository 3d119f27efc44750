// SPDX-License-Identifier: MIT
#include "fmnist/train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "train/trainer_parts.h"

const struct trainer_settings TRAINER_DEFAULTS = {
    .epochs = 15,
    .batch = 100,
    .learning_rate = 0.001,
    .seed = 1,
    .save_seconds = 60,
};

static void trainer_fail(struct trainer *trainer, const struct error *err)
{
    trainer->notice = *err;
    trainer->phase = TRAINER_FAILED;
}

bool trainer_start_learner(struct trainer *trainer, struct error *err)
{
    size_t model = trainer->active;
    struct learner_past *past = &trainer->settings.past[model];
    if (trainer->learners[model])
        return true;
    if (!trainer_share_past(trainer, model, err))
        return false;
    struct learner *learner = learner_create(network_spec_at(model), &trainer->base, err);
    if (learner && past->checkpoint && !learner_resume(learner, past, err)) {
        learner_destroy(learner);
        learner = NULL;
    }
    learner_past_release(past);
    trainer->learners[model] = learner;
    return learner;
}

/* Looks whether a unit of work has led to where the run is to pause. */
static void trainer_end_step(struct trainer *trainer)
{
    struct learner *learner = trainer_learner(trainer);
    bool idle = learner_idle(learner);
    if (!idle && (learner_step(learner) < trainer->goal || learner_evaluating(learner)))
        return;
    if (trainer_travels(trainer) && !idle)
        learner_note_pause(learner);
    if (trainer_travels(trainer))
        trainer_save(trainer);
    trainer->stepping = false;
}

/* Makes one unit of work; false where the run cannot go on. */
static bool trainer_work(struct trainer *trainer, struct error *err)
{
    enum learner_event event = learner_advance(trainer_learner(trainer), err);
    trainer->unpublished = true;
    switch (event) {
    case LEARNER_STEPPED:
    case LEARNER_EVALUATED:
    case LEARNER_COMPLETED:
        trainer_save_some(trainer, event);
        trainer_end_step(trainer);
        return true;
    case LEARNER_INTERRUPTED:
        return !trainer_lost(trainer, err);
    case LEARNER_DIVERGED:
        trainer->notice = *err; /* saving publishes that it is paused, and this is why */
        trainer_hold(trainer);
        trainer_save(trainer);
        trainer->notice = *err;
        trainer_publish(trainer);
        return true;
    case LEARNER_FAILED:
        return false;
    }
    return true;
}

/* Looks into the network where that is due. One that cannot be looked into is left alone. */
static void trainer_look(struct trainer *trainer, bool resting)
{
    const struct observation none = {0};
    if (pool_has_partners(trainer->pool))
        return; /* when it is due they may not agree on */
    switch (learner_look(trainer_learner(trainer), resting, &trainer->notice)) {
    case OBSERVER_FAILED:
        trainer_observe_as(trainer, &none);
        trainer->unpublished = true;
        return;
    case OBSERVER_SAW:
        trainer->unpublished = true;
        return;
    case OBSERVER_NOTHING:
    case OBSERVER_INTERRUPTED:
        return;
    }
}

/* Waits for a command, after all there is to see has been seen. */
static void trainer_rest(struct trainer *trainer)
{
    if (trainer->unpublished)
        trainer_publish(trainer);
    trainer_look(trainer, true);
    if (trainer->unpublished)
        trainer_publish(trainer);
    trainer_wait(trainer);
}

/* Obeys and works until it is told to stop. */
static bool trainer_run(struct trainer *trainer, struct error *err)
{
    while (!trainer->stop) {
        trainer_check_recorder(trainer);
        if (!trainer_agree(trainer, err))
            return false;
        if (!queue_empty(trainer->queue)) {
            if (!trainer_obey_all(trainer, err))
                return false;
            trainer->unpublished = true;
            if (!trainer->stop)
                trainer_publish(trainer);
        } else if (!trainer_runnable(trainer)) {
            trainer_rest(trainer);
        } else {
            if (!trainer_work(trainer, err))
                return false;
            trainer_look(trainer, false);
            trainer_publish_some(trainer);
        }
    }
    return true;
}

void learner_past_release(struct learner_past *past)
{
    checkpoint_release(past->checkpoint);
    history_release(past->history);
    archive_release(past->archive);
    evaluation_release(past->test);
    *past = (struct learner_past){0};
}

static bool trainer_load(struct trainer *trainer, struct error *err)
{
    const struct trainer_settings *settings = &trainer->settings;
    trainer->pool = pool_create(settings->threads, err);
    if (!trainer_meet(trainer, trainer->pool, err))
        return false;
    pool_set_poll(trainer->pool, trainer_poll, trainer);
    if (!trainer_unite(trainer, err) ||
        !trainer_meet(trainer, trainer_load_data(trainer, err), err))
        return false;
    trainer->split = split_create(dataset_train(trainer->dataset)->count, settings->seed, err);
    if (!trainer->split) {
        error_prefix(err, "%s", dataset_source(trainer->dataset));
        return false;
    }
    trainer->base = (struct learner_base){
        .settings = settings,
        .dataset = trainer->dataset,
        .split = trainer->split,
        .pool = trainer->pool,
        .team = trainer->team,
        .recorder = settings->recorder.operations ? &settings->recorder : NULL,
    };
    if (!trainer_start_learner(trainer, err))
        return false;
    trainer->phase = TRAINER_TRAINING;
    trainer->saved_at = clock_seconds();
    trainer_publish(trainer); /* the first step may take a second */
    return true;
}

static void *trainer_main(void *argument)
{
    struct trainer *trainer = argument;
    struct error err = {0};
    if (trainer_load(trainer, &err) && trainer_run(trainer, &err))
        trainer->phase = TRAINER_STOPPED;
    else
        trainer_fail(trainer, &err);
    if (trainer->phase == TRAINER_FAILED && trainer_shares(trainer) && err.code != ERROR_USAGE)
        comm_fail(trainer->settings.comm, &err);
    trainer_save(trainer);
    trainer_publish(trainer);
    return NULL;
}

static bool settings_check(const struct trainer_settings *settings, struct error *err)
{
    if (!settings->model)
        error_set(err, ERROR_USAGE, "no model was chosen");
    else if (settings->epochs == 0 || settings->epochs > TRAINER_EPOCHS_MAX)
        error_set(err, ERROR_USAGE, "%zu epochs: 1 to %d are possible", settings->epochs,
                  TRAINER_EPOCHS_MAX);
    else if (settings->batch == 0 || settings->batch > TRAINER_BATCH_MAX)
        error_set(err, ERROR_USAGE, "batches of %zu images: 1 to %d are possible", settings->batch,
                  TRAINER_BATCH_MAX);
    else if (!isfinite(settings->learning_rate) || settings->learning_rate <= 0)
        error_set(err, ERROR_USAGE, "a learning rate of %g: it must be above 0",
                  settings->learning_rate);
    else if (settings->threads == 0 || settings->threads > POOL_THREADS_MAX)
        error_set(err, ERROR_USAGE, "%u threads: 1 to %d are possible", settings->threads,
                  POOL_THREADS_MAX);
    else
        return isa_check(settings->isa, err);
    return false;
}

static void release_past(struct trainer_settings *settings)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        learner_past_release(&settings->past[model]);
}

static bool trainer_start_thread(struct trainer *trainer, struct error *err)
{
    int result = thread_start(&trainer->thread, trainer_main, trainer);
    if (result != 0)
        error_set_errno(err, result, "cannot start the training thread");
    trainer->thread_runs = result == 0;
    return trainer->thread_runs;
}

/* Replaces a text by a copy of it, NULL by NULL. */
static bool copy_text(const char **text, struct error *err)
{
    if (!*text)
        return true;
    *text = strdup(*text);
    if (!*text)
        error_set(err, ERROR_MEMORY, "no memory for a setting");
    return *text;
}

/* Takes the settings over, with copies of their texts. */
static bool trainer_copy_settings(struct trainer *trainer, const struct trainer_settings *settings,
                                  struct error *err)
{
    trainer->settings = *settings;
    trainer->active = network_spec_number(settings->model);
    if (copy_text(&trainer->settings.data_directory, err) &&
        copy_text(&trainer->settings.data_sha256, err))
        return true;
    trainer->settings.data_sha256 = NULL; /* not ours */
    return false;
}

struct trainer *trainer_create(const struct trainer_settings *settings, struct error *err)
{
    struct trainer *trainer =
        settings_check(settings, err) ? memory_array(1, sizeof *trainer, err) : NULL;
    if (!trainer) {
        struct trainer_settings refused = *settings;
        release_past(&refused);
        return NULL;
    }
    struct snapshot *first = NULL;
    if (!trainer_copy_settings(trainer, settings, err))
        goto fail;
    trainer->inbox = queue_create(err);
    trainer->queue = trainer_shares(trainer) ? queue_create(err) : trainer->inbox;
    trainer->spare = snapshot_create(err);
    first = snapshot_create(err);
    if (!trainer->inbox || !trainer->queue || !trainer->spare || !first)
        goto fail;
    trainer_describe(trainer, first);
    trainer->mailbox = mailbox_create(first, err);
    if (!trainer->mailbox)
        goto fail;
    first = NULL;
    if (!trainer_start_thread(trainer, err))
        goto fail;
    return trainer;
fail:
    snapshot_release(first);
    trainer_destroy(trainer);
    return NULL;
}

void trainer_end(struct trainer *trainer)
{
    if (!trainer->thread_runs)
        return;
    trainer_stop(trainer);
    pthread_join(trainer->thread, NULL);
    trainer->thread_runs = false;
}

void trainer_destroy(struct trainer *trainer)
{
    if (!trainer)
        return;
    trainer_end(trainer);
    mailbox_destroy(trainer->mailbox);
    snapshot_release(trainer->spare);
    if (trainer->queue != trainer->inbox)
        queue_destroy(trainer->queue);
    queue_destroy(trainer->inbox);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        learner_destroy(trainer->learners[model]);
    split_destroy(trainer->split);
    dataset_destroy(trainer->dataset);
    arena_destroy(trainer->dataset_memory);
    if (trainer->team != trainer->settings.comm)
        comm_close(trainer->team);
    pool_destroy(trainer->pool);
    release_past(&trainer->settings);
    free((char *)trainer->settings.data_directory);
    free((char *)trainer->settings.data_sha256);
    free(trainer);
}

const struct snapshot *trainer_snapshot(struct trainer *trainer)
{
    return mailbox_get(trainer->mailbox);
}

int trainer_descriptor(const struct trainer *trainer)
{
    return mailbox_descriptor(trainer->mailbox);
}

void trainer_acknowledge(struct trainer *trainer)
{
    mailbox_acknowledge(trainer->mailbox);
}
