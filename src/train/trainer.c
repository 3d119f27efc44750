// SPDX-License-Identifier: MIT
#include "fmnist/train/trainer.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "train/learner.h"
#include "train/mailbox.h"
#include "train/queue.h"
#include "train/shared_snapshot.h"

static const double PUBLISH_SECONDS = 0.02;

const struct trainer_settings TRAINER_DEFAULTS = {
    .epochs = 15,
    .batch = 100,
    .learning_rate = 0.001,
    .seed = 1,
};

/* All but queue and mailbox, which have locks of their own, belongs to the trainer's thread once it
 * runs. */
struct trainer {
    struct trainer_settings settings; /* with a data directory of its own */
    struct queue *queue;
    struct mailbox *mailbox;
    pthread_t thread;
    bool thread_runs; /* creator's thread only */

    struct pool *pool;
    struct dataset *dataset;
    struct split *split;
    struct learner_base base;
    struct learner *learners[SNAPSHOT_MODELS_MAX]; /* by number of the network; NULL: not started */
    size_t active;

    enum trainer_state phase; /* LOADING, STOPPED, FAILED, or TRAINING for all that lies between */
    bool paused;
    bool stepping; /* paused, but for the way to `goal` */
    bool far;      /* that way is longer than a step: the pause at its end is recorded */
    uint64_t goal; /* step of the active learner to stop after, with the evaluation that is due */
    bool stop;
    struct error notice;
    struct observation observation; /* what somebody wants to see of the active learner */
    double load_progress;

    bool unpublished;   /* something has changed since the newest snapshot */
    uint64_t published; /* number of snapshots */
    double published_at;
    enum trainer_state published_state;
    struct snapshot *spare; /* so that the end can be told when memory is short */
};

static struct learner *trainer_learner(const struct trainer *trainer)
{
    return trainer->learners[trainer->active];
}

/* A unit of work may be done now. */
static bool trainer_runnable(const struct trainer *trainer)
{
    const struct learner *learner = trainer_learner(trainer);
    if (learner_idle(learner))
        return false;
    return !trainer->paused || trainer->stepping || learner_evaluation_requested(learner);
}

static enum trainer_state trainer_state(const struct trainer *trainer)
{
    if (trainer->phase != TRAINER_TRAINING)
        return trainer->phase;
    const struct learner *learner = trainer_learner(trainer);
    if (learner_idle(learner))
        return TRAINER_FINISHED;
    if (trainer->paused && !trainer->stepping)
        return TRAINER_PAUSED;
    return learner_evaluating(learner) ? TRAINER_EVALUATING : TRAINER_TRAINING;
}

static void trainer_describe(const struct trainer *trainer, struct snapshot *snapshot)
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
            learner_describe(trainer->learners[model], &snapshot->learners[model]);
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

static void trainer_publish(struct trainer *trainer)
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
    mailbox_put(trainer->mailbox, snapshot);
}

/* Publishes unless that was done just now and the state is the same. */
static void trainer_publish_some(struct trainer *trainer)
{
    if (clock_seconds() - trainer->published_at >= PUBLISH_SECONDS ||
        trainer_state(trainer) != trainer->published_state)
        trainer_publish(trainer);
}

static void trainer_fail(struct trainer *trainer, const struct error *err)
{
    trainer->notice = *err;
    trainer->phase = TRAINER_FAILED;
}

/* Makes sure that the active learner is there. */
static bool trainer_start_learner(struct trainer *trainer, struct error *err)
{
    if (!trainer->learners[trainer->active])
        trainer->learners[trainer->active] =
            learner_create(network_spec_at(trainer->active), &trainer->base, err);
    return trainer->learners[trainer->active];
}

static void trainer_observe_as(struct trainer *trainer, const struct observation *observation)
{
    trainer->observation = *observation;
    learner_observe(trainer_learner(trainer), observation);
}

/* After a switch from the model `before` looks at the other one, whose layers are others. */
static void trainer_follow(struct trainer *trainer, size_t before)
{
    const struct observation none = {0};
    const struct observation all = {.watched = trainer->observation.watched};
    if (trainer->active == before)
        return;
    learner_observe(trainer->learners[before], &none);
    trainer_observe_as(trainer, &all);
}

/* Switches to another model, or tells why not and stays with this one. */
static void trainer_switch_to(struct trainer *trainer, size_t model)
{
    size_t before = trainer->active;
    if (model >= network_spec_count())
        return;
    trainer->stepping = false;
    trainer->active = model;
    if (!trainer->learners[model]) {
        trainer->phase = TRAINER_LOADING;
        trainer_publish(trainer);
    }
    if (!trainer_start_learner(trainer, &trainer->notice)) {
        error_prefix(&trainer->notice, "%s", network_spec_title(network_spec_at(model)));
        trainer->active = before;
    }
    trainer->phase = TRAINER_TRAINING;
    trainer_follow(trainer, before);
}

/* On its way to a goal that was more than a step away. */
static bool trainer_travels(const struct trainer *trainer)
{
    return trainer->stepping && trainer->far;
}

/* Pauses, which is recorded unless the training stood still already. */
static void trainer_hold(struct trainer *trainer)
{
    if ((!trainer->paused || trainer_travels(trainer)) && !learner_idle(trainer_learner(trainer)))
        learner_note_pause(trainer_learner(trainer));
    trainer->paused = true;
    trainer->stepping = false;
}

/* Pauses after step `goal` of the active learner and the evaluation that it makes due. */
static void trainer_aim(struct trainer *trainer, uint64_t goal)
{
    struct learner *learner = trainer_learner(trainer);
    trainer->far = goal > learner_step(learner) + 1;
    if (!trainer->far)
        trainer_hold(trainer);
    trainer->paused = true;
    trainer->goal = goal;
    trainer->stepping = goal > learner_step(learner) || learner_evaluating(learner);
    learner_hurry_observation(learner);
}

/* The step that many steps on; the last that can be counted where that is too far. */
static uint64_t trainer_steps_ahead(const struct trainer *trainer, uint64_t count)
{
    uint64_t step = learner_step(trainer_learner(trainer));
    return count > UINT64_MAX - step ? UINT64_MAX : step + count;
}

/* Carries a command out; false with `err` set where the run cannot go on. */
static bool trainer_obey(struct trainer *trainer, struct command command, struct error *err)
{
    struct learner *learner = trainer_learner(trainer);
    if (command.kind != COMMAND_OBSERVE)
        trainer->notice = (struct error){0};
    switch (command.kind) {
    case COMMAND_PAUSE:
        trainer_hold(trainer);
        return true;
    case COMMAND_RESUME:
        trainer->paused = trainer->stepping = false;
        return true;
    case COMMAND_STEP:
        trainer_aim(trainer, trainer_steps_ahead(trainer, command.number));
        return true;
    case COMMAND_REACH:
        trainer_aim(trainer, command.number);
        return true;
    case COMMAND_END_EPOCH:
        trainer_aim(trainer, learner_epoch_end(learner));
        return true;
    case COMMAND_SWITCH:
        trainer_switch_to(trainer, command.model);
        return true;
    case COMMAND_EVALUATE:
        learner_request_evaluation(learner);
        return true;
    case COMMAND_RESTART:
        trainer->stepping = false;
        return learner_restart(learner, err);
    case COMMAND_LEARNING_RATE:
        learner_set_rate(learner, command.learning_rate);
        return true;
    case COMMAND_OBSERVE:
        trainer_observe_as(trainer, &command.observation);
        return true;
    case COMMAND_EPOCHS:
        (void)learner_set_epochs(learner, (size_t)command.number, &trainer->notice);
        return true;
    case COMMAND_STOP:
        trainer->stop = true;
        return true;
    }
    return true;
}

/* Carries out what waits in the queue. */
static bool trainer_obey_all(struct trainer *trainer, struct error *err)
{
    struct command command;
    while (!trainer->stop && queue_take(trainer->queue, &command)) {
        if (!trainer_obey(trainer, command, err))
            return false;
    }
    return true;
}

/* Asked by the pool between two tasks: whether to give up the unit under way. Learning rates take
 * effect without that; all other commands must wait until the unit has been given up, for they
 * change what it works on. */
static bool trainer_poll(void *context)
{
    struct trainer *trainer = context;
    if (queue_interrupts(trainer->queue))
        return true;
    struct learner *learner = trainer_learner(trainer);
    double learning_rate;
    if (queue_empty(trainer->queue) || !learner || !queue_take_rate(trainer->queue, &learning_rate))
        return false;
    learner_set_rate(learner, learning_rate);
    trainer->notice = (struct error){0};
    trainer_publish(trainer);
    return false; /* what has come since is seen at the next task */
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
        trainer_end_step(trainer);
        return true;
    case LEARNER_INTERRUPTED:
        return true;
    case LEARNER_DIVERGED:
        trainer_hold(trainer);
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
    queue_wait(trainer->queue);
}

/* Obeys and works until it is told to stop. */
static bool trainer_run(struct trainer *trainer, struct error *err)
{
    while (!trainer->stop) {
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

static void trainer_report_load(void *context, double fraction)
{
    struct trainer *trainer = context;
    trainer->load_progress = fraction;
    trainer_publish_some(trainer);
}

static bool trainer_load(struct trainer *trainer, struct error *err)
{
    const struct trainer_settings *settings = &trainer->settings;
    trainer->pool = pool_create(settings->threads, err);
    if (!trainer->pool)
        return false;
    pool_set_poll(trainer->pool, trainer_poll, trainer);
    trainer->dataset = settings->sample ? dataset_load_sample(err)
                                        : dataset_load(settings->data_directory,
                                                       trainer_report_load, trainer, err);
    if (!trainer->dataset)
        return false;
    trainer->split = split_create(dataset_train(trainer->dataset)->count, settings->seed, err);
    if (!trainer->split) {
        error_prefix(err, "%s", dataset_source(trainer->dataset));
        return false;
    }
    trainer->base =
        (struct learner_base){settings, trainer->dataset, trainer->split, trainer->pool};
    if (!trainer_start_learner(trainer, err))
        return false;
    trainer->phase = TRAINER_TRAINING;
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

static bool trainer_start_thread(struct trainer *trainer, struct error *err)
{
    int result = thread_start(&trainer->thread, trainer_main, trainer);
    if (result != 0)
        error_set_errno(err, result, "cannot start the training thread");
    trainer->thread_runs = result == 0;
    return trainer->thread_runs;
}

/* Takes the settings over, with a copy of the directory's name. */
static bool trainer_copy_settings(struct trainer *trainer, const struct trainer_settings *settings,
                                  struct error *err)
{
    trainer->settings = *settings;
    trainer->active = network_spec_number(settings->model);
    if (!settings->data_directory)
        return true;
    trainer->settings.data_directory = strdup(settings->data_directory);
    if (!trainer->settings.data_directory)
        error_set(err, ERROR_MEMORY, "no memory for a path");
    return trainer->settings.data_directory;
}

struct trainer *trainer_create(const struct trainer_settings *settings, struct error *err)
{
    if (!settings_check(settings, err))
        return NULL;
    struct trainer *trainer = memory_array(1, sizeof *trainer, err);
    if (!trainer)
        return NULL;
    struct snapshot *first = NULL;
    if (!trainer_copy_settings(trainer, settings, err))
        goto fail;
    trainer->queue = queue_create(err);
    trainer->spare = snapshot_create(err);
    first = snapshot_create(err);
    if (!trainer->queue || !trainer->spare || !first)
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

void trainer_destroy(struct trainer *trainer)
{
    if (!trainer)
        return;
    if (trainer->thread_runs) {
        trainer_stop(trainer);
        pthread_join(trainer->thread, NULL);
    }
    mailbox_destroy(trainer->mailbox);
    snapshot_release(trainer->spare);
    queue_destroy(trainer->queue);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        learner_destroy(trainer->learners[model]);
    split_destroy(trainer->split);
    dataset_destroy(trainer->dataset);
    pool_destroy(trainer->pool);
    free((char *)trainer->settings.data_directory);
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

static void trainer_send(struct trainer *trainer, enum command_kind kind)
{
    (void)queue_put(trainer->queue, (struct command){.kind = kind});
}

void trainer_pause(struct trainer *trainer)
{
    trainer_send(trainer, COMMAND_PAUSE);
}

void trainer_resume(struct trainer *trainer)
{
    trainer_send(trainer, COMMAND_RESUME);
}

void trainer_step(struct trainer *trainer)
{
    trainer_advance(trainer, 1);
}

static void trainer_send_number(struct trainer *trainer, enum command_kind kind, uint64_t number)
{
    (void)queue_put(trainer->queue, (struct command){.kind = kind, .number = number});
}

void trainer_advance(struct trainer *trainer, uint64_t steps)
{
    trainer_send_number(trainer, COMMAND_STEP, steps);
}

void trainer_reach(struct trainer *trainer, uint64_t step)
{
    trainer_send_number(trainer, COMMAND_REACH, step);
}

void trainer_end_epoch(struct trainer *trainer)
{
    trainer_send(trainer, COMMAND_END_EPOCH);
}

void trainer_set_epochs(struct trainer *trainer, size_t epochs)
{
    trainer_send_number(trainer, COMMAND_EPOCHS, epochs);
}

void trainer_switch(struct trainer *trainer, const struct network_spec *model)
{
    (void)queue_put(trainer->queue,
                    (struct command){.kind = COMMAND_SWITCH, .model = network_spec_number(model)});
}

void trainer_evaluate(struct trainer *trainer)
{
    trainer_send(trainer, COMMAND_EVALUATE);
}

void trainer_restart(struct trainer *trainer)
{
    trainer_send(trainer, COMMAND_RESTART);
}

void trainer_set_learning_rate(struct trainer *trainer, double learning_rate)
{
    if (isfinite(learning_rate) && learning_rate > 0)
        (void)queue_put(trainer->queue, (struct command){.kind = COMMAND_LEARNING_RATE,
                                                         .learning_rate = learning_rate});
}

bool trainer_observe(struct trainer *trainer, const struct observation *observation)
{
    return queue_put(trainer->queue,
                     (struct command){.kind = COMMAND_OBSERVE, .observation = *observation});
}

void trainer_stop(struct trainer *trainer)
{
    trainer_send(trainer, COMMAND_STOP);
}
