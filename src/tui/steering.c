// SPDX-License-Identifier: MIT
#include "tui/steering.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fmnist/train/trainer.h"

/* One press of + and one of - cancel each other. */
static const double RATE_FACTOR = 1.5;
static const double RATE_MIN = 1e-8, RATE_MAX = 10;

void steering_notice(struct steering *steering, enum request awaited, const char *format, ...)
{
    steering->awaited = awaited;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(steering->notice, sizeof steering->notice, format, args);
    va_end(args);
}

static void send(struct steering *steering, enum run_command_kind kind)
{
    (void)session_send(steering->session, (struct run_command){.kind = kind});
}

static void send_number(struct steering *steering, enum run_command_kind kind, uint64_t number)
{
    (void)session_send(steering->session, (struct run_command){.kind = kind, .number = number});
}

static const struct learner_snapshot *active_learner(const struct snapshot *snapshot)
{
    return snapshot->active < snapshot->learner_count ? &snapshot->learners[snapshot->active]
                                                      : NULL;
}

bool steering_runs(const struct steering *steering, const struct snapshot *snapshot)
{
    if (steering->wish != WISH_NONE)
        return steering->wish == WISH_RUN;
    return snapshot->state == TRAINER_LOADING || snapshot->state == TRAINER_TRAINING ||
           snapshot->state == TRAINER_EVALUATING;
}

bool steering_unfinished(const struct snapshot *snapshot)
{
    if (snapshot->state == TRAINER_FAILED || snapshot->state == TRAINER_STOPPED ||
        snapshot->origin != SNAPSHOT_TRAINED)
        return false;
    for (size_t index = 0; index < snapshot->learner_count; index++) {
        const struct learner_snapshot *learner = &snapshot->learners[index];
        if (learner->started && learner->step > 0 && !learner->finished)
            return true;
    }
    return false;
}

/* Whether the snapshot shows what the notice said would happen. */
static bool notice_is_stale(const struct steering *steering, const struct learner_snapshot *learner)
{
    switch (steering->awaited) {
    case REQUEST_PAUSE:
        return steering->wish == WISH_NONE;
    case REQUEST_SWITCH_MODEL:
        return learner && network_spec_find(learner->name) == steering->model;
    default:
        return false;
    }
}

void steering_update(struct steering *steering, const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = active_learner(snapshot);
    bool paused = snapshot->state == TRAINER_PAUSED;
    bool runs = snapshot->state == TRAINER_TRAINING || snapshot->state == TRAINER_EVALUATING;
    if ((steering->wish == WISH_PAUSE && paused) || (steering->wish == WISH_RUN && runs) ||
        snapshot->state >= TRAINER_FINISHED)
        steering->wish = WISH_NONE;
    if (snapshot->origin != SNAPSHOT_TRAINED && snapshot->failure.code != ERROR_NONE) {
        steering->wish = WISH_NONE; /* it was refused */
        steering->learning_rate = 0;
    }
    if (learner && (!steering->model || snapshot->failure.code != ERROR_NONE))
        steering->model = network_spec_find(learner->name);
    if (learner && fabs(learner->learning_rate / steering->learning_rate - 1) < 1e-6)
        steering->learning_rate = 0;
    if (notice_is_stale(steering, learner))
        steering_notice(steering, REQUEST_NONE, "%s", "");
}

void steering_pause(struct steering *steering)
{
    steering->wish = WISH_PAUSE;
    send(steering, RUN_PAUSE);
}

void steering_resume(struct steering *steering)
{
    steering->wish = WISH_RUN;
    send(steering, RUN_RESUME);
}

/* Nothing is trained then: commands move through what was. */
static bool is_replay(const struct snapshot *snapshot)
{
    return snapshot->origin == SNAPSHOT_REPLAYED;
}

/* The chosen learner; NULL with a notice while there is none. */
static const struct learner_snapshot *loaded_learner(struct steering *steering,
                                                     const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = active_learner(snapshot);
    if (learner && learner->started)
        return learner;
    steering_notice(steering, REQUEST_NONE, "not loaded yet");
    return NULL;
}

/* The same, where it has steps to make. */
static const struct learner_snapshot *unfinished_learner(struct steering *steering,
                                                         const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = loaded_learner(steering, snapshot);
    if (!learner || snapshot->state != TRAINER_FINISHED || snapshot->origin == SNAPSHOT_REPLAYED)
        return learner;
    steering_notice(steering, REQUEST_NONE, "all epochs are done; :epochs %zu makes more",
                    2 * learner->epochs);
    return NULL;
}

static void toggle_pause(struct steering *steering, const struct snapshot *snapshot)
{
    if (snapshot->state == TRAINER_FINISHED && snapshot->origin != SNAPSHOT_REPLAYED) {
        steering_notice(steering, REQUEST_NONE,
                        "all epochs are done; :epochs makes more, R starts again");
    } else if (steering_runs(steering, snapshot)) {
        steering_pause(steering);
        steering_notice(steering, REQUEST_PAUSE, "pausing ...");
    } else {
        steering_resume(steering);
        steering_notice(steering, REQUEST_PAUSE, "going on ...");
    }
}

void steering_switch_to(struct steering *steering, const struct network_spec *model)
{
    if (!steering->model) {
        steering_notice(steering, REQUEST_NONE, "not loaded yet");
    } else if (model == steering->model) {
        steering_notice(steering, REQUEST_NONE, "%s is the one that trains",
                        network_spec_title(model));
    } else {
        steering->model = model;
        steering->learning_rate = 0;
        (void)session_send(
            steering->session,
            (struct run_command){.kind = RUN_SWITCH, .model = network_spec_number(model)});
        steering_notice(steering, REQUEST_SWITCH_MODEL, "switching to %s ...",
                        network_spec_title(model));
    }
}

static void switch_model(struct steering *steering)
{
    size_t now = steering->model ? network_spec_number(steering->model) : 0;
    steering_switch_to(steering, network_spec_at((now + 1) % network_spec_count()));
}

/* The rate that holds, or will once the trainer has read it. */
static double current_rate(const struct steering *steering, const struct learner_snapshot *learner)
{
    return steering->learning_rate > 0 ? steering->learning_rate : learner->learning_rate;
}

static struct steering_rates *rates_of(struct steering *steering)
{
    return &steering->rates[steering->model ? network_spec_number(steering->model) : 0];
}

static void remember_rate(struct steering_rates *rates, double rate)
{
    if (rates->count == STEERING_RATES_MAX)
        memmove(rates->before, rates->before + 1, --rates->count * sizeof *rates->before);
    rates->before[rates->count++] = rate;
}

static void send_rate(struct steering *steering, double rate)
{
    steering->learning_rate = rate;
    (void)session_send(steering->session,
                       (struct run_command){.kind = RUN_LEARNING_RATE, .learning_rate = rate});
}

void steering_set_rate(struct steering *steering, const struct snapshot *snapshot, double rate)
{
    const struct learner_snapshot *learner = loaded_learner(steering, snapshot);
    if (!learner)
        return;
    double before = current_rate(steering, learner);
    if (!(rate >= RATE_MIN && rate <= RATE_MAX)) {
        steering_notice(steering, REQUEST_NONE, "the learning rate stays at %.3g (%g to %g)",
                        before, RATE_MIN, RATE_MAX);
        return;
    }
    remember_rate(rates_of(steering), before);
    send_rate(steering, rate);
    steering_notice(steering, REQUEST_NONE, "learning rate %.3g, u takes it back", rate);
}

static void change_rate(struct steering *steering, const struct snapshot *snapshot, double factor)
{
    const struct learner_snapshot *learner = loaded_learner(steering, snapshot);
    if (learner)
        steering_set_rate(steering, snapshot, current_rate(steering, learner) * factor);
}

static void undo_rate(struct steering *steering, const struct snapshot *snapshot)
{
    if (!loaded_learner(steering, snapshot))
        return;
    struct steering_rates *rates = rates_of(steering);
    if (rates->count == 0) {
        steering_notice(steering, REQUEST_NONE, "no change of the learning rate to take back");
        return;
    }
    send_rate(steering, rates->before[--rates->count]);
    steering_notice(steering, REQUEST_NONE, "learning rate %.3g again", steering->learning_rate);
}

void steering_restart(struct steering *steering)
{
    rates_of(steering)->count = 0;
    steering->learning_rate = 0;
    send(steering, RUN_RESTART);
}

void steering_stop(struct steering *steering, const struct snapshot *snapshot)
{
    if (snapshot->origin == SNAPSHOT_TRAINED) {
        steering_notice(steering, REQUEST_NONE, "this program trains it: :quit ends it");
        return;
    }
    send(steering, RUN_STOP);
    steering_notice(steering, REQUEST_NONE, "asked to stop");
}

void steering_set_epochs(struct steering *steering, const struct snapshot *snapshot,
                         uint64_t epochs)
{
    const struct learner_snapshot *learner = loaded_learner(steering, snapshot);
    if (!learner)
        return;
    size_t begun = learner->epoch - (learner->epoch_step == 0);
    size_t least = begun > 0 ? begun : 1;
    if (epochs < least || epochs > TRAINER_EPOCHS_MAX) {
        steering_notice(steering, REQUEST_NONE, "%s is in epoch %zu: %zu to %d epochs are possible",
                        learner->title, learner->epoch, least, TRAINER_EPOCHS_MAX);
        return;
    }
    send_number(steering, RUN_EPOCHS, epochs);
    steering_notice(steering, REQUEST_NONE, "%llu epochs in all", (unsigned long long)epochs);
}

void steering_advance(struct steering *steering, const struct snapshot *snapshot, uint64_t steps)
{
    if (!unfinished_learner(steering, snapshot))
        return;
    if (steps == 0) {
        steering_notice(steering, REQUEST_NONE, "0 steps are none; try :run 50");
        return;
    }
    steering->wish = WISH_NONE;
    send_number(steering, RUN_STEP, steps);
    steering_notice(steering, REQUEST_NONE,
                    is_replay(snapshot) ? "%llu steps on" : "pauses after %llu steps more",
                    (unsigned long long)steps);
}

void steering_reach(struct steering *steering, const struct snapshot *snapshot, uint64_t step)
{
    const struct learner_snapshot *learner = unfinished_learner(steering, snapshot);
    if (!learner)
        return;
    uint64_t last = (uint64_t)learner->epochs * learner->steps_per_epoch;
    bool behind = step <= learner->step && !is_replay(snapshot);
    if (behind || step > last) {
        steering_notice(steering, REQUEST_NONE, "step %llu is %s: it is at %llu of %llu",
                        (unsigned long long)step, step > last ? "past the end" : "behind",
                        (unsigned long long)learner->step, (unsigned long long)last);
        return;
    }
    steering->wish = WISH_NONE;
    send_number(steering, RUN_REACH, step);
    steering_notice(steering, REQUEST_NONE,
                    is_replay(snapshot) ? "as it was after step %llu" : "pauses after step %llu",
                    (unsigned long long)step);
}

static void end_epoch(struct steering *steering, const struct snapshot *snapshot)
{
    if (!unfinished_learner(steering, snapshot))
        return;
    steering->wish = WISH_NONE;
    send(steering, RUN_END_EPOCH);
    steering_notice(steering, REQUEST_NONE,
                    is_replay(snapshot) ? "to the end of the epoch"
                                        : "pauses at the end of the epoch");
}

bool steering_act(struct steering *steering, enum request request, const struct snapshot *snapshot)
{
    switch (request) {
    case REQUEST_PAUSE:
        toggle_pause(steering, snapshot);
        return true;
    case REQUEST_STEP:
        steering->wish = WISH_PAUSE;
        send_number(steering, RUN_STEP, 1);
        return true;
    case REQUEST_SWITCH_MODEL:
        switch_model(steering);
        return true;
    case REQUEST_EVALUATE:
        send(steering, RUN_EVALUATE);
        return true;
    case REQUEST_SAVE:
        if (loaded_learner(steering, snapshot)) {
            send(steering, RUN_SAVE);
            steering_notice(steering, REQUEST_NONE, "saving ...");
        }
        return true;
    case REQUEST_RATE_UP:
        change_rate(steering, snapshot, RATE_FACTOR);
        return true;
    case REQUEST_RATE_DOWN:
        change_rate(steering, snapshot, 1 / RATE_FACTOR);
        return true;
    case REQUEST_UNDO:
        undo_rate(steering, snapshot);
        return true;
    case REQUEST_END_EPOCH:
        end_epoch(steering, snapshot);
        return true;
    default:
        return false;
    }
}
