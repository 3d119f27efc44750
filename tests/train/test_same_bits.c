// SPDX-License-Identifier: MIT
/*
 * A run that is steered gives the bits of one that is left alone, and so does any number of
 * threads. What a run gave is kept as its last snapshot. The state is the data directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "excerpt.h"
#include "watch.h"

enum { LENET_EPOCHS = 2, ALEXNET_BATCH = 20, ALEXNET_STEPS = 3, THREADS_MAX = 4 };

enum { DISTURBANCES_MAX = 60, MILLISECONDS_MAX = 8 };

static struct trainer *start(const char *model, const char *directory, unsigned threads)
{
    struct trainer_settings settings = excerpt_settings(model, directory);
    struct error err = {0};
    settings.epochs = LENET_EPOCHS;
    settings.threads = threads;
    if (settings.model == network_spec_find("alexnet"))
        settings.batch = ALEXNET_BATCH;
    struct trainer *trainer = trainer_create(&settings, &err);
    assert_non_null(trainer);
    return trainer;
}

static void check_same_evaluation(const struct evaluation *one, const struct evaluation *other)
{
    assert_non_null(one);
    assert_non_null(other);
    assert_int_equal(one->step, other->step);
    assert_int_equal(one->count, other->count);
    assert_memory_equal(&one->loss, &other->loss, sizeof one->loss);
    assert_memory_equal(one->probabilities, other->probabilities,
                        one->count * DATASET_CLASSES * sizeof *one->probabilities);
    assert_memory_equal(one->confusion, other->confusion, sizeof one->confusion);
    assert_memory_equal(one->classes, other->classes, sizeof one->classes);
    assert_int_equal(one->mistake_count, other->mistake_count);
    assert_memory_equal(one->mistakes, other->mistakes, one->mistake_count * sizeof *one->mistakes);
}

/* All that the active learners of two runs measured, seconds excepted. */
static void check_same_run(const struct snapshot *one, const struct snapshot *other)
{
    const struct learner_snapshot *first = watch_active(one), *second = watch_active(other);
    assert_string_equal(first->name, second->name);
    assert_int_equal(first->step, second->step);
    assert_int_equal(first->step_points, first->step);
    assert_int_equal(second->step_points, second->step);
    for (size_t step = 0; step < first->step; step++) {
        const struct step_point *a = history_step(first->history, step);
        const struct step_point *b = history_step(second->history, step);
        assert_memory_equal(&a->loss, &b->loss, sizeof a->loss);
        assert_memory_equal(&a->accuracy, &b->accuracy, sizeof a->accuracy);
        assert_memory_equal(&a->learning_rate, &b->learning_rate, sizeof a->learning_rate);
    }
    assert_memory_equal(&first->train_loss, &second->train_loss, sizeof first->train_loss);
    check_same_evaluation(first->validation, second->validation);
    if (first->test || second->test)
        check_same_evaluation(first->test, second->test);
}

/* A whole run of LeNet-5 that nobody disturbs. */
static const struct snapshot *run_lenet(const char *directory, unsigned threads)
{
    struct trainer *trainer = start("lenet", directory, threads);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FINISHED);
    assert_int_equal(watch_active(snapshot)->step, LENET_EPOCHS * EXCERPT_EPOCH);
    trainer_destroy(trainer);
    return snapshot;
}

static void lenet_gives_the_same_bits_for_1_to_4_threads(void **state)
{
    const struct snapshot *alone = run_lenet(*state, 1);
    for (unsigned threads = 2; threads <= THREADS_MAX; threads++) {
        const struct snapshot *together = run_lenet(*state, threads);
        check_same_run(alone, together);
        snapshot_release(together);
    }
    snapshot_release(alone);
}

static bool rests(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->state == TRAINER_PAUSED || snapshot->state == TRAINER_FINISHED;
}

static bool has_model(const struct snapshot *snapshot, const void *context)
{
    return watch_active(snapshot)->started &&
           snapshot->active == network_spec_number(network_spec_find(context));
}

static void switch_to(struct trainer *trainer, const char *model)
{
    trainer_switch(trainer, network_spec_find(model));
    snapshot_release(watch_for(trainer, has_model, model));
}

/* Lets some part of a step go by. */
static void work_a_little(struct trainer *trainer, struct random *random)
{
    (void)watch_silence(trainer, random_below(random, MILLISECONDS_MAX) * 1e-3);
}

/* Does one thing, by chance, to a run of LeNet-5 that goes on afterwards. */
static void disturb(struct trainer *trainer, struct random *random)
{
    work_a_little(trainer, random);
    switch (random_below(random, 5)) {
    case 0:
        trainer_pause(trainer);
        snapshot_release(watch_for(trainer, rests, NULL));
        trainer_step(trainer);
        work_a_little(trainer, random);
        break;
    case 1:
        trainer_pause(trainer);
        break;
    case 2:
        trainer_evaluate(trainer);
        break;
    case 3:
        trainer_evaluate(trainer);
        work_a_little(trainer, random);
        trainer_pause(trainer);
        break;
    default:
        switch_to(trainer, "alexnet");
        work_a_little(trainer, random);
        switch_to(trainer, "lenet");
    }
    trainer_resume(trainer);
}

static bool is_finished(struct trainer *trainer)
{
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    bool finished = watch_active(snapshot)->finished;
    snapshot_release(snapshot);
    return finished;
}

static bool has_gone_on(const struct snapshot *snapshot, const void *context)
{
    return watch_active(snapshot)->step > *(const uint64_t *)context ||
           watch_active(snapshot)->finished;
}

/* Lets the run come to its next step, so that the disturbances are spread over it. */
static void let_go_on(struct trainer *trainer)
{
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    uint64_t step = watch_active(snapshot)->step;
    snapshot_release(snapshot);
    snapshot_release(watch_for(trainer, has_gone_on, &step));
}

static const struct snapshot *run_disturbed_lenet(const char *directory, uint64_t seed)
{
    struct trainer *trainer = start("lenet", directory, 2);
    struct random random;
    size_t disturbances = 0;
    random_init(&random, seed, RANDOM_TEST, 0);
    watch_until(trainer, TRAINER_TRAINING);
    for (; !is_finished(trainer) && disturbances < DISTURBANCES_MAX; disturbances++) {
        disturb(trainer, &random);
        if (disturbances % 2 == 0)
            let_go_on(trainer);
    }
    print_message("%zu disturbances\n", disturbances);
    assert_true(disturbances > 0);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FINISHED);
    trainer_destroy(trainer);
    return snapshot;
}

static void a_disturbed_run_of_lenet_gives_the_bits_of_an_undisturbed_one(void **state)
{
    const struct snapshot *undisturbed = run_lenet(*state, 2);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const struct snapshot *disturbed = run_disturbed_lenet(*state, seed);
        check_same_run(undisturbed, disturbed);
        snapshot_release(disturbed);
    }
    snapshot_release(undisturbed);
}

static bool has_paused_at(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_PAUSED &&
           watch_active(snapshot)->step == *(const uint64_t *)context;
}

static bool has_evaluated(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->validation && !snapshot->evaluating;
}

static bool has_begun(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_TRAINING || has_paused_at(snapshot, context);
}

/* Begins a step and gives it up again after some milliseconds, unless it was made by then. Returns
 * whether it was. */
static bool begin_step(struct trainer *trainer, uint64_t step, size_t milliseconds)
{
    trainer_step(trainer);
    snapshot_release(watch_for(trainer, has_begun, &step));
    (void)watch_silence(trainer, 1e-3 * (double)milliseconds);
    trainer_pause(trainer);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_PAUSED);
    bool made = watch_active(snapshot)->step == step;
    snapshot_release(snapshot);
    return made;
}

/* Makes a step after some that were given up, each somewhere else. Returns how many. */
static size_t step_with_interruptions(struct trainer *trainer, uint64_t step, size_t interruptions)
{
    for (size_t interruption = 0; interruption < interruptions; interruption++) {
        if (begin_step(trainer, step, 4 * interruption))
            return interruption;
    }
    trainer_step(trainer);
    snapshot_release(watch_for(trainer, has_paused_at, &step));
    return interruptions;
}

/* Some steps of AlexNet and an evaluation. */
static const struct snapshot *run_alexnet(const char *directory, unsigned threads,
                                          size_t interruptions)
{
    struct trainer *trainer = start("alexnet", directory, threads);
    trainer_pause(trainer);
    watch_until(trainer, TRAINER_PAUSED);
    size_t given_up = 0;
    for (uint64_t step = 1; step <= ALEXNET_STEPS; step++)
        given_up += step_with_interruptions(trainer, step, interruptions);
    assert_true(given_up > 0 || interruptions == 0);
    trainer_evaluate(trainer);
    if (interruptions > 0) { /* the evaluation, too, by a visit to the other model */
        switch_to(trainer, "lenet");
        switch_to(trainer, "alexnet");
    }
    const struct snapshot *snapshot = watch_for(trainer, has_evaluated, NULL);
    assert_int_equal(watch_active(snapshot)->step, ALEXNET_STEPS);
    trainer_destroy(trainer);
    return snapshot;
}

static void alexnet_gives_the_same_bits_for_1_to_4_threads(void **state)
{
    const struct snapshot *alone = run_alexnet(*state, 1, 0);
    for (unsigned threads = 2; threads <= THREADS_MAX; threads++) {
        const struct snapshot *together = run_alexnet(*state, threads, 0);
        check_same_run(alone, together);
        snapshot_release(together);
    }
    snapshot_release(alone);
}

static void interrupted_steps_of_alexnet_give_the_same_bits(void **state)
{
    const struct snapshot *undisturbed = run_alexnet(*state, 2, 0);
    const struct snapshot *disturbed = run_alexnet(*state, 2, 4);
    check_same_run(undisturbed, disturbed);
    snapshot_release(disturbed);
    snapshot_release(undisturbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_gives_the_same_bits_for_1_to_4_threads),
        cmocka_unit_test(a_disturbed_run_of_lenet_gives_the_bits_of_an_undisturbed_one),
        cmocka_unit_test(alexnet_gives_the_same_bits_for_1_to_4_threads),
        cmocka_unit_test(interrupted_steps_of_alexnet_give_the_same_bits),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
