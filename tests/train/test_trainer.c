// SPDX-License-Identifier: MIT
/* What each command does to a run, as its snapshots show it. The state is the data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "../data/files.h"
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

/* A run without end that is paused after a few steps. */
static struct trainer *start_paused(const char *directory, uint64_t step)
{
    struct trainer *trainer = start(directory, MANY_EPOCHS);
    snapshot_release(watch_for_step(trainer, step));
    trainer_pause(trainer);
    watch_until(trainer, TRAINER_PAUSED);
    return trainer;
}

static uint64_t step_now(struct trainer *trainer)
{
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    uint64_t step = watch_active(snapshot)->step;
    snapshot_release(snapshot);
    return step;
}

static bool paused_past(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_PAUSED &&
           watch_active(snapshot)->step > *(const uint64_t *)context;
}

/* Makes one step of the paused run; the snapshot after it. */
static const struct snapshot *step_once(struct trainer *trainer)
{
    uint64_t before = step_now(trainer);
    trainer_step(trainer);
    return watch_for(trainer, paused_past, &before);
}

static bool evaluated_after(const struct snapshot *snapshot, const void *context)
{
    return watch_active(snapshot)->epoch_points > *(const size_t *)context;
}

/* Asks for an evaluation; the snapshot that has it. */
static const struct snapshot *evaluate_now(struct trainer *trainer)
{
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    size_t points = watch_active(snapshot)->epoch_points;
    snapshot_release(snapshot);
    trainer_evaluate(trainer);
    return watch_for(trainer, evaluated_after, &points);
}

static bool chosen(const struct snapshot *snapshot, const void *context)
{
    return strcmp(watch_active(snapshot)->name, context) == 0 && snapshot->state == TRAINER_PAUSED;
}

/* Changes the model of a paused run. */
static const struct snapshot *switch_to(struct trainer *trainer, const char *model)
{
    trainer_switch(trainer, network_spec_find(model));
    return watch_for(trainer, chosen, model);
}

static void a_paused_run_stands_still_until_it_is_resumed(void **state)
{
    struct trainer *trainer = start_paused(*state, 3);
    uint64_t step = step_now(trainer);
    watch_answers(trainer, 20, RATE); /* it is awake and yet makes no step */
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_PAUSED);
    assert_int_equal(watch_active(snapshot)->step, step);
    assert_int_equal(watch_active(snapshot)->step_points, step);
    snapshot_release(snapshot);
    trainer_resume(trainer);
    snapshot_release(watch_for_step(trainer, step + 3));
    trainer_destroy(trainer);
}

static void a_single_step_advances_by_exactly_one(void **state)
{
    struct trainer *trainer = start_paused(*state, 1);
    uint64_t step = step_now(trainer);
    for (uint64_t steps = 1; steps <= EXCERPT_EPOCH + 2; steps++) { /* over the end of an epoch */
        const struct snapshot *snapshot = step_once(trainer);
        assert_int_equal(watch_active(snapshot)->step, step + steps);
        assert_int_equal(watch_active(snapshot)->step_points, step + steps);
        snapshot_release(snapshot);
    }
    watch_answers(trainer, 5, RATE);
    assert_int_equal(step_now(trainer), step + EXCERPT_EPOCH + 2);
    trainer_destroy(trainer);
}

static void check_same_answers(const struct evaluation *one, const struct evaluation *other)
{
    assert_ptr_not_equal(one, other);
    assert_int_equal(one->step, other->step);
    assert_int_equal(one->count, other->count);
    assert_memory_equal(&one->loss, &other->loss, sizeof one->loss);
    assert_memory_equal(one->probabilities, other->probabilities,
                        one->count * DATASET_CLASSES * sizeof *one->probabilities);
}

static void switching_to_and_fro_loses_nothing(void **state)
{
    struct trainer *trainer = start_paused(*state, 4);
    const struct snapshot *before = evaluate_now(trainer);
    const struct learner_snapshot *lenet = watch_active(before);
    snapshot_release(switch_to(trainer, "alexnet"));
    const struct snapshot *between = step_once(trainer);
    assert_int_equal(watch_active(between)->step, 1);
    assert_int_equal(between->learners[before->active].step, lenet->step);
    snapshot_release(between);
    snapshot_release(switch_to(trainer, "lenet"));
    const struct snapshot *after = evaluate_now(trainer);
    assert_int_equal(after->active, before->active);
    assert_int_equal(watch_active(after)->step, lenet->step);
    assert_int_equal(watch_active(after)->epoch_step, lenet->epoch_step);
    assert_ptr_equal(watch_active(after)->history, lenet->history);
    assert_int_equal(watch_active(after)->step_points, lenet->step_points);
    check_same_answers(lenet->validation, watch_active(after)->validation);
    assert_int_equal(after->learners[network_spec_number(network_spec_find("alexnet"))].step, 1);
    snapshot_release(after);
    snapshot_release(before);
    trainer_destroy(trainer);
}

static void an_evaluation_can_be_had_at_any_time(void **state)
{
    struct trainer *trainer = start_paused(*state, 5);
    const struct snapshot *snapshot = evaluate_now(trainer);
    const struct learner_snapshot *learner = watch_active(snapshot);
    const struct evaluation *validation = learner->validation;
    size_t images = 0;
    assert_int_equal(snapshot->state, TRAINER_PAUSED);
    assert_non_null(validation);
    assert_int_equal(validation->part, EVALUATION_VALIDATION);
    assert_int_equal(validation->count, snapshot->validation_count);
    assert_int_equal(validation->step, learner->step);
    for (size_t class = 0; class < DATASET_CLASSES; class ++)
        images += validation->classes[class].support;
    assert_int_equal(images, EXCERPT_TRAIN / 10);
    const struct epoch_point *point = history_epoch(learner->history, learner->epoch_points - 1);
    assert_int_equal(point->step, learner->step);
    assert_true(point->accuracy == (float)validation->accuracy);
    assert_true(point->loss == (float)validation->loss);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static bool back_at_start(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->step == 0;
}

static void a_restarted_run_repeats_its_losses(void **state)
{
    struct trainer *trainer = start_paused(*state, EXCERPT_EPOCH + 2);
    trainer_set_learning_rate(trainer, RATE / 2);
    const struct snapshot *first = step_once(trainer);
    trainer_restart(trainer);
    const struct snapshot *again = watch_for(trainer, back_at_start, NULL);
    assert_int_equal(again->state, TRAINER_PAUSED);
    assert_int_equal(watch_active(again)->step_points, 0);
    assert_int_equal(watch_active(again)->epoch_points, 0);
    assert_int_equal(watch_active(again)->epoch, 1);
    assert_null(watch_active(again)->validation);
    assert_true(watch_active(again)->learning_rate == RATE);
    snapshot_release(again);
    trainer_resume(trainer);
    again = watch_for_step(trainer, EXCERPT_EPOCH + 2);
    for (size_t step = 0; step < EXCERPT_EPOCH + 2; step++) {
        const struct step_point *old = history_step(watch_active(first)->history, step);
        const struct step_point *new = history_step(watch_active(again)->history, step);
        assert_int_equal(new->step, step + 1);
        assert_memory_equal(&old->loss, &new->loss, sizeof old->loss);
    }
    snapshot_release(again);
    snapshot_release(first);
    trainer_destroy(trainer);
}

static void a_learning_rate_holds_from_the_next_step_and_is_recorded(void **state)
{
    struct trainer *trainer = start_paused(*state, 2);
    trainer_set_learning_rate(trainer, 0.05);
    snapshot_release(step_once(trainer));
    const struct snapshot *changed = step_once(trainer);
    const struct history *history = watch_active(changed)->history;
    size_t first = watch_active(changed)->step_points - 2; /* the first with the new rate */
    assert_true(watch_active(changed)->learning_rate == 0.05);
    assert_true(history_step(history, first - 1)->learning_rate == (float)RATE);
    assert_true(history_step(history, first)->learning_rate == 0.05F);
    assert_true(history_step(history, first + 1)->learning_rate == 0.05F);
    trainer_restart(trainer);
    snapshot_release(watch_for(trainer, back_at_start, NULL));
    trainer_resume(trainer);
    const struct snapshot *usual = watch_for_step(trainer, 1 + first + 1);
    const struct history *other = watch_active(usual)->history;
    assert_true(history_step(history, first)->loss == history_step(other, first)->loss);
    assert_true(history_step(history, first + 1)->loss != history_step(other, first + 1)->loss);
    snapshot_release(usual);
    snapshot_release(changed);
    trainer_destroy(trainer);
}

static void a_learning_rate_without_sense_is_ignored(void **state)
{
    struct trainer *trainer = start_paused(*state, 1);
    trainer_set_learning_rate(trainer, 0);
    trainer_set_learning_rate(trainer, -1);
    trainer_set_learning_rate(trainer, (double)NAN);
    trainer_set_learning_rate(trainer, (double)INFINITY);
    const struct snapshot *snapshot = step_once(trainer);
    assert_true(watch_active(snapshot)->learning_rate == RATE);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static bool has_events(const struct snapshot *snapshot, const void *context)
{
    return watch_active(snapshot)->event_points >= *(const size_t *)context;
}

static void pauses_and_learning_rates_are_recorded_as_events(void **state)
{
    const size_t expected = 3;
    struct trainer *trainer = start_paused(*state, 2);
    uint64_t step = step_now(trainer);
    trainer_pause(trainer); /* stands still already: no event */
    trainer_set_learning_rate(trainer, 0.05);
    snapshot_release(step_once(trainer));
    trainer_resume(trainer);
    snapshot_release(watch_for_step(trainer, step + 2));
    trainer_pause(trainer);
    watch_until(trainer, TRAINER_PAUSED);
    const struct snapshot *snapshot = watch_for(trainer, has_events, &expected);
    const struct learner_snapshot *learner = watch_active(snapshot);
    const struct event_point *first = history_event(learner->history, 0);
    const struct event_point *second = history_event(learner->history, 1);
    const struct event_point *third = history_event(learner->history, 2);
    assert_int_equal(learner->event_points, expected);
    assert_int_equal(first->kind, EVENT_PAUSE);
    assert_int_equal(first->step, step);
    assert_int_equal(second->kind, EVENT_RATE);
    assert_int_equal(second->step, step);
    assert_true(second->rate_before == (float)RATE && second->rate == 0.05F);
    assert_int_equal(third->kind, EVENT_PAUSE);
    assert_int_equal(third->step, learner->step);
    assert_true(third->seconds >= second->seconds && second->seconds > 0);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void the_time_left_includes_evaluations(void **state)
{
    struct trainer *trainer = start_paused(*state, 3);
    const struct snapshot *snapshot = evaluate_now(trainer);
    const struct learner_snapshot *learner = watch_active(snapshot);
    double images = ((double)MANY_EPOCHS * EXCERPT_EPOCH - (double)learner->step) * EXCERPT_BATCH;
    double training = images / learner->images_per_second;
    assert_true(learner->eta_seconds > training);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void a_stopped_run_says_so_and_does_nothing_more(void **state)
{
    struct trainer *trainer = start(*state, MANY_EPOCHS);
    snapshot_release(watch_for_step(trainer, 2));
    trainer_stop(trainer);
    const struct snapshot *last = watch_for_state(trainer, TRAINER_STOPPED);
    assert_true(watch_active(last)->step >= 2);
    assert_int_equal(last->failure.code, ERROR_NONE);
    trainer_resume(trainer);
    trainer_step(trainer);
    const struct snapshot *still = trainer_snapshot(trainer);
    assert_ptr_equal(still, last);
    trainer_destroy(trainer);
    snapshot_release(still);
    snapshot_release(last);
}

static void check_end(const struct snapshot *snapshot)
{
    const struct learner_snapshot *learner = watch_active(snapshot);
    assert_true(learner->finished);
    assert_false(snapshot->evaluating);
    assert_int_equal(learner->epoch, 2);
    assert_int_equal(learner->steps_per_epoch, EXCERPT_EPOCH);
    assert_int_equal(learner->step, 2 * EXCERPT_EPOCH);
    assert_int_equal(learner->step_points, 2 * EXCERPT_EPOCH);
    assert_int_equal(learner->epoch_points, 2);
    assert_true(learner->eta_seconds == 0);
    assert_true(learner->train_seconds > 0 && learner->images_per_second > 0);
    assert_non_null(learner->test);
    assert_int_equal(learner->test->part, EVALUATION_TEST);
    assert_int_equal(learner->test->count, EXCERPT_TEST);
    assert_int_equal(learner->test->step, 2 * EXCERPT_EPOCH);
    assert_int_equal(learner->validation->count, EXCERPT_TRAIN / 10);
}

static void each_epoch_is_evaluated_and_the_end_tested(void **state)
{
    struct trainer *trainer = start(*state, 2);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FINISHED);
    const struct learner_snapshot *learner = watch_active(snapshot);
    check_end(snapshot);
    float best = 0;
    for (size_t epoch = 0; epoch < 2; epoch++) {
        const struct epoch_point *point = history_epoch(learner->history, epoch);
        assert_int_equal(point->step, (epoch + 1) * EXCERPT_EPOCH);
        assert_true(point->epoch == (float)(epoch + 1));
        assert_true(point->loss > 0 && isfinite(point->loss));
        best = point->accuracy > best ? point->accuracy : best;
    }
    assert_true((float)learner->best_accuracy == best);
    assert_true(learner->train_loss < (double)history_step(learner->history, 0)->loss);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static bool finished_again(const struct snapshot *snapshot, const void *context)
{
    const struct snapshot *end = context;
    return snapshot->state == TRAINER_FINISHED && snapshot->number > end->number &&
           watch_active(snapshot)->history != watch_active(end)->history;
}

static void a_finished_run_still_takes_commands(void **state)
{
    struct trainer *trainer = start(*state, 2);
    const struct snapshot *end = watch_for_state(trainer, TRAINER_FINISHED);
    trainer_resume(trainer);
    const struct snapshot *evaluated = evaluate_now(trainer);
    assert_int_equal(watch_active(evaluated)->step, 2 * EXCERPT_EPOCH);
    check_same_answers(watch_active(end)->validation, watch_active(evaluated)->validation);
    snapshot_release(evaluated);
    trainer_restart(trainer);
    const struct snapshot *again = watch_for(trainer, finished_again, end);
    check_end(again);
    check_same_answers(watch_active(end)->test, watch_active(again)->test);
    snapshot_release(again);
    snapshot_release(end);
    trainer_destroy(trainer);
}

static void an_old_snapshot_does_not_change(void **state)
{
    struct trainer *trainer = start_paused(*state, 6);
    const struct snapshot *old = evaluate_now(trainer);
    const struct learner_snapshot *learner = watch_active(old);
    struct snapshot copy;
    struct evaluation evaluation;
    struct step_point points[6];
    memcpy(&copy, old, sizeof copy);
    memcpy(&evaluation, learner->validation, sizeof evaluation);
    for (size_t step = 0; step < 6; step++)
        points[step] = *history_step(learner->history, step);
    trainer_resume(trainer);
    snapshot_release(watch_for_step(trainer, learner->step + EXCERPT_EPOCH));
    trainer_restart(trainer);
    snapshot_release(watch_for(trainer, back_at_start, NULL));
    trainer_destroy(trainer);
    assert_memory_equal(old, &copy, sizeof copy);
    assert_memory_equal(learner->validation, &evaluation, sizeof evaluation);
    for (size_t step = 0; step < 6; step++)
        assert_memory_equal(history_step(learner->history, step), &points[step], sizeof *points);
    snapshot_release(old);
}

static void numbers_of_snapshots_rise(void **state)
{
    struct trainer *trainer = start(*state, 2);
    uint64_t number = 0, step = 0;
    for (bool finished = false; !finished;) {
        const struct snapshot *snapshot = watch_for_newer(trainer, number);
        assert_true(watch_active(snapshot)->step >= step);
        number = snapshot->number;
        step = watch_active(snapshot)->step;
        finished = snapshot->state == TRAINER_FINISHED;
        snapshot_release(snapshot);
    }
    trainer_destroy(trainer);
}

static void settings_without_sense_are_refused(void **state)
{
    struct trainer_settings good = excerpt_settings("lenet", *state);
    struct trainer_settings bad[] = {good, good, good, good, good, good, good, good};
    static const char *const messages[] = {
        "no model was chosen",
        "0 epochs: 1 to 100000 are possible",
        "100001 epochs: 1 to 100000 are possible",
        "batches of 0 images: 1 to 10000 are possible",
        "batches of 10001 images: 1 to 10000 are possible",
        "a learning rate of -1: it must be above 0",
        "0 threads: 1 to 1024 are possible",
        "1025 threads: 1 to 1024 are possible",
    };
    bad[0].model = NULL;
    bad[1].epochs = 0;
    bad[2].epochs = TRAINER_EPOCHS_MAX + 1;
    bad[3].batch = 0;
    bad[4].batch = TRAINER_BATCH_MAX + 1;
    bad[5].learning_rate = -1;
    bad[6].threads = 0;
    bad[7].threads = POOL_THREADS_MAX + 1;
    for (size_t number = 0; number < sizeof bad / sizeof *bad; number++) {
        struct error err = {0};
        assert_null(trainer_create(&bad[number], &err));
        assert_int_equal(err.code, ERROR_USAGE);
        assert_string_equal(err.message, messages[number]);
    }
}

static void missing_data_are_reported_with_their_path(void **state)
{
    (void)state;
    struct trainer_settings settings = excerpt_settings("lenet", "/nonexistent/images");
    struct trainer *trainer = trainer_create(&settings, NULL);
    assert_non_null(trainer);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FAILED);
    assert_int_equal(snapshot->failure.code, ERROR_SYSTEM);
    assert_non_null(strstr(snapshot->failure.message, "/nonexistent/images"));
    assert_null(snapshot->dataset);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void a_batch_larger_than_the_data_is_reported(void **state)
{
    struct trainer_settings settings = excerpt_settings("lenet", *state);
    settings.batch = EXCERPT_TRAIN;
    struct trainer *trainer = trainer_create(&settings, NULL);
    assert_non_null(trainer);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FAILED);
    assert_int_equal(snapshot->failure.code, ERROR_USAGE);
    assert_string_equal(snapshot->failure.message,
                        "--batch 1000: there are only 900 training images");
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static bool noticed(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->failure.code != ERROR_NONE;
}

static void a_loss_that_is_no_number_pauses_the_run(void **state)
{
    struct trainer *trainer = start_paused(*state, 1);
    trainer_set_learning_rate(trainer, 1e37);
    trainer_resume(trainer);
    const struct snapshot *snapshot = watch_for(trainer, noticed, NULL);
    const struct learner_snapshot *learner = watch_active(snapshot);
    assert_int_equal(snapshot->state, TRAINER_PAUSED);
    assert_int_equal(snapshot->failure.code, ERROR_NUMBERS);
    assert_int_equal(learner->step_points, learner->step);
    for (size_t step = 0; step < learner->step_points; step++)
        assert_true(isfinite(history_step(learner->history, step)->loss));
    snapshot_release(snapshot);
    trainer_restart(trainer);
    snapshot_release(watch_for(trainer, back_at_start, NULL));
    trainer_resume(trainer);
    snapshot = watch_for_step(trainer, 2);
    assert_int_equal(snapshot->failure.code, ERROR_NONE);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static bool nothing_noticed(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->failure.code == ERROR_NONE;
}

static void a_model_that_memory_is_short_for_leaves_the_other_training(void **state)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* their allocators end the process where nothing can be mapped */
#endif
    struct trainer *trainer = start_paused(*state, 1);
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    limit = before;
    limit.rlim_cur = 1 << 20; /* what is mapped stays, nothing is added */
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    trainer_switch(trainer, network_spec_find("alexnet"));
    const struct snapshot *snapshot = watch_for(trainer, noticed, NULL);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(snapshot->state, TRAINER_PAUSED);
    assert_int_equal(snapshot->failure.code, ERROR_MEMORY);
    assert_memory_equal(snapshot->failure.message, "AlexNet: ", strlen("AlexNet: "));
    assert_string_equal(watch_active(snapshot)->name, "lenet");
    snapshot_release(snapshot);
    trainer_resume(trainer);
    snapshot_release(watch_for(trainer, nothing_noticed, NULL));
    snapshot_release(watch_for_step(trainer, 3));
    trainer_destroy(trainer);
}

static void data_too_few_to_split_are_reported_with_their_path(void **state)
{
    const struct snapshot *snapshot;
    struct files files;
    files_create(&files);
    files_write_dataset(&files, 9, 10);
    struct trainer_settings settings = excerpt_settings("lenet", files.directory);
    struct trainer *trainer = trainer_create(&settings, NULL);
    (void)state;
    assert_non_null(trainer);
    snapshot = watch_for_state(trainer, TRAINER_FAILED);
    assert_memory_equal(snapshot->failure.message, files.directory, strlen(files.directory));
    assert_non_null(strstr(snapshot->failure.message, ": 9 training images cannot be split"));
    snapshot_release(snapshot);
    trainer_destroy(trainer);
    files_destroy(&files);
}

static void the_descriptor_is_readable_while_something_is_new(void **state)
{
    struct trainer *trainer = start_paused(*state, 1);
    watch_answers(trainer, 3, RATE);
    struct pollfd new_snapshot = {.fd = trainer_descriptor(trainer), .events = POLLIN};
    trainer_set_learning_rate(trainer, RATE);
    assert_int_equal(poll(&new_snapshot, 1, WATCH_SECONDS * 1000), 1);
    assert_int_equal(poll(&new_snapshot, 1, 0), 1);
    trainer_stop(trainer);
    watch_until(trainer, TRAINER_STOPPED);
    trainer_acknowledge(trainer);
    assert_int_equal(poll(&new_snapshot, 1, 0), 0);
    trainer_destroy(trainer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paused_run_stands_still_until_it_is_resumed),
        cmocka_unit_test(a_single_step_advances_by_exactly_one),
        cmocka_unit_test(switching_to_and_fro_loses_nothing),
        cmocka_unit_test(an_evaluation_can_be_had_at_any_time),
        cmocka_unit_test(a_restarted_run_repeats_its_losses),
        cmocka_unit_test(a_learning_rate_holds_from_the_next_step_and_is_recorded),
        cmocka_unit_test(a_learning_rate_without_sense_is_ignored),
        cmocka_unit_test(pauses_and_learning_rates_are_recorded_as_events),
        cmocka_unit_test(the_time_left_includes_evaluations),
        cmocka_unit_test(a_stopped_run_says_so_and_does_nothing_more),
        cmocka_unit_test(each_epoch_is_evaluated_and_the_end_tested),
        cmocka_unit_test(a_finished_run_still_takes_commands),
        cmocka_unit_test(an_old_snapshot_does_not_change),
        cmocka_unit_test(numbers_of_snapshots_rise),
        cmocka_unit_test(settings_without_sense_are_refused),
        cmocka_unit_test(missing_data_are_reported_with_their_path),
        cmocka_unit_test(a_batch_larger_than_the_data_is_reported),
        cmocka_unit_test(a_loss_that_is_no_number_pauses_the_run),
        cmocka_unit_test(a_model_that_memory_is_short_for_leaves_the_other_training),
        cmocka_unit_test(data_too_few_to_split_are_reported_with_their_path),
        cmocka_unit_test(the_descriptor_is_readable_while_something_is_new),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
