// SPDX-License-Identifier: MIT
/* The checkpoints of a run that trains faster than is written: the best is among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "excerpt.h"
#include "recording.h"
#include "staged_run.h"
#include "watch.h"

enum { EPOCHS = 8, MANY_EPOCHS = 60, PATH_SIZE = 512 };

static struct recording start(const struct folders *folders, size_t epochs, size_t keep)
{
    struct trainer_settings settings = excerpt_settings("lenet", folders->data);
    struct run_recorder_settings recorder = {.keep = keep};
    settings.epochs = epochs;
    settings.save_seconds = 1e9;
    return recording_start(folders->store, &settings, recorder, 0);
}

/* The place of the first run's best checkpoint; `count` where there is none. */
static size_t best_of(const struct run_checkpoint *checkpoints, size_t count)
{
    for (size_t place = count; place > 0; place--)
        if (checkpoints[place - 1].best)
            return place - 1;
    return count;
}

static void expect_best_is_first_of_the_highest(struct store *store)
{
    struct run_row row;
    struct run_checkpoint *checkpoints;
    struct history_counts counts = {0};
    struct history *history = history_create(NULL);
    size_t count, highest = 0;
    assert_true(store_find_run(store, "1", &row, NULL));
    assert_true(store_list_checkpoints(store, 1, &checkpoints, &count, NULL));
    assert_true(store_read_history(store, 1, UINT64_MAX, history, &counts, NULL));
    for (size_t epoch = 1; epoch < counts.epochs; epoch++)
        if (history_epoch(history, epoch)->accuracy > history_epoch(history, highest)->accuracy)
            highest = epoch;
    size_t best = best_of(checkpoints, count);
    assert_true(best < count);
    assert_int_equal(checkpoints[best].step, history_epoch(history, highest)->step);
    assert_true((float)checkpoints[best].accuracy == history_epoch(history, highest)->accuracy);
    assert_int_equal(row.best_epoch, highest + 1);
    assert_int_equal(checkpoints[count - 1].step, row.step);
    history_release(history);
    free(checkpoints);
}

static void the_best_is_the_first_epoch_of_the_highest_accuracy(void **state)
{
    struct recording recording = start(*state, MANY_EPOCHS, 0);
    trainer_reach(recording.trainer, (uint64_t)MANY_EPOCHS / 2 * EXCERPT_EPOCH);
    watch_until(recording.trainer, TRAINER_PAUSED);
    trainer_set_learning_rate(recording.trainer, 1); /* from here on it can but get worse */
    trainer_resume(recording.trainer);
    watch_until(recording.trainer, TRAINER_FINISHED);
    assert_true(recording_stop(&recording, false, NULL));
    expect_best_is_first_of_the_highest(recording.store);
    store_close(recording.store);
}

static void each_epoch_is_saved(void **state)
{
    struct run_checkpoint *checkpoints;
    size_t count;
    struct recording recording = start(*state, EPOCHS, EPOCHS);
    watch_until(recording.trainer, TRAINER_FINISHED);
    assert_true(recording_stop(&recording, false, NULL));
    assert_true(store_list_checkpoints(recording.store, 1, &checkpoints, &count, NULL));
    assert_int_equal(count, EPOCHS);
    for (size_t place = 0; place < count; place++)
        assert_int_equal(checkpoints[place].step, (place + 1) * EXCERPT_EPOCH);
    expect_best_is_first_of_the_highest(recording.store);
    free(checkpoints);
    store_close(recording.store);
}

static bool has_saves(const struct snapshot *snapshot, const void *context)
{
    return watch_active(snapshot)->record.saves >= *(const size_t *)context;
}

static void the_best_within_an_epoch_is_saved(void **state)
{
    const uint64_t step = EXCERPT_EPOCH / 2;
    const size_t saves = 2;
    struct run_checkpoint *checkpoints;
    size_t count;
    struct recording recording = start(*state, EPOCHS, 0);
    trainer_reach(recording.trainer, step);
    watch_until(recording.trainer, TRAINER_PAUSED);
    recording_watch_saved(&recording, step);
    trainer_evaluate(recording.trainer);
    snapshot_release(watch_for(recording.trainer, has_saves, &saves));
    assert_true(recording_stop(&recording, false, NULL));
    assert_true(store_list_checkpoints(recording.store, 1, &checkpoints, &count, NULL));
    assert_int_equal(count, 1);
    assert_int_equal(checkpoints[0].step, step);
    assert_true(checkpoints[0].best);
    assert_true(checkpoints[0].accuracy > 0);
    free(checkpoints);
    store_close(recording.store);
}

static bool has_failed(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->record.failure.code != ERROR_NONE;
}

/* Puts a link to nowhere in place of the run's folder, or takes it away again. */
static void hide(const struct folders *folders, bool hidden)
{
    char folder[PATH_SIZE], aside[PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s/checkpoints/1", folders->store);
    (void)snprintf(aside, sizeof aside, "%s/checkpoints/aside", folders->store);
    if (hidden) {
        assert_int_equal(rename(folder, aside), 0);
        assert_int_equal(symlink("nowhere", folder), 0);
    } else {
        assert_int_equal(unlink(folder), 0);
        assert_int_equal(rename(aside, folder), 0);
    }
}

static void a_best_one_that_failed_is_written_beside_the_next(void **state)
{
    struct run_checkpoint *checkpoints;
    size_t count;
    struct recording recording = start(*state, EPOCHS, 0);
    trainer_reach(recording.trainer, 2);
    watch_until(recording.trainer, TRAINER_PAUSED);
    recording_watch_saved(&recording, 2);
    hide(*state, true);
    trainer_reach(recording.trainer, EXCERPT_EPOCH);
    snapshot_release(watch_for(recording.trainer, has_failed, NULL));
    hide(*state, false);
    trainer_step(recording.trainer);
    snapshot_release(watch_for_step(recording.trainer, EXCERPT_EPOCH + 1));
    trainer_save_checkpoint(recording.trainer);
    recording_watch_saved(&recording, EXCERPT_EPOCH + 1);
    assert_true(recording_stop(&recording, false, NULL));
    assert_true(store_list_checkpoints(recording.store, 1, &checkpoints, &count, NULL));
    assert_int_equal(count, 2);
    assert_int_equal(best_of(checkpoints, count), 0);
    assert_int_equal(checkpoints[0].step, EXCERPT_EPOCH);
    assert_int_equal(checkpoints[1].step, EXCERPT_EPOCH + 1);
    free(checkpoints);
    store_close(recording.store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folders_setup, folders_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_best_is_the_first_epoch_of_the_highest_accuracy),
        TEST(each_epoch_is_saved),
        TEST(the_best_within_an_epoch_is_saved),
        TEST(a_best_one_that_failed_is_written_beside_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
