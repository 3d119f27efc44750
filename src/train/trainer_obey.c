// SPDX-License-Identifier: MIT
/* What commands do to the trainer. */
#include "train/trainer_parts.h"

void trainer_observe_as(struct trainer *trainer, const struct observation *observation)
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
    trainer_save(trainer);
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

bool trainer_travels(const struct trainer *trainer)
{
    return trainer->stepping && trainer->far;
}

void trainer_hold(struct trainer *trainer)
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

/* Saves because somebody asked for it. */
static void trainer_save_now(struct trainer *trainer)
{
    if (!trainer->settings.recorder.operations && !trainer->records)
        error_set(&trainer->notice, ERROR_USAGE, "nothing is stored: no checkpoint to save");
    else
        trainer_save(trainer);
}

/* Carries a command out; false with `err` set where the run cannot go on. */
static bool trainer_obey(struct trainer *trainer, struct run_command command, struct error *err)
{
    struct learner *learner = trainer_learner(trainer);
    if (command.kind != RUN_OBSERVE && command.kind != RUN_REFRESH && command.kind != RUN_STOP)
        trainer->notice = (struct error){0};
    switch (command.kind) {
    case RUN_PAUSE:
        trainer_hold(trainer);
        trainer_save(trainer);
        return true;
    case RUN_RESUME:
        trainer->paused = trainer->stepping = false;
        return true;
    case RUN_STEP:
        trainer_aim(trainer, trainer_steps_ahead(trainer, command.number));
        return true;
    case RUN_REACH:
        trainer_aim(trainer, command.number);
        return true;
    case RUN_END_EPOCH:
        trainer_aim(trainer, learner_epoch_end(learner));
        return true;
    case RUN_SWITCH:
        trainer_switch_to(trainer, command.model);
        return true;
    case RUN_EVALUATE:
        learner_request_evaluation(learner);
        return true;
    case RUN_RESTART:
        trainer->stepping = false;
        trainer_save(trainer);
        return learner_restart(learner, err);
    case RUN_LEARNING_RATE:
        learner_set_rate(learner, command.learning_rate);
        return true;
    case RUN_OBSERVE:
        trainer_observe_as(trainer, &command.observation);
        return true;
    case RUN_SAVE:
        trainer_save_now(trainer);
        return true;
    case RUN_OPEN:
    case RUN_REFRESH:
        return true; /* the recorder is looked at before the next unit */
    case RUN_EPOCHS:
        (void)learner_set_epochs(learner, (size_t)command.number, &trainer->notice);
        return true;
    case RUN_STOP:
        trainer->stop = true;
        return true;
    }
    return true;
}

/* Carries out what waits in the queue. */
bool trainer_obey_all(struct trainer *trainer, struct error *err)
{
    struct run_command command;
    while (!trainer->stop && queue_take(trainer->queue, &command)) {
        if (!trainer_obey(trainer, command, err))
            return false;
    }
    return true;
}

/* Learning rates take
 * effect without that; all other commands must wait until the unit has been given up, for they
 * change what it works on. */
bool trainer_poll(void *context)
{
    struct trainer *trainer = context;
    if (trainer_shares(trainer)) {
        if (trainer->team)
            comm_progress(trainer->team);
        return false; /* the others would wait for this rank */
    }
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
