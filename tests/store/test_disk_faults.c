// SPDX-License-Identifier: MIT
/* Disks that fail under a trainer that is recorded: it waits or tells, goes on when that has
 * passed, and nothing is missing then. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "disk.h"
#include "excerpt.h"
#include "recording.h"
#include "staged_run.h"
#include "watch.h"

enum { PATH_SIZE = 512, NOBODY = 65534 };

static int teardown(void **state)
{
    disk_fail(0, 0);
    (void)seteuid(getuid());
    return folders_teardown(state);
}

static struct recording start(const struct folders *folders)
{
    struct trainer_settings settings = excerpt_settings("lenet", folders->data);
    settings.epochs = TRAINER_EPOCHS_MAX;
    settings.save_seconds = 0.05;
    struct recording recording =
        recording_start(folders->store, &settings, (struct run_recorder_settings){0}, 0);
    recording_watch_saved(&recording, 1);
    return recording;
}

/* The context is a part of the message. */
static bool waits_for(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_WAITING && strstr(snapshot->failure.message, context);
}

static bool trains(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_TRAINING &&
           watch_active(snapshot)->step > *(const uint64_t *)context;
}

static bool has_failed(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->record.failure.code != ERROR_NONE;
}

static bool has_recovered(const struct snapshot *snapshot, const void *context)
{
    return !has_failed(snapshot, NULL) &&
           watch_active(snapshot)->record.saved_step > *(const uint64_t *)context;
}

static uint64_t step_when(const struct recording *recording, watch_condition condition,
                          const void *context)
{
    const struct snapshot *snapshot = watch_for(recording->trainer, condition, context);
    uint64_t step = watch_active(snapshot)->step;
    snapshot_release(snapshot);
    return step;
}

/* How many events of that kind the run has. */
static size_t events_of(struct store *store, const char *kind)
{
    struct run_event *events;
    size_t count, found = 0;
    assert_true(store_list_events(store, 1, &events, &count, NULL));
    for (size_t place = 0; place < count; place++)
        found += strcmp(events[place].kind, kind) == 0;
    free(events);
    return found;
}

/* All steps, all evaluations and a last checkpoint that loads are there. */
static void expect_all(const char *folder, uint64_t step)
{
    struct learner_past past;
    struct run_row row;
    struct run_evaluation *evaluations;
    struct history_counts counts = {0};
    struct error err = {0}, warning = {0};
    size_t count;
    struct history *history = history_create(NULL);
    struct store *store = staged_store(folder, STORE_READ);
    assert_true(store_find_run(store, NULL, &row, NULL));
    assert_true(row.step > step);
    assert_int_equal(row.saved_step, row.step);
    assert_true(store_read_history(store, row.id, UINT64_MAX, history, &counts, NULL));
    assert_int_equal(counts.steps, row.step);
    assert_int_equal(counts.epochs, row.step / EXCERPT_EPOCH);
    assert_true(store_list_evaluations(store, row.id, &evaluations, &count, NULL));
    assert_int_equal(count, counts.epochs);
    if (!store_read_past(store, row.id, &past, &warning, &err))
        fail_msg("%s", err.message);
    assert_int_equal(warning.code, ERROR_NONE);
    assert_int_equal(past.checkpoint->place.step, row.step);
    learner_past_release(&past);
    free(evaluations);
    history_release(history);
    store_close(store);
}

/* Ends the run between two epochs, so that each one has its evaluation. */
static void end_and_expect_all(struct recording *recording, const char *folder, uint64_t step)
{
    trainer_end_epoch(recording->trainer);
    watch_until(recording->trainer, TRAINER_PAUSED);
    recording_end(recording);
    expect_all(folder, step);
}

/* The training waits, for as long as the calls fail. */
static void check_waiting(const struct folders *folders, unsigned calls, int reason)
{
    struct recording recording = start(folders);
    disk_fail(calls, reason);
    uint64_t step = step_when(&recording, waits_for, strerror(reason));
    disk_fail(0, 0);
    (void)step_when(&recording, trains, &step);
    end_and_expect_all(&recording, folders->store, step);
}

static void training_waits_while_the_disk_is_read_only(void **state)
{
    check_waiting(*state, DISK_WRITE | DISK_OPEN, EROFS);
}

static void training_waits_while_the_disk_has_errors(void **state)
{
    check_waiting(*state, DISK_WRITE, EIO);
}

/* What fails is told, once in the store, and the checkpoint before is intact. */
static void check_telling(const struct folders *folders, unsigned calls, int reason)
{
    struct recording recording = start(folders);
    disk_fail(calls, reason);
    uint64_t step = step_when(&recording, has_failed, NULL);
    struct store *store = staged_store(folders->store, STORE_READ);
    struct learner_past past;
    struct error warning = {0};
    assert_true(store_read_past(store, 1, &past, &warning, NULL));
    assert_int_equal(warning.code, ERROR_NONE);
    learner_past_release(&past);
    store_close(store);
    (void)step_when(&recording, trains, &step);
    disk_fail(0, 0);
    (void)step_when(&recording, has_recovered, &step);
    assert_int_equal(events_of(recording.store, "unsaved"), 1);
    end_and_expect_all(&recording, folders->store, step);
}

static void a_disk_that_loses_what_was_written_is_told(void **state)
{
    check_telling(*state, DISK_SYNC, EIO);
}

static void permissions_that_were_taken_away_are_told(void **state)
{
    check_telling(*state, DISK_OPEN, EACCES);
}

static void a_program_that_ends_before_the_disk_recovers_fails(void **state)
{
    const struct folders *folders = *state;
    struct error err = {0};
    struct recording recording = start(folders);
    disk_fail(DISK_SYNC, EIO);
    (void)step_when(&recording, has_failed, NULL);
    assert_false(recording_stop(&recording, false, &err));
    if (!strstr(err.message, "cannot bring it to the disk"))
        fail_msg("%s", err.message);
    store_close(recording.store);
}

static void training_waits_while_the_store_is_moved_away(void **state)
{
    const struct folders *folders = *state;
    char path[PATH_SIZE], aside[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/runs.db", folders->store);
    (void)snprintf(aside, sizeof aside, "%s/aside", folders->store);
    struct recording recording = start(folders);
    assert_int_equal(rename(path, aside), 0);
    uint64_t step = step_when(&recording, waits_for, " was moved or removed");
    assert_int_equal(rename(aside, path), 0);
    (void)step_when(&recording, trains, &step);
    end_and_expect_all(&recording, folders->store, step);
}

/* Goes on as somebody whom permissions keep out, with both folders. */
static void be_somebody(const struct folders *folders)
{
    if (geteuid() != 0)
        return;
    assert_int_equal(chown(folders->data, NOBODY, (gid_t)-1), 0);
    assert_int_equal(chown(folders->store, NOBODY, (gid_t)-1), 0);
    assert_int_equal(seteuid(NOBODY), 0);
}

static void training_waits_while_the_folder_is_closed_to_it(void **state)
{
    const struct folders *folders = *state;
    be_somebody(folders);
    struct recording recording = start(folders);
    assert_int_equal(chmod(folders->store, 0), 0);
    uint64_t step = step_when(&recording, waits_for, strerror(EACCES));
    assert_int_equal(chmod(folders->store, S_IRWXU), 0);
    (void)step_when(&recording, trains, &step);
    end_and_expect_all(&recording, folders->store, step);
}

static void a_store_that_was_removed_is_a_failure(void **state)
{
    const struct folders *folders = *state;
    char path[PATH_SIZE];
    struct error err = {0};
    (void)snprintf(path, sizeof path, "%s/runs.db", folders->store);
    struct recording recording = start(folders);
    assert_int_equal(unlink(path), 0);
    (void)step_when(&recording, waits_for, " was moved or removed");
    assert_false(recording_stop(&recording, false, &err));
    if (!strstr(err.message, "was moved or removed"))
        fail_msg("%s", err.message);
    store_close(recording.store);
}

static void a_run_lives_on_without_the_folder_of_its_checkpoints(void **state)
{
    const struct folders *folders = *state;
    char path[PATH_SIZE];
    struct run_row row;
    (void)snprintf(path, sizeof path, "%s/checkpoints/1/lock", folders->store);
    struct recording recording = start(folders);
    assert_int_equal(unlink(path), 0);
    uint64_t step = step_when(&recording, trains, &(uint64_t){0});
    recording_watch_saved(&recording, step + 1);
    assert_true(store_find_run(recording.store, "1", &row, NULL));
    assert_true(row.live);
    recording_end(&recording);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folders_setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(training_waits_while_the_disk_is_read_only),
        TEST(training_waits_while_the_disk_has_errors),
        TEST(a_disk_that_loses_what_was_written_is_told),
        TEST(permissions_that_were_taken_away_are_told),
        TEST(a_program_that_ends_before_the_disk_recovers_fails),
        TEST(training_waits_while_the_store_is_moved_away),
        TEST(training_waits_while_the_folder_is_closed_to_it),
        TEST(a_store_that_was_removed_is_a_failure),
        TEST(a_run_lives_on_without_the_folder_of_its_checkpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
