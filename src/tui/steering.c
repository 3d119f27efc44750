// SPDX-License-Identifier: MIT
#include "tui/steering.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

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
    if (snapshot->state == TRAINER_FAILED || snapshot->state == TRAINER_STOPPED)
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
    trainer_pause(steering->trainer);
}

void steering_resume(struct steering *steering)
{
    steering->wish = WISH_RUN;
    trainer_resume(steering->trainer);
}

static void toggle_pause(struct steering *steering, const struct snapshot *snapshot)
{
    if (snapshot->state == TRAINER_FINISHED) {
        steering_notice(steering, REQUEST_NONE,
                        "all epochs are done; m trains the other model, R starts again");
    } else if (steering_runs(steering, snapshot)) {
        steering_pause(steering);
        steering_notice(steering, REQUEST_PAUSE, "pausing ...");
    } else {
        steering_resume(steering);
        steering_notice(steering, REQUEST_PAUSE, "going on ...");
    }
}

static void switch_model(struct steering *steering)
{
    if (!steering->model) {
        steering_notice(steering, REQUEST_NONE, "not loaded yet");
        return;
    }
    size_t next = (network_spec_number(steering->model) + 1) % network_spec_count();
    steering->model = network_spec_at(next);
    steering->learning_rate = 0;
    trainer_switch(steering->trainer, steering->model);
    steering_notice(steering, REQUEST_SWITCH_MODEL, "switching to %s ...",
                    network_spec_title(steering->model));
}

static void change_rate(struct steering *steering, const struct snapshot *snapshot, double factor)
{
    const struct learner_snapshot *learner = active_learner(snapshot);
    if (!learner || !learner->started) {
        steering_notice(steering, REQUEST_NONE, "not loaded yet");
        return;
    }
    double before = steering->learning_rate > 0 ? steering->learning_rate : learner->learning_rate;
    double rate = before * factor;
    if (!(rate >= RATE_MIN && rate <= RATE_MAX)) {
        steering_notice(steering, REQUEST_NONE, "the learning rate stays at %.3g", before);
        return;
    }
    steering->learning_rate = rate;
    trainer_set_learning_rate(steering->trainer, rate);
    steering_notice(steering, REQUEST_NONE, "learning rate %.3g", rate);
}

bool steering_act(struct steering *steering, enum request request, const struct snapshot *snapshot)
{
    switch (request) {
    case REQUEST_PAUSE:
        toggle_pause(steering, snapshot);
        return true;
    case REQUEST_STEP:
        steering->wish = WISH_PAUSE;
        trainer_step(steering->trainer);
        return true;
    case REQUEST_SWITCH_MODEL:
        switch_model(steering);
        return true;
    case REQUEST_EVALUATE:
        trainer_evaluate(steering->trainer);
        return true;
    case REQUEST_RATE_UP:
        change_rate(steering, snapshot, RATE_FACTOR);
        return true;
    case REQUEST_RATE_DOWN:
        change_rate(steering, snapshot, 1 / RATE_FACTOR);
        return true;
    default:
        return false;
    }
}
