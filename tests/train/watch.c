// SPDX-License-Identifier: MIT
#include "watch.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"

static void watch_fail(const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = watch_active(snapshot);
    fail_msg("nothing came in %d s: snapshot %llu, state %d, model %s at step %llu, notice \"%s\"",
             WATCH_SECONDS, (unsigned long long)snapshot->number, (int)snapshot->state,
             learner->name, (unsigned long long)learner->step, snapshot->failure.message);
}

const struct snapshot *watch_for(struct trainer *trainer, watch_condition condition,
                                 const void *context)
{
    double deadline = clock_seconds() + WATCH_SECONDS;
    for (;;) {
        trainer_acknowledge(trainer);
        const struct snapshot *snapshot = trainer_snapshot(trainer);
        if (condition(snapshot, context))
            return snapshot;
        double left = deadline - clock_seconds();
        if (left <= 0)
            watch_fail(snapshot);
        snapshot_release(snapshot);
        struct pollfd poll_for = {.fd = trainer_descriptor(trainer), .events = POLLIN};
        (void)poll(&poll_for, 1, (int)(left * 1000) + 1);
    }
}

static bool has_state(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == *(const enum trainer_state *)context;
}

const struct snapshot *watch_for_state(struct trainer *trainer, enum trainer_state state)
{
    return watch_for(trainer, has_state, &state);
}

void watch_until(struct trainer *trainer, enum trainer_state state)
{
    snapshot_release(watch_for_state(trainer, state));
}

static bool has_step(const struct snapshot *snapshot, const void *context)
{
    return watch_active(snapshot)->step >= *(const uint64_t *)context;
}

const struct snapshot *watch_for_step(struct trainer *trainer, uint64_t step)
{
    return watch_for(trainer, has_step, &step);
}

static bool is_newer(const struct snapshot *snapshot, const void *context)
{
    return snapshot->number > *(const uint64_t *)context;
}

const struct snapshot *watch_for_newer(struct trainer *trainer, uint64_t number)
{
    return watch_for(trainer, is_newer, &number);
}

const struct learner_snapshot *watch_active(const struct snapshot *snapshot)
{
    return &snapshot->learners[snapshot->active];
}

void watch_answers(struct trainer *trainer, size_t count, double rate)
{
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    for (size_t answer = 0; answer < count; answer++) {
        uint64_t number = snapshot->number;
        snapshot_release(snapshot);
        trainer_set_learning_rate(trainer, rate);
        snapshot = watch_for_newer(trainer, number);
    }
    snapshot_release(snapshot);
}

bool watch_silence(struct trainer *trainer, double seconds)
{
    trainer_acknowledge(trainer);
    struct pollfd newer = {.fd = trainer_descriptor(trainer), .events = POLLIN};
    return poll(&newer, 1, (int)(seconds * 1000)) == 0;
}
