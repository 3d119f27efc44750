// SPDX-License-Identifier: MIT
/* What a trainer did is in the store afterwards, and a run goes on from there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "excerpt.h"
#include "recording.h"
#include "staged_run.h"
#include "watch.h"

enum { EPOCHS = 4, PATH_SIZE = 512 };

static struct trainer_settings settings_of(const struct folders *folders, const char *model)
{
    struct trainer_settings settings = excerpt_settings(model, folders->data);
    settings.epochs = EPOCHS;
    return settings;
}

static struct run_row row_of(const char *folder, const char *run)
{
    struct error err = {0};
    struct run_row row;
    struct store *store = staged_store(folder, STORE_READ);
    if (!store_find_run(store, run, &row, &err))
        fail_msg("%s", err.message);
    store_close(store);
    return row;
}

/* How many events of that kind the run has. */
static size_t events_of(const char *folder, int64_t run, const char *kind)
{
    struct run_event *events;
    size_t count, found = 0;
    struct store *store = staged_store(folder, STORE_READ);
    assert_true(store_list_events(store, run, &events, &count, NULL));
    for (size_t place = 0; place < count; place++)
        found += strcmp(events[place].kind, kind) == 0;
    free(events);
    store_close(store);
    return found;
}

static void assert_recorded(struct store *store, int64_t run,
                            const struct learner_snapshot *learner)
{
    struct history_counts counts = {0};
    struct history *history = history_create(NULL);
    const struct archive *archive;
    const struct evaluation *test;
    assert_true(store_read_history(store, run, UINT64_MAX, history, &counts, NULL));
    assert_int_equal(counts.steps, learner->step_points);
    assert_int_equal(counts.epochs, learner->epoch_points);
    assert_int_equal(counts.events, learner->event_points);
    assert_same_history(history, learner->history, counts);
    assert_true(store_read_archive(store, run, UINT64_MAX, NULL, &archive, NULL));
    assert_int_equal(archive->count, learner->archive->count);
    for (size_t place = 0; place < archive->count; place++)
        assert_same_evaluation(archive->evaluations[place], learner->archive->evaluations[place]);
    assert_true(store_read_test(store, run, UINT64_MAX, &test, NULL));
    assert_true(!test == !learner->test);
    if (test)
        assert_same_evaluation(test, learner->test);
    evaluation_release(test);
    archive_release(archive);
    history_release(history);
}

static void a_finished_run_is_all_there(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {.name = "mine"};
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    const struct snapshot *end = watch_for_state(recording.trainer, TRAINER_FINISHED);
    recording_watch_saved(&recording, EPOCHS * EXCERPT_EPOCH);
    assert_true(row_of(folders->store, "1").live);
    assert_true(recording_stop(&recording, false, NULL));
    struct run_row row = row_of(folders->store, "mine");
    const struct learner_snapshot *learner = watch_active(end);
    assert_int_equal(row.id, 1);
    assert_int_equal(row.state, RUN_STATE_FINISHED);
    assert_false(row.live);
    assert_true(row.ended_at >= row.started_at && row.started_at > 1e9);
    assert_string_equal(row.model, "lenet");
    assert_int_equal(row.step, EPOCHS * EXCERPT_EPOCH);
    assert_true(row.epochs_done == EPOCHS);
    assert_int_equal(row.seed, settings.seed);
    assert_int_equal(row.batch, EXCERPT_BATCH);
    assert_true(row.initial_learning_rate == settings.learning_rate);
    assert_string_equal(row.data_source, folders->data);
    assert_int_equal(strlen(row.data_sha256), 64);
    assert_true(row.test_accuracy == learner->test->accuracy);
    assert_true(row.best_accuracy == learner->best_accuracy);
    assert_int_equal(row.saved_step, row.step);
    assert_recorded(recording.store, 1, learner);
    assert_int_equal(events_of(folders->store, 1, "finished"), 1);
    store_close(recording.store);
    snapshot_release(end);
}

/* The weights of the run's last checkpoint. */
static const struct checkpoint *last_of(const char *folder, int64_t run)
{
    struct learner_past past;
    struct store *store = staged_store(folder, STORE_READ);
    assert_true(store_read_past(store, run, &past, NULL, NULL));
    const struct checkpoint *last = checkpoint_share(past.checkpoint);
    learner_past_release(&past);
    store_close(store);
    return last;
}

static void a_run_that_was_cut_ends_with_the_same_bits(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {0};
    struct recording straight = recording_start(folders->store, &settings, recorder, 0);
    watch_until(straight.trainer, TRAINER_FINISHED);
    recording_end(&straight);
    int64_t run = 0;
    for (uint64_t cut = 7; cut < EPOCHS * EXCERPT_EPOCH; cut += EXCERPT_EPOCH - 4) {
        struct recording part = recording_start(folders->store, &settings, recorder, run);
        run = 2;
        trainer_reach(part.trainer, cut);
        watch_until(part.trainer, TRAINER_PAUSED);
        recording_end(&part);
        assert_int_equal(row_of(folders->store, "2").state, RUN_STATE_STOPPED);
        assert_int_equal(row_of(folders->store, "2").step, cut);
    }
    struct recording rest = recording_start(folders->store, &settings, recorder, run);
    const struct snapshot *end = watch_for_state(rest.trainer, TRAINER_FINISHED);
    assert_true(recording_stop(&rest, false, NULL));
    const struct checkpoint *a = last_of(folders->store, 1), *b = last_of(folders->store, 2);
    assert_same_checkpoint(a, b);
    assert_recorded(rest.store, 2, watch_active(end));
    assert_int_equal(row_of(folders->store, "2").resumes, events_of(folders->store, 2, "resumed"));
    assert_int_equal(row_of(folders->store, NULL).id, 2);
    checkpoint_release(a);
    checkpoint_release(b);
    snapshot_release(end);
    store_close(rest.store);
}

/* Cuts the file of a checkpoint's weights, which must be there. */
static void damage(const char *folder, int64_t run, uint64_t step)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/checkpoints/%d/step-%09d.safetensors", folder, (int)run,
                   (int)step);
    assert_int_equal(truncate(path, 100), 0);
}

static void expect_no_file(const char *folder, int64_t run, uint64_t step)
{
    static const char *const SUFFIXES[] = {"", ".state"};
    for (size_t number = 0; number < sizeof SUFFIXES / sizeof *SUFFIXES; number++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/checkpoints/%d/step-%09d%s.safetensors", folder,
                       (int)run, (int)step, SUFFIXES[number]);
        assert_int_equal(access(path, F_OK), -1);
    }
}

static void a_run_goes_on_from_the_checkpoint_before_a_damaged_one(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {.keep = 2};
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    for (uint64_t step = 5; step <= 15; step += 10) {
        trainer_reach(recording.trainer, step);
        recording_watch_saved(&recording, step);
    }
    recording_end(&recording);
    damage(folders->store, 1, 15);
    recording = recording_start(folders->store, &settings, recorder, 1);
    const struct snapshot *end = watch_for_state(recording.trainer, TRAINER_FINISHED);
    assert_true(recording_stop(&recording, false, NULL));
    assert_recorded(recording.store, 1, watch_active(end));
    expect_no_file(folders->store, 1, 15);
    snapshot_release(end);
    store_close(recording.store);
}

static bool is_begun(const struct snapshot *snapshot, const void *context)
{
    const struct learner_snapshot *learner = watch_active(snapshot);
    return learner->life == *(const unsigned *)context && learner->step > 0;
}

static void a_restart_begins_another_run(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {0};
    settings.epochs = TRAINER_EPOCHS_MAX;
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    for (unsigned life = 0; life < 3; life++) {
        snapshot_release(watch_for(recording.trainer, is_begun, &life));
        if (life < 2)
            trainer_restart(recording.trainer);
    }
    trainer_pause(recording.trainer);
    watch_until(recording.trainer, TRAINER_PAUSED);
    recording_end(&recording);
    for (int64_t run = 1; run <= 3; run++) {
        char text[8];
        (void)snprintf(text, sizeof text, "%d", (int)run);
        struct run_row row = row_of(folders->store, text);
        assert_int_equal(row.state, RUN_STATE_STOPPED);
        assert_true(row.step > 0);
        assert_int_equal(row.saved_step, row.step); /* each was saved before the restart */
        assert_int_equal(events_of(folders->store, run, "restarted"), run < 3);
    }
}

static bool is_second(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->active == 1 && watch_active(snapshot)->record.run[0];
}

static void each_model_has_its_run(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {0};
    settings.epochs = TRAINER_EPOCHS_MAX;
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    const uint64_t begun = 1;
    snapshot_release(watch_for_step(recording.trainer, begun));
    trainer_pause(recording.trainer);
    recording_watch_saved(&recording, begun);
    trainer_switch(recording.trainer, network_spec_at(1));
    const struct snapshot *snapshot = watch_for(recording.trainer, is_second, NULL);
    assert_string_equal(watch_active(snapshot)->record.run, "2");
    assert_string_equal(snapshot->learners[0].record.run, "1");
    snapshot_release(snapshot);
    assert_true(recording_stop(&recording, true, NULL));
    store_close(recording.store);
    assert_string_equal(row_of(folders->store, "1").model, network_spec_name(network_spec_at(0)));
    assert_string_equal(row_of(folders->store, "2").model, network_spec_name(network_spec_at(1)));
    assert_int_equal(row_of(folders->store, "1").state, RUN_STATE_INTERRUPTED);
    assert_int_equal(events_of(folders->store, 1, "switched"), 1);
    assert_int_equal(events_of(folders->store, 1, "paused"), 1);
}

static void another_program_can_steer_a_run(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {0};
    struct error err = {0};
    settings.epochs = TRAINER_EPOCHS_MAX;
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    recording_watch_saved(&recording, 1);
    struct store *other = staged_store(folders->store, STORE_WRITE);
    if (!store_send_command(other, 1, &(struct run_command){.kind = RUN_PAUSE}, &err))
        fail_msg("%s", err.message);
    watch_until(recording.trainer, TRAINER_PAUSED);
    store_close(other);
    recording_end(&recording);
}

static bool has_failed(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->record.failure.code != ERROR_NONE;
}

static void a_checkpoint_that_cannot_be_written_is_told(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {0};
    struct error err = {0};
    char folder[PATH_SIZE], aside[PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s/checkpoints/1", folders->store);
    (void)snprintf(aside, sizeof aside, "%s/checkpoints/aside", folders->store);
    settings.epochs = TRAINER_EPOCHS_MAX;
    settings.save_seconds = 1e9;
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    trainer_pause(recording.trainer);
    const struct snapshot *paused = watch_for_state(recording.trainer, TRAINER_PAUSED);
    uint64_t next = watch_active(paused)->step + 1;
    snapshot_release(paused);
    recording_watch_saved(&recording, next - 1);
    assert_int_equal(rename(folder, aside), 0); /* with the checkpoint and the lock */
    assert_int_equal(symlink("nowhere", folder), 0);
    trainer_step(recording.trainer);
    snapshot_release(watch_for_step(recording.trainer, next));
    trainer_save_checkpoint(recording.trainer);
    const struct snapshot *snapshot = watch_for(recording.trainer, has_failed, NULL);
    assert_int_equal(snapshot->state, TRAINER_PAUSED);
    snapshot_release(snapshot);
    assert_false(recording_stop(&recording, false, &err));
    if (!strstr(err.message, folder))
        fail_msg("%s", err.message);
    assert_int_equal(unlink(folder), 0);
    assert_int_equal(rename(aside, folder), 0);
    assert_true(events_of(folders->store, 1, "unsaved") > 0);
    checkpoint_release(last_of(folders->store, 1)); /* the one before is intact */
    store_close(recording.store);
}

static void a_run_in_other_hands_cannot_be_resumed(void **state)
{
    struct folders *folders = *state;
    struct trainer_settings settings = settings_of(folders, "lenet");
    struct run_recorder_settings recorder = {0};
    struct error err = {0};
    struct recording recording = recording_start(folders->store, &settings, recorder, 0);
    recording_watch_saved(&recording, 1);
    recorder.store = recording.store;
    recorder.resumed[0] = (struct run_resumed){1, 1};
    assert_null(run_recorder_create(&recorder, &err));
    assert_string_equal(err.message, "run 1 is in use by another program");
    recording_end(&recording);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folders_setup, folders_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_finished_run_is_all_there),
        TEST(a_run_that_was_cut_ends_with_the_same_bits),
        TEST(a_run_goes_on_from_the_checkpoint_before_a_damaged_one),
        TEST(a_restart_begins_another_run),
        TEST(each_model_has_its_run),
        TEST(another_program_can_steer_a_run),
        TEST(a_checkpoint_that_cannot_be_written_is_told),
        TEST(a_run_in_other_hands_cannot_be_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
