// SPDX-License-Identifier: MIT
/* Training waits where the disk is full, and goes on when there is room. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/mount.h>
#endif

#include <cmocka.h>

#include "excerpt.h"
#include "recording.h"
#include "staged_run.h"
#include "watch.h"

enum { PATH_SIZE = 512, PIECE = 4096, FILE_LIMIT = 64 << 10 };

static struct recording start(const char *data, const char *folder)
{
    struct trainer_settings settings = excerpt_settings("lenet", data);
    struct run_recorder_settings recorder = {0};
    settings.epochs = TRAINER_EPOCHS_MAX;
    settings.save_seconds = 0.05;
    struct recording recording = recording_start(folder, &settings, recorder, 0);
    recording_watch_saved(&recording, 1);
    return recording;
}

static bool is_waiting(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->state == TRAINER_WAITING && strstr(snapshot->failure.message, "no room in ");
}

static bool trains(const struct snapshot *snapshot, const void *context)
{
    return snapshot->state == TRAINER_TRAINING &&
           watch_active(snapshot)->step > *(const uint64_t *)context;
}

/* Waits until the training waits for room; the step where it does. */
static uint64_t watch_for_wait(const struct recording *recording)
{
    const struct snapshot *snapshot = watch_for(recording->trainer, is_waiting, NULL);
    uint64_t step = watch_active(snapshot)->step;
    assert_non_null(strstr(snapshot->failure.message, ": training waits; free some space"));
    snapshot_release(snapshot);
    return step;
}

/* Waits until it goes on from there, and ends it. */
static void watch_and_end(struct recording *recording, uint64_t step)
{
    const struct snapshot *snapshot = watch_for(recording->trainer, trains, &step);
    assert_int_equal(snapshot->failure.code, ERROR_NONE);
    snapshot_release(snapshot);
    recording_end(recording);
}

static void expect_curve(const char *folder, uint64_t step)
{
    struct run_row row;
    struct history_counts counts = {0};
    struct history *history = history_create(NULL);
    struct store *store = staged_store(folder, STORE_READ);
    assert_true(store_find_run(store, NULL, &row, NULL));
    assert_true(row.step > step);
    assert_true(store_read_history(store, row.id, UINT64_MAX, history, &counts, NULL));
    assert_int_equal(counts.steps, row.step); /* nothing is missing in between */
    history_release(history);
    store_close(store);
}

#ifdef __linux__

/* Takes all room that is left. */
static void fill(const char *path)
{
    static const char piece[PIECE];
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_true(descriptor >= 0);
    while (write(descriptor, piece, sizeof piece) > 0)
        continue;
    assert_int_equal(errno, ENOSPC);
    (void)close(descriptor);
}

static void training_waits_for_room_on_a_disk(void **state)
{
    char path[PATH_SIZE];
    char *folder = staged_folder();
    if (mount("tmpfs", folder, "tmpfs", 0, "size=12m") != 0) {
        staged_folder_remove(folder);
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/filler", folder);
    struct recording recording = start(*state, folder);
    fill(path);
    uint64_t step = watch_for_wait(&recording);
    assert_int_equal(unlink(path), 0);
    watch_and_end(&recording, step);
    expect_curve(folder, step);
    assert_int_equal(umount(folder), 0);
    staged_folder_remove(folder);
}

#endif

static void set_limit(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* No file may grow: as good as a disk without room. */
static void training_waits_for_a_limit_to_be_raised(void **state)
{
    char *folder = staged_folder();
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    struct recording recording = start(*state, folder);
    set_limit(FILE_LIMIT);
    uint64_t step = watch_for_wait(&recording);
    set_limit(RLIM_INFINITY);
    watch_and_end(&recording, step);
    expect_curve(folder, step);
    staged_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef __linux__
        cmocka_unit_test(training_waits_for_room_on_a_disk),
#endif
        cmocka_unit_test(training_waits_for_a_limit_to_be_raised),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
