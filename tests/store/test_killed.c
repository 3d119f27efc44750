// SPDX-License-Identifier: MIT
/* A program that records a run is killed at random moments, again and again: the store is whole
 * each time, and the run goes on. $FMNIST_KILLS is how often. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"
#include "excerpt.h"
#include "recording.h"
#include "staged_run.h"
#include "store/database.h"
#include "watch.h"

enum { KILLS = 12, LONGEST_MICROSECONDS = 250 * 1000, PATH_SIZE = 512 };

static bool is_recorded(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->record.run[0];
}

/* Trains until it is killed; tells on the pipe when it has begun, or only when it is `recorded`. */
static void train(const char *data, const char *folder, int64_t run, bool recorded, int begun)
{
    struct trainer_settings settings = excerpt_settings("lenet", data);
    struct run_recorder_settings recorder = {.keep = 2};
    settings.epochs = TRAINER_EPOCHS_MAX;
    settings.save_seconds = 0.05;
    struct recording recording = recording_start(folder, &settings, recorder, run);
    if (recorded)
        snapshot_release(watch_for(recording.trainer, is_recorded, NULL));
    if (write(begun, "x", 1) != 1)
        _exit(EXIT_FAILURE);
    for (;;)
        (void)pause();
}

/* Runs it and kills it some time after it has begun. */
static void train_and_kill(const char *data, const char *folder, int64_t run, bool recorded,
                           uint32_t microseconds)
{
    int begun[2], status;
    char byte;
    const struct timespec moment = {.tv_nsec = (long)microseconds * 1000};
    assert_int_equal(pipe(begun), 0);
    pid_t child = fork();
    if (child == 0)
        train(data, folder, run, recorded, begun[1]);
    assert_true(child > 0);
    (void)close(begun[1]);
    assert_int_equal(read(begun[0], &byte, 1), 1);
    (void)close(begun[0]);
    (void)nanosleep(&moment, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static void assert_whole(const char *folder)
{
    char path[PATH_SIZE];
    struct database database;
    struct error err = {0};
    int64_t good = 0;
    (void)snprintf(path, sizeof path, "%s/runs.db", folder);
    if (!database_open(&database, path, DATABASE_WRITE, &err) ||
        !database_ask(&database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check", &good,
                      &err))
        fail_msg("%s", err.message);
    assert_int_equal(good, 1);
    assert_true(
        database_ask(&database, "SELECT count(*) FROM pragma_foreign_key_check", &good, NULL));
    assert_int_equal(good, 0);
    database_close(&database);
}

/* The run to go on with, after all that is known of it has been read; 0 where none has a checkpoint
 * yet. */
static int64_t assert_resumable(const char *folder, uint64_t *step)
{
    struct error err = {0};
    struct run_row row;
    struct learner_past past;
    struct store *store = staged_store(folder, STORE_READ);
    int64_t run = 0;
    if (store_find_run(store, NULL, &row, NULL)) {
        assert_false(row.live);
        assert_int_equal(row.state, RUN_STATE_INTERRUPTED);
    } else {
        row.checkpoints = 0;
    }
    if (row.checkpoints > 0) {
        if (!store_read_past(store, row.id, &past, NULL, &err))
            fail_msg("%s", err.message);
        assert_true(past.checkpoint->place.step >= *step);
        assert_int_equal(past.step_points, past.checkpoint->place.step);
        *step = past.checkpoint->place.step;
        learner_past_release(&past);
        run = row.id;
    }
    store_close(store);
    return run;
}

static void a_killed_recorder_leaves_a_whole_store(void **state)
{
    const char *wanted = getenv("FMNIST_KILLS");
    long kills = wanted ? strtol(wanted, NULL, 10) : KILLS;
    char *folder = staged_folder();
    struct random random;
    uint64_t step = 0;
    int64_t run = 0;
    random_init(&random, (uint64_t)time(NULL), RANDOM_TEST, 0);
    for (long round = 0; round < kills; round++) {
        uint32_t moment = random_below(&random, LONGEST_MICROSECONDS);
        train_and_kill(*state, folder, run, round % 4 > 0, moment);
        assert_whole(folder);
        run = assert_resumable(folder, &step);
    }
    print_message("after %ld kills: run %lld, step %llu\n", kills, (long long)run,
                  (unsigned long long)step);
    assert_true(step > 0);
    staged_folder_remove(folder);
}

static size_t interruptions(struct store *store, int64_t run)
{
    struct run_event *events;
    size_t count, found = 0;
    assert_true(store_list_events(store, run, &events, &count, NULL));
    for (size_t place = 0; place < count; place++)
        found += strcmp(events[place].kind, RUN_EVENT_INTERRUPTED) == 0;
    free(events);
    return found;
}

/* A recorder that begins another run, or goes on with the dead one, tells. */
static void a_death_is_recorded_once(void **state)
{
    char *folder = staged_folder();
    for (int64_t run = 1; run <= 2; run++)
        train_and_kill(*state, folder, 0, true, 1);
    struct store *store = staged_store(folder, STORE_WRITE);
    assert_int_equal(interruptions(store, 1), 1);
    assert_int_equal(interruptions(store, 2), 0);
    for (int times = 0; times < 2; times++) {
        assert_true(store_end_dead_runs(store, NULL));
        assert_int_equal(interruptions(store, 1), 1);
        assert_int_equal(interruptions(store, 2), 1);
    }
    struct run_row row;
    assert_true(store_find_run(store, "2", &row, NULL));
    assert_int_equal(row.state, RUN_STATE_INTERRUPTED);
    assert_true(row.ended_at == row.updated_at);
    store_close(store);
    staged_folder_remove(folder);
}

static void a_living_run_is_left_alone(void **state)
{
    char *folder = staged_folder();
    struct trainer_settings settings = excerpt_settings("lenet", *state);
    settings.epochs = TRAINER_EPOCHS_MAX;
    struct recording recording =
        recording_start(folder, &settings, (struct run_recorder_settings){0}, 0);
    snapshot_release(watch_for(recording.trainer, is_recorded, NULL));
    assert_true(store_end_dead_runs(recording.store, NULL));
    assert_int_equal(interruptions(recording.store, 1), 0);
    recording_end(&recording);
    staged_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_death_is_recorded_once),
        cmocka_unit_test(a_living_run_is_left_alone),
        cmocka_unit_test(a_killed_recorder_leaves_a_whole_store),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
