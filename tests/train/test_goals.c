// SPDX-License-Identifier: MIT
/* Training up to a step, and how many epochs there are: where the run pauses and ends. The state is
 * the data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "excerpt.h"
#include "watch.h"

enum { MANY_EPOCHS = 100000 };

static const double RATE = 0.001;

static struct trainer *start(const char *directory, size_t epochs)
{
    struct error err = {0};
    struct trainer_settings settings = excerpt_settings("lenet", directory);
    settings.epochs = epochs;
    struct trainer *trainer = trainer_create(&settings, &err);
    assert_non_null(trainer);
    return trainer;
}

/* Waits for the pause; fails the test unless it is after that step, all evaluated that is due. */
static void check_pause(struct trainer *trainer, uint64_t step)
{
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_PAUSED);
    const struct learner_snapshot *learner = watch_active(snapshot);
    assert_int_equal(learner->step, step);
    assert_int_equal(learner->step_points, step);
    assert_int_equal(learner->epoch_points, step / EXCERPT_EPOCH);
    assert_false(snapshot->evaluating);
    snapshot_release(snapshot);
}

/* A paused run at its start: the first command comes before the first step, or soon after. */
static struct trainer *start_paused_at(const char *directory, uint64_t step)
{
    struct trainer *trainer = start(directory, MANY_EPOCHS);
    trainer_reach(trainer, step);
    check_pause(trainer, step);
    return trainer;
}

static bool is_past(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_PAUSED &&
           watch_active(snapshot)->step > *(const uint64_t *)context;
}

static void await_pause_past(struct trainer *trainer, uint64_t step)
{
    snapshot_release(watch_for(trainer, is_past, &step));
}

static void it_pauses_after_the_step_that_was_named(void **state)
{
    struct trainer *trainer = start_paused_at(*state, 2 * EXCERPT_EPOCH + 5);
    watch_answers(trainer, 5, RATE); /* awake, and yet it stays there */
    check_pause(trainer, 2 * EXCERPT_EPOCH + 5);
    trainer_destroy(trainer);
}

static void a_step_that_was_made_pauses_at_once(void **state)
{
    struct trainer *trainer = start(*state, MANY_EPOCHS);
    snapshot_release(watch_for_step(trainer, 3));
    trainer_reach(trainer, 3);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_PAUSED);
    uint64_t step = watch_active(snapshot)->step;
    snapshot_release(snapshot);
    trainer_reach(trainer, 1);
    watch_answers(trainer, 5, RATE);
    check_pause(trainer, step);
    trainer_destroy(trainer);
}

static void so_many_steps_are_made_from_where_it_is(void **state)
{
    struct trainer *trainer = start_paused_at(*state, 4);
    trainer_advance(trainer, EXCERPT_EPOCH);
    await_pause_past(trainer, 4);
    check_pause(trainer, EXCERPT_EPOCH + 4);
    trainer_destroy(trainer);
}

static void it_trains_to_the_end_of_the_epoch_and_evaluates(void **state)
{
    struct trainer *trainer = start_paused_at(*state, 7);
    for (uint64_t epoch = 1; epoch <= 3; epoch++) {
        trainer_end_epoch(trainer);
        await_pause_past(trainer, epoch == 1 ? 7 : (epoch - 1) * EXCERPT_EPOCH);
        check_pause(trainer, epoch * EXCERPT_EPOCH);
    }
    trainer_destroy(trainer);
}

static void going_on_calls_the_pause_off(void **state)
{
    struct trainer *trainer = start_paused_at(*state, 1);
    trainer_advance(trainer, 3);
    trainer_resume(trainer);
    snapshot_release(watch_for_step(trainer, EXCERPT_EPOCH + 10));
    trainer_destroy(trainer);
}

static void the_way_there_changes_no_bit(void **state)
{
    struct trainer *straight = start(*state, 2), *halting = start_paused_at(*state, 1);
    for (uint64_t step = 1; step < 2 * EXCERPT_EPOCH; step += 5) {
        trainer_advance(halting, 5);
        await_pause_past(halting, step);
    }
    const struct snapshot *one = watch_for_state(straight, TRAINER_FINISHED);
    const struct snapshot *other = watch_for_state(halting, TRAINER_PAUSED);
    for (size_t step = 0; step < 2 * EXCERPT_EPOCH; step++)
        assert_memory_equal(&history_step(watch_active(one)->history, step)->loss,
                            &history_step(watch_active(other)->history, step)->loss, sizeof(float));
    snapshot_release(one);
    snapshot_release(other);
    trainer_destroy(straight);
    trainer_destroy(halting);
}

static bool is_finished_after(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_FINISHED &&
           watch_active(snapshot)->step == *(const uint64_t *)context;
}

static void more_epochs_let_a_finished_run_go_on_as_if_planned(void **state)
{
    struct trainer *planned = start(*state, 3), *extended = start(*state, 1);
    const uint64_t end = (uint64_t)3 * EXCERPT_EPOCH;
    snapshot_release(watch_for_state(extended, TRAINER_FINISHED));
    trainer_set_epochs(extended, 3);
    const struct snapshot *one = watch_for(planned, is_finished_after, &end);
    const struct snapshot *other = watch_for(extended, is_finished_after, &end);
    const struct evaluation *a = watch_active(one)->test, *b = watch_active(other)->test;
    assert_int_equal(watch_active(other)->epochs, 3);
    assert_true(watch_active(other)->finished);
    assert_int_equal(b->step, end);
    assert_memory_equal(a->probabilities, b->probabilities,
                        a->count * DATASET_CLASSES * sizeof *a->probabilities);
    snapshot_release(one);
    snapshot_release(other);
    trainer_destroy(planned);
    trainer_destroy(extended);
}

static void as_many_epochs_as_were_made_finish_it_with_a_test(void **state)
{
    struct trainer *trainer = start_paused_at(*state, 2 * EXCERPT_EPOCH);
    trainer_set_epochs(trainer, 2);
    trainer_resume(trainer);
    const struct snapshot *end = watch_for_state(trainer, TRAINER_FINISHED);
    assert_int_equal(watch_active(end)->step, 2 * EXCERPT_EPOCH);
    assert_int_equal(watch_active(end)->epochs, 2);
    assert_non_null(watch_active(end)->test);
    snapshot_release(end);
    trainer_destroy(trainer);
}

static bool has_notice(const struct snapshot *snapshot, const void *context)
{
    return strcmp(snapshot->failure.message, context) == 0;
}

static void epochs_that_are_not_possible_are_refused(void **state)
{
    struct trainer *trainer = start_paused_at(*state, EXCERPT_EPOCH + 1);
    trainer_set_epochs(trainer, 1);
    snapshot_release(watch_for(trainer, has_notice, "1 epochs: 2 to 100000 are possible now"));
    trainer_set_epochs(trainer, TRAINER_EPOCHS_MAX + 1);
    const struct snapshot *snapshot =
        watch_for(trainer, has_notice, "100001 epochs: 2 to 100000 are possible now");
    assert_int_equal(watch_active(snapshot)->epochs, MANY_EPOCHS);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void the_end_of_the_run_is_before_any_later_step(void **state)
{
    struct trainer *trainer = start(*state, 1);
    trainer_reach(trainer, UINT64_MAX);
    snapshot_release(watch_for_state(trainer, TRAINER_FINISHED));
    trainer_set_epochs(trainer, 2); /* the way to the step ended with the run */
    check_pause(trainer, EXCERPT_EPOCH);
    trainer_advance(trainer, UINT64_MAX);
    const uint64_t end = (uint64_t)2 * EXCERPT_EPOCH;
    snapshot_release(watch_for(trainer, is_finished_after, &end));
    trainer_destroy(trainer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_pauses_after_the_step_that_was_named),
        cmocka_unit_test(a_step_that_was_made_pauses_at_once),
        cmocka_unit_test(so_many_steps_are_made_from_where_it_is),
        cmocka_unit_test(it_trains_to_the_end_of_the_epoch_and_evaluates),
        cmocka_unit_test(going_on_calls_the_pause_off),
        cmocka_unit_test(the_way_there_changes_no_bit),
        cmocka_unit_test(more_epochs_let_a_finished_run_go_on_as_if_planned),
        cmocka_unit_test(as_many_epochs_as_were_made_finish_it_with_a_test),
        cmocka_unit_test(epochs_that_are_not_possible_are_refused),
        cmocka_unit_test(the_end_of_the_run_is_before_any_later_step),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
