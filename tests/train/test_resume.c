// SPDX-License-Identifier: MIT
/* Checkpoints that a recorder takes in, and runs that go on from them bit for bit. The state is the
 * data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "excerpt.h"
#include "watch.h"

enum { EPOCHS = 3, LENET_CUTS = 20, ALEXNET_CUTS = 3, ALEXNET_BATCH = 100 };

/* A recorder that keeps the newest checkpoint and counts. */
struct keeper {
    pthread_mutex_t lock;
    const struct checkpoint *newest; /* all guarded by lock */
    unsigned life, saves, evaluations, snapshots;
    bool closed;
};

static void keep_snapshot(void *self, const struct snapshot *snapshot)
{
    struct keeper *keeper = self;
    (void)snapshot;
    pthread_mutex_lock(&keeper->lock);
    keeper->snapshots++;
    pthread_mutex_unlock(&keeper->lock);
}

static void keep_evaluation(void *self, size_t model, unsigned life,
                            const struct evaluation *evaluation)
{
    struct keeper *keeper = self;
    (void)model;
    (void)life;
    (void)evaluation;
    pthread_mutex_lock(&keeper->lock);
    keeper->evaluations++;
    pthread_mutex_unlock(&keeper->lock);
}

static void keep_checkpoint(void *self, size_t model, unsigned life,
                            const struct checkpoint *checkpoint)
{
    struct keeper *keeper = self;
    (void)model;
    pthread_mutex_lock(&keeper->lock);
    checkpoint_release(keeper->newest);
    keeper->newest = checkpoint_share(checkpoint);
    keeper->life = life;
    keeper->saves++;
    pthread_mutex_unlock(&keeper->lock);
}

static bool keeper_ready(void *self, struct error *why)
{
    struct keeper *keeper = self;
    pthread_mutex_lock(&keeper->lock);
    bool closed = keeper->closed;
    pthread_mutex_unlock(&keeper->lock);
    if (closed)
        error_set(why, ERROR_SYSTEM, "no room");
    return !closed;
}

static struct learner_record keeper_describe(void *self, size_t model, unsigned life)
{
    struct keeper *keeper = self;
    struct learner_record record = {.run = "1"};
    (void)model;
    (void)life;
    pthread_mutex_lock(&keeper->lock);
    record.saves = keeper->saves;
    pthread_mutex_unlock(&keeper->lock);
    return record;
}

static bool never_busy(void *self)
{
    (void)self;
    return false;
}

static const struct recorder_operations KEEPER = {
    .publish = keep_snapshot,
    .evaluated = keep_evaluation,
    .save = keep_checkpoint,
    .busy = never_busy,
    .ready = keeper_ready,
    .describe = keeper_describe,
};

static struct trainer_settings settings_with(struct keeper *keeper, const char *directory)
{
    struct trainer_settings settings = excerpt_settings("lenet", directory);
    settings.epochs = EPOCHS;
    settings.recorder = (struct recorder){&KEEPER, keeper};
    return settings;
}

static struct keeper *keeper_create(void)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    assert_non_null(keeper);
    pthread_mutex_init(&keeper->lock, NULL);
    return keeper;
}

static void keeper_destroy(struct keeper *keeper)
{
    checkpoint_release(keeper->newest);
    pthread_mutex_destroy(&keeper->lock);
    free(keeper);
}

/* Trains to the end and returns the last checkpoint, with a reference. */
static const struct checkpoint *train_to_end(struct trainer_settings settings)
{
    struct keeper *keeper = settings.recorder.self;
    struct trainer *trainer = trainer_create(&settings, NULL);
    assert_non_null(trainer);
    snapshot_release(watch_for_state(trainer, TRAINER_FINISHED));
    trainer_destroy(trainer);
    assert_non_null(keeper->newest);
    return checkpoint_share(keeper->newest);
}

/* Trains up to that step or a bit further, and returns the checkpoint. */
static const struct checkpoint *train_to_step(struct trainer_settings settings, uint64_t step)
{
    struct keeper *keeper = settings.recorder.self;
    struct trainer *trainer = trainer_create(&settings, NULL);
    assert_non_null(trainer);
    trainer_reach(trainer, step);
    snapshot_release(watch_for_state(trainer, TRAINER_PAUSED));
    trainer_destroy(trainer);
    assert_non_null(keeper->newest);
    return checkpoint_share(keeper->newest);
}

static bool same_numbers(const float *a, const float *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

static void assert_same_bits(const struct checkpoint *a, const struct checkpoint *b)
{
    assert_int_equal(a->parameter_count, b->parameter_count);
    assert_int_equal(a->place.step, b->place.step);
    assert_int_equal(a->place.updates, b->place.updates);
    assert_memory_equal(&a->place.loss_average, &b->place.loss_average, sizeof(double));
    for (size_t index = 0; index < a->parameter_count; index++) {
        const struct checkpoint_parameter *left = &a->parameters[index];
        const struct checkpoint_parameter *right = &b->parameters[index];
        assert_true(same_numbers(left->value, right->value, left->count));
        assert_true(same_numbers(left->first_moment, right->first_moment, left->count));
        assert_true(same_numbers(left->second_moment, right->second_moment, left->count));
    }
}

static void check_cuts(struct trainer_settings settings, int cuts)
{
    const struct checkpoint *straight = train_to_end(settings);
    struct random random;
    random_init(&random, 5, RANDOM_WEIGHTS, 0);
    for (int cut = 0; cut < cuts; cut++) {
        uint64_t step = 1 + random_below(&random, (uint32_t)straight->place.step - 1);
        struct trainer_settings resumed = settings;
        resumed.past[network_spec_number(settings.model)].checkpoint =
            train_to_step(settings, step);
        const struct checkpoint *end = train_to_end(resumed);
        assert_same_bits(straight, end);
        checkpoint_release(end);
    }
    checkpoint_release(straight);
}

static void lenet_cut_anywhere_and_resumed_ends_with_the_same_bits(void **state)
{
    struct keeper *keeper = keeper_create();
    check_cuts(settings_with(keeper, *state), LENET_CUTS);
    keeper_destroy(keeper);
}

static void alexnet_cut_anywhere_and_resumed_ends_with_the_same_bits(void **state)
{
    struct keeper *keeper = keeper_create();
    struct trainer_settings settings = settings_with(keeper, *state);
    settings.model = network_spec_find("alexnet");
    settings.batch = ALEXNET_BATCH;
    settings.epochs = 1;
    check_cuts(settings, ALEXNET_CUTS);
    keeper_destroy(keeper);
}

static void a_checkpoint_is_taken_after_each_epoch_and_the_test(void **state)
{
    struct keeper *keeper = keeper_create();
    const struct checkpoint *end = train_to_end(settings_with(keeper, *state));
    assert_int_equal(keeper->evaluations, EPOCHS + 1);
    assert_int_equal(keeper->saves, EPOCHS + 1);
    assert_int_equal(end->place.epochs_done, EPOCHS);
    assert_false(end->place.test_due);
    checkpoint_release(end);
    keeper_destroy(keeper);
}

static bool has_begun(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->state == TRAINER_FAILED || watch_active(snapshot)->step > 7;
}

/* Whether a run of that batch and seed can go on from one of batch 50 and seed 1. */
static bool resume(const char *directory, size_t batch, uint64_t seed, struct error *err)
{
    struct keeper *keeper = keeper_create();
    struct trainer_settings settings = settings_with(keeper, directory);
    const struct checkpoint *there = train_to_step(settings, 7);
    settings.batch = batch;
    settings.seed = seed;
    settings.past[network_spec_number(settings.model)].checkpoint = there;
    struct trainer *trainer = trainer_create(&settings, err);
    assert_non_null(trainer);
    const struct snapshot *snapshot = watch_for(trainer, has_begun, NULL);
    bool good = snapshot->state != TRAINER_FAILED;
    *err = snapshot->failure;
    snapshot_release(snapshot);
    trainer_destroy(trainer);
    keeper_destroy(keeper);
    return good;
}

static void other_settings_cannot_go_on(void **state)
{
    struct error err = {0};
    assert_true(resume(*state, EXCERPT_BATCH, 1, &err));
    assert_false(resume(*state, 100, 1, &err));
    assert_string_equal(err.message,
                        "the run to resume has seed 1 and batches of 50 images, which must stay");
    assert_false(resume(*state, EXCERPT_BATCH, 2, &err));
}

static bool is_waiting(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->state == TRAINER_WAITING;
}

static bool trains(const struct snapshot *snapshot, const void *context)
{
    const uint64_t *step = context;
    return snapshot->state == TRAINER_TRAINING && watch_active(snapshot)->step > *step;
}

static void set_closed(struct keeper *keeper, bool closed)
{
    pthread_mutex_lock(&keeper->lock);
    keeper->closed = closed;
    pthread_mutex_unlock(&keeper->lock);
}

static void training_waits_for_a_recorder_that_is_not_ready(void **state)
{
    struct keeper *keeper = keeper_create();
    struct trainer_settings settings = settings_with(keeper, *state);
    settings.epochs = TRAINER_EPOCHS_MAX;
    struct trainer *trainer = trainer_create(&settings, NULL);
    assert_non_null(trainer);
    set_closed(keeper, true);
    const struct snapshot *snapshot = watch_for(trainer, is_waiting, NULL);
    assert_string_equal(snapshot->failure.message, "no room");
    uint64_t step = watch_active(snapshot)->step;
    snapshot_release(snapshot);
    set_closed(keeper, false);
    trainer_refresh(trainer);
    snapshot = watch_for(trainer, trains, &step);
    assert_int_equal(snapshot->failure.code, ERROR_NONE);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
    keeper_destroy(keeper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_cut_anywhere_and_resumed_ends_with_the_same_bits),
        cmocka_unit_test(alexnet_cut_anywhere_and_resumed_ends_with_the_same_bits),
        cmocka_unit_test(a_checkpoint_is_taken_after_each_epoch_and_the_test),
        cmocka_unit_test(other_settings_cannot_go_on),
        cmocka_unit_test(training_waits_for_a_recorder_that_is_not_ready),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
