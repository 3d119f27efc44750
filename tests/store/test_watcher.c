// SPDX-License-Identifier: MIT
/* Stored runs behind the screens: followed while they are trained, and replayed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "excerpt.h"
#include "fmnist/store/run_recorder.h"
#include "fmnist/store/watcher.h"
#include "staged_run.h"
#include "watch.h"

enum { EPOCHS = 3, STEPS = EPOCHS * EXCERPT_EPOCH };

/* A store's folder, and the folder with the data. */
struct fixture {
    char *folder, *data;
};

static int fixture_setup(void **state)
{
    static struct fixture fixture; /* the tests of a program come one after the other */
    fixture = (struct fixture){staged_folder(), excerpt_create()};
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    staged_folder_remove(fixture->folder);
    excerpt_remove(fixture->data);
    return 0;
}

/* A training that is recorded. */
struct recorded {
    struct store *store;
    struct run_recorder *recorder;
    struct trainer *trainer;
};

static struct recorded start_training(const struct fixture *fixture, const char *model,
                                      size_t epochs)
{
    struct error err = {0};
    struct recorded recorded = {.store = staged_store(fixture->folder, STORE_WRITE)};
    struct run_recorder_settings settings = {.store = recorded.store, .keep = 4};
    recorded.recorder = run_recorder_create(&settings, &err);
    if (!recorded.recorder)
        fail_msg("%s", err.message);
    struct trainer_settings trainer = excerpt_settings(model, fixture->data);
    trainer.epochs = epochs;
    trainer.recorder = run_recorder_interface(recorded.recorder);
    recorded.trainer = trainer_create(&trainer, &err);
    if (!recorded.trainer)
        fail_msg("%s", err.message);
    struct session session = trainer_session(recorded.trainer);
    run_recorder_connect(recorded.recorder, &session);
    return recorded;
}

static void end_training(struct recorded *recorded)
{
    struct error err = {0};
    run_recorder_connect(recorded->recorder, NULL);
    trainer_destroy(recorded->trainer);
    if (!run_recorder_finish(recorded->recorder, false, NULL, &err))
        fail_msg("%s", err.message);
    store_close(recorded->store);
}

/* Trains a run to its end; the last snapshot, whose data set is gone. */
static void make_run(const struct fixture *fixture, const char *model)
{
    struct recorded recorded = start_training(fixture, model, EPOCHS);
    watch_until(recorded.trainer, TRAINER_FINISHED);
    end_training(&recorded);
}

static struct watcher *open_watcher(const struct fixture *fixture, int64_t run, int64_t other)
{
    struct error err = {0};
    const struct watcher_settings settings = {.store = fixture->folder, .run = run, .other = other};
    struct watcher *watcher = watcher_create(&settings, &err);
    if (!watcher)
        fail_msg("%s", err.message);
    return watcher;
}

/* The first snapshot that meets a condition; fails where none does. */
static const struct snapshot *await(struct watcher *watcher, watch_condition condition,
                                    const void *context)
{
    struct session session = watcher_session(watcher);
    double deadline = clock_seconds() + WATCH_SECONDS;
    for (;;) {
        session_acknowledge(session);
        const struct snapshot *snapshot = session_snapshot(session);
        if (condition(snapshot, context))
            return snapshot;
        struct pollfd polled = {.fd = session_descriptor(session), .events = POLLIN};
        double left = deadline - clock_seconds();
        if (left <= 0 || poll(&polled, 1, (int)(left * 1000) + 1) == 0)
            fail_msg("state %d, step %llu, %s", snapshot->state,
                     (unsigned long long)watch_active(snapshot)->step, snapshot->failure.message);
        snapshot_release(snapshot);
    }
}

static bool is_in_state(const struct snapshot *snapshot, const void *context)
{
    const enum trainer_state *state = context;
    return snapshot->state == *state;
}

static const struct snapshot *await_state(struct watcher *watcher, enum trainer_state state)
{
    return await(watcher, is_in_state, &state);
}

static bool is_at_step(const struct snapshot *snapshot, const void *context)
{
    const uint64_t *step = context;
    return snapshot->state == TRAINER_PAUSED && watch_active(snapshot)->step == *step;
}

static const struct snapshot *await_step(struct watcher *watcher, uint64_t step)
{
    return await(watcher, is_at_step, &step);
}

static bool is_run(const struct snapshot *snapshot, const void *context)
{
    return strcmp(watch_active(snapshot)->record.run, context) == 0;
}

static bool has_notice(const struct snapshot *snapshot, const void *context)
{
    return strstr(snapshot->failure.message, context);
}

static void await_notice(struct watcher *watcher, const char *text)
{
    snapshot_release(await(watcher, has_notice, text));
}

static void send(struct watcher *watcher, enum run_command_kind kind, uint64_t number)
{
    assert_true(session_send(watcher_session(watcher),
                             (struct run_command){.kind = kind, .number = number}));
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-5 * (fabs(a) + fabs(b))))
        fail_msg("%g is not %g", a, b);
}

static void an_ended_run_is_shown_as_it_ended(void **state)
{
    const struct fixture *fixture = *state;
    struct recorded recorded = start_training(fixture, "lenet", EPOCHS);
    const struct snapshot *last = watch_for_state(recorded.trainer, TRAINER_FINISHED);
    const struct learner_snapshot *trained = watch_active(last);
    end_training(&recorded);
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    const struct snapshot *snapshot = await_state(watcher, TRAINER_FINISHED);
    const struct learner_snapshot *learner = watch_active(snapshot);
    assert_int_equal(snapshot->origin, SNAPSHOT_REPLAYED);
    assert_string_equal(learner->record.run, "1");
    assert_string_equal(learner->name, "lenet");
    assert_true(learner->finished);
    assert_int_equal(learner->step, STEPS);
    assert_int_equal(learner->epoch, trained->epoch);
    assert_int_equal(learner->epoch_step, trained->epoch_step);
    assert_int_equal(learner->steps_per_epoch, EXCERPT_EPOCH);
    assert_int_equal(learner->weight_count, trained->weight_count);
    assert_near(learner->train_loss, trained->train_loss);
    assert_near(learner->best_accuracy, trained->best_accuracy);
    assert_int_equal(learner->best_epoch, trained->best_epoch);
    assert_int_equal(snapshot->train_count, last->train_count);
    assert_int_equal(snapshot->validation_count, last->validation_count);
    assert_string_equal(dataset_source(snapshot->dataset), fixture->data);
    struct history_counts counts = {learner->step_points, learner->epoch_points,
                                    learner->event_points};
    assert_int_equal(counts.steps, STEPS);
    assert_int_equal(counts.epochs, EPOCHS);
    assert_same_history(learner->history, trained->history, counts);
    assert_int_equal(learner->archive->count, trained->archive->count);
    for (size_t index = 0; index < learner->archive->count; index++)
        assert_same_evaluation(learner->archive->evaluations[index],
                               trained->archive->evaluations[index]);
    assert_same_evaluation(learner->test, trained->test);
    assert_non_null(learner->anatomy);
    snapshot_release(snapshot);
    snapshot_release(last);
    watcher_destroy(watcher);
}

/* What the trainer said after some step, for comparison. */
static const struct snapshot *train_to(struct trainer *trainer, uint64_t step)
{
    trainer_reach(trainer, step);
    const struct snapshot *snapshot = watch_for_step(trainer, step);
    while (snapshot->state != TRAINER_PAUSED) {
        uint64_t number = snapshot->number;
        snapshot_release(snapshot);
        snapshot = watch_for_newer(trainer, number);
    }
    assert_int_equal(watch_active(snapshot)->step, step);
    return snapshot;
}

static void a_replay_shows_what_was_known_after_each_step(void **state)
{
    const struct fixture *fixture = *state;
    static const uint64_t AT[] = {1, 10, EXCERPT_EPOCH, EXCERPT_EPOCH + 5, 2 * EXCERPT_EPOCH + 1};
    enum { COUNT = sizeof AT / sizeof *AT };
    const struct snapshot *known[COUNT];
    struct recorded recorded = start_training(fixture, "lenet", EPOCHS);
    for (size_t index = 0; index < COUNT; index++)
        known[index] = train_to(recorded.trainer, AT[index]);
    trainer_set_learning_rate(recorded.trainer, 0.002);
    trainer_resume(recorded.trainer);
    watch_until(recorded.trainer, TRAINER_FINISHED);
    end_training(&recorded);
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    snapshot_release(await_state(watcher, TRAINER_FINISHED));
    for (size_t index = COUNT; index-- > 0;) { /* backwards */
        send(watcher, RUN_REACH, AT[index]);
        const struct snapshot *snapshot = await_step(watcher, AT[index]);
        const struct learner_snapshot *then = watch_active(known[index]),
                                      *now = watch_active(snapshot);
        assert_int_equal(now->epoch, then->epoch);
        assert_int_equal(now->epoch_step, then->epoch_step);
        assert_int_equal(now->step_points, then->step_points);
        assert_int_equal(now->epoch_points, then->epoch_points);
        assert_near(now->train_loss, then->train_loss);
        assert_near(now->train_accuracy, then->train_accuracy);
        assert_near(now->best_accuracy, then->best_accuracy);
        assert_int_equal(now->best_epoch, then->best_epoch);
        assert_near(now->learning_rate, AT[index] == AT[COUNT - 1] ? 0.002 : then->learning_rate);
        assert_null(now->test);
        assert_int_equal(now->validation != NULL, then->validation != NULL);
        if (now->validation)
            assert_same_evaluation(now->validation, then->validation);
        snapshot_release(snapshot);
        snapshot_release(known[index]);
    }
    watcher_destroy(watcher);
}

static void commands_move_through_a_replay(void **state)
{
    const struct fixture *fixture = *state;
    make_run(fixture, "lenet");
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    snapshot_release(await_state(watcher, TRAINER_FINISHED));
    send(watcher, RUN_STEP, 1);
    await_notice(watcher, "this is its last step");
    send(watcher, RUN_RESTART, 0);
    snapshot_release(await_step(watcher, 0));
    send(watcher, RUN_STEP, 1);
    snapshot_release(await_step(watcher, 1));
    send(watcher, RUN_END_EPOCH, 0);
    snapshot_release(await_step(watcher, EXCERPT_EPOCH));
    send(watcher, RUN_END_EPOCH, 0);
    snapshot_release(await_step(watcher, 2 * EXCERPT_EPOCH));
    send(watcher, RUN_REACH, STEPS + 1);
    await_notice(watcher, "run 1 ended after step");
    snapshot_release(await_state(watcher, TRAINER_FINISHED));
    send(watcher, RUN_RESUME, 0); /* plays from the start */
    snapshot_release(await_state(watcher, TRAINER_TRAINING));
    send(watcher, RUN_PAUSE, 0);
    const struct snapshot *paused = await_state(watcher, TRAINER_PAUSED);
    assert_true(watch_active(paused)->step < STEPS);
    snapshot_release(paused);
    send(watcher, RUN_REACH, STEPS - 3);
    snapshot_release(await_step(watcher, STEPS - 3));
    send(watcher, RUN_RESUME, 0); /* plays to the end */
    snapshot_release(await_state(watcher, TRAINER_FINISHED));
    send(watcher, RUN_LEARNING_RATE, 0);
    await_notice(watcher, "--resume 1 trains it on");
    watcher_destroy(watcher);
}

static bool has_epochs(const struct snapshot *snapshot, const void *context)
{
    const size_t *count = context;
    return watch_active(snapshot)->epoch_points >= *count;
}

static void a_run_in_training_is_followed(void **state)
{
    const struct fixture *fixture = *state;
    struct recorded recorded = start_training(fixture, "lenet", 100000);
    snapshot_release(watch_for_step(recorded.trainer, 2));
    trainer_save_checkpoint(recorded.trainer);
    struct watcher *watcher = NULL;
    while (!watcher) { /* the recorder may not have begun to write */
        struct run_row row;
        if (store_find_run(recorded.store, NULL, &row, NULL))
            watcher = open_watcher(fixture, row.id, 0);
    }
    for (size_t count = 1; count <= 3; count++) {
        const struct snapshot *snapshot = await(watcher, has_epochs, &count);
        assert_int_equal(snapshot->origin, SNAPSHOT_WATCHED);
        assert_true(watch_active(snapshot)->epoch_points <= watch_active(snapshot)->step);
        snapshot_release(snapshot);
    }
    trainer_pause(recorded.trainer);
    snapshot_release(await_state(watcher, TRAINER_PAUSED));
    send(watcher, RUN_RESUME, 0);
    await_notice(watcher, "only watched");
    end_training(&recorded);
    await_notice(watcher, "run 1 was stopped");
    const struct snapshot *snapshot = await_state(watcher, TRAINER_PAUSED);
    assert_int_equal(snapshot->origin, SNAPSHOT_REPLAYED);
    snapshot_release(snapshot);
    watcher_destroy(watcher);
}

static void ask(struct watcher *watcher, struct observation wish)
{
    assert_true(session_send(watcher_session(watcher),
                             (struct run_command){.kind = RUN_OBSERVE, .observation = wish}));
}

static bool shows_evaluations(const struct snapshot *snapshot, const void *context)
{
    const size_t *count = context;
    const struct archive *archive = watch_active(snapshot)->archive;
    return archive && archive->count == *count;
}

static bool knows_answers(const struct snapshot *snapshot, const void *context)
{
    const uint64_t *step = context;
    const struct evaluation *found = archive_find(watch_active(snapshot)->archive, *step);
    return found && evaluation_answered(found);
}

static void assert_same_figures(const struct evaluation *a, const struct evaluation *b)
{
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->correct, b->correct);
    assert_memory_equal(&a->loss, &b->loss, sizeof a->loss);
    assert_memory_equal(&a->accuracy, &b->accuracy, sizeof a->accuracy);
    assert_memory_equal(a->confusion, b->confusion, sizeof a->confusion);
    assert_memory_equal(a->classes, b->classes, sizeof a->classes);
}

static void answers_of_a_followed_run_are_read_when_asked_for(void **state)
{
    const struct fixture *fixture = *state;
    static const uint64_t FIRST = EXCERPT_EPOCH, LAST = STEPS;
    const size_t count = EPOCHS;
    struct recorded recorded = start_training(fixture, "lenet", 100);
    const struct snapshot *known = train_to(recorded.trainer, STEPS);
    const struct archive *there = watch_active(known)->archive;
    struct watcher *watcher = NULL;
    while (!watcher) { /* the recorder may not have begun to write */
        struct run_row row;
        if (store_find_run(recorded.store, NULL, &row, NULL))
            watcher = open_watcher(fixture, row.id, 0);
    }
    const struct snapshot *snapshot = await(watcher, shows_evaluations, &count);
    const struct learner_snapshot *learner = watch_active(snapshot);
    assert_int_equal(snapshot->origin, SNAPSHOT_WATCHED);
    assert_ptr_equal(learner->validation, learner->archive->evaluations[count - 1]);
    for (size_t place = 0; place < count; place++) {
        assert_false(evaluation_answered(learner->archive->evaluations[place]));
        assert_same_figures(learner->archive->evaluations[place], there->evaluations[place]);
    }
    assert_null(learner->answered);
    snapshot_release(snapshot);
    ask(watcher, (struct observation){.answers = true});
    snapshot = await(watcher, knows_answers, &LAST);
    learner = watch_active(snapshot);
    assert_same_evaluation(learner->validation, there->evaluations[count - 1]);
    assert_ptr_equal(learner->answered, learner->validation);
    assert_false(evaluation_answered(learner->archive->evaluations[0]));
    snapshot_release(snapshot);
    ask(watcher, (struct observation){.answers = true, .answers_step = FIRST});
    snapshot = await(watcher, knows_answers, &FIRST);
    assert_same_evaluation(watch_active(snapshot)->archive->evaluations[0], there->evaluations[0]);
    assert_false(evaluation_answered(watch_active(snapshot)->archive->evaluations[1]));
    snapshot_release(snapshot);
    end_training(&recorded);
    await_notice(watcher, "run 1 was stopped");
    snapshot = await_step(watcher, STEPS);
    for (size_t place = 0; place < count; place++)
        assert_same_evaluation(watch_active(snapshot)->archive->evaluations[place],
                               there->evaluations[place]);
    snapshot_release(snapshot);
    snapshot_release(known);
    watcher_destroy(watcher);
}

enum { LENET_TANH = 1, LENET_SECOND_CONV = 3, IMAGE = 17 };

/* What is to be seen of a step. */
struct look {
    struct observation wish;
    uint64_t step;
};

static bool shows_look(const struct snapshot *snapshot, const void *context)
{
    const struct look *look = context;
    const struct learner_snapshot *learner = watch_active(snapshot);
    if (!look->wish.opened)
        return learner->anatomy && learner->anatomy->idle_images > 0 &&
               learner->anatomy->idle_step == look->step;
    return learner->study && observation_equal(&learner->study->subject, &look->wish) &&
           learner->study->step == look->step;
}

static bool is_blind(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->unseen;
}

static void assert_same_study(const struct study *a, const struct study *b)
{
    assert_memory_equal(&a->maps, &b->maps, sizeof a->maps);
    assert_memory_equal(a->map_pixels, b->map_pixels, shape_size(a->maps));
    assert_memory_equal(&a->low, &b->low, sizeof a->low);
    assert_memory_equal(&a->high, &b->high, sizeof a->high);
    assert_int_equal(a->filters, b->filters);
    assert_memory_equal(a->magnitudes, b->magnitudes, a->filters * sizeof *a->magnitudes);
    assert_memory_equal(a->filter_pixels, b->filter_pixels,
                        a->filters * a->inputs * a->kernel * a->kernel);
}

static bool is_saved(const struct snapshot *snapshot, const void *context)
{
    const uint64_t *step = context;
    const struct learner_record *record = &watch_active(snapshot)->record;
    return record->saved && record->saved_step == *step;
}

/* What the trainer itself sees of its network, after a step whose checkpoint it keeps. */
static const struct snapshot *look_while_training(struct trainer *trainer, uint64_t step,
                                                  const struct observation *wish)
{
    const struct look look = {*wish, step};
    snapshot_release(train_to(trainer, step));
    trainer_save_checkpoint(trainer);
    snapshot_release(watch_for(trainer, is_saved, &step));
    assert_true(trainer_observe(trainer, wish));
    return watch_for(trainer, shows_look, &look);
}

static void layers_are_seen_as_the_trainer_saw_them(void **state)
{
    const struct fixture *fixture = *state;
    static const uint64_t FIRST = 5, SECOND = EXCERPT_EPOCH + 3;
    const struct observation table = {.watched = true};
    const struct observation layer = {
        .watched = true, .opened = true, .layer = LENET_SECOND_CONV, .image = IMAGE};
    struct recorded recorded = start_training(fixture, "lenet", EPOCHS);
    const struct snapshot *idle = look_while_training(recorded.trainer, FIRST, &table);
    const struct snapshot *study = look_while_training(recorded.trainer, SECOND, &layer);
    assert_true(trainer_observe(recorded.trainer, &table)); /* so that the store knows this last */
    snapshot_release(watch_for(recorded.trainer, shows_look, &(struct look){table, SECOND}));
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    ask(watcher, layer);
    const struct snapshot *snapshot = await(watcher, shows_look, &(struct look){layer, SECOND});
    assert_int_equal(snapshot->origin, SNAPSHOT_WATCHED);
    assert_same_study(watch_active(snapshot)->study, watch_active(study)->study);
    snapshot_release(snapshot);
    end_training(&recorded);
    await_notice(watcher, "run 1 was stopped");
    send(watcher, RUN_REACH, FIRST + 1); /* the checkpoint before it is that of FIRST */
    ask(watcher, table);
    snapshot = await(watcher, shows_look, &(struct look){table, FIRST});
    const struct anatomy *then = watch_active(idle)->anatomy,
                         *now = watch_active(snapshot)->anatomy;
    assert_int_equal(now->idle_images, then->idle_images);
    assert_memory_equal(&now->layers[LENET_TANH].idle, &then->layers[LENET_TANH].idle,
                        sizeof(double));
    assert_string_equal(now->layers[LENET_TANH].kind, "tanh");
    assert_null(watch_active(snapshot)->study);
    snapshot_release(snapshot);
    send(watcher, RUN_REACH, FIRST - 1);
    snapshot_release(await(watcher, is_blind, NULL));
    send(watcher, RUN_REACH, SECOND);
    ask(watcher, layer);
    snapshot = await(watcher, shows_look, &(struct look){layer, SECOND});
    assert_false(watch_active(snapshot)->unseen);
    assert_same_study(watch_active(snapshot)->study, watch_active(study)->study);
    snapshot_release(snapshot);
    snapshot_release(study);
    snapshot_release(idle);
    watcher_destroy(watcher);
}

static void weights_that_are_damaged_are_told(void **state)
{
    const struct fixture *fixture = *state;
    char path[1024];
    struct run_checkpoint *checkpoints;
    size_t count;
    make_run(fixture, "lenet");
    struct store *store = staged_store(fixture->folder, STORE_READ);
    assert_true(store_list_checkpoints(store, 1, &checkpoints, &count, NULL));
    assert_true(count > 0);
    assert_true(
        store_checkpoint_path(store, 1, checkpoints[count - 1].stem, path, sizeof path, NULL));
    free(checkpoints);
    store_close(store);
    assert_int_equal(truncate(path, 1000), 0);
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    snapshot_release(await_state(watcher, TRAINER_FINISHED));
    ask(watcher, (struct observation){.watched = true, .opened = true});
    const struct snapshot *snapshot = await(watcher, is_blind, NULL);
    assert_non_null(strstr(snapshot->failure.message, path));
    assert_null(watch_active(snapshot)->study);
    snapshot_release(snapshot);
    watcher_destroy(watcher);
}

static void a_steered_run_obeys(void **state)
{
    const struct fixture *fixture = *state;
    struct error err = {0};
    struct recorded recorded = start_training(fixture, "lenet", 100000);
    const struct watcher_settings settings = {.store = fixture->folder, .run = 1, .steer = true};
    struct watcher *watcher;
    while (!(watcher = watcher_create(&settings, &err)))
        snapshot_release(watch_for_newer(recorded.trainer, 0));
    snapshot_release(await_state(watcher, TRAINER_TRAINING));
    send(watcher, RUN_PAUSE, 0);
    watch_until(recorded.trainer, TRAINER_PAUSED);
    snapshot_release(await_state(watcher, TRAINER_PAUSED));
    send(watcher, RUN_STOP, 0);
    watch_until(recorded.trainer, TRAINER_STOPPED);
    watcher_destroy(watcher);
    end_training(&recorded);
}

static void two_models_are_shown_together(void **state)
{
    const struct fixture *fixture = *state;
    struct error err = {0};
    make_run(fixture, "lenet");
    struct recorded recorded = start_training(fixture, "alexnet", 1);
    snapshot_release(watch_for_step(recorded.trainer, 1));
    end_training(&recorded);
    make_run(fixture, "lenet");
    struct watcher *watcher = open_watcher(fixture, 1, 2);
    const struct snapshot *snapshot = await_state(watcher, TRAINER_FINISHED);
    assert_string_equal(watch_active(snapshot)->record.run, "1");
    assert_true(snapshot->learners[0].started && snapshot->learners[1].started);
    snapshot_release(snapshot);
    assert_true(session_send(watcher_session(watcher),
                             (struct run_command){.kind = RUN_SWITCH, .model = 1}));
    snapshot_release(await(watcher, is_run, "2"));
    watcher_destroy(watcher);
    const struct watcher_settings same = {.store = fixture->folder, .run = 1, .other = 3};
    assert_null(watcher_create(&same, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_non_null(strstr(err.message, "both of LeNet-5"));
}

static void another_run_can_be_opened(void **state)
{
    const struct fixture *fixture = *state;
    make_run(fixture, "lenet");
    make_run(fixture, "lenet");
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    snapshot_release(await(watcher, is_run, "1"));
    send(watcher, RUN_OPEN, 2);
    snapshot_release(await(watcher, is_run, "2"));
    send(watcher, RUN_OPEN, 77);
    await_notice(watcher, "no run 77");
    snapshot_release(await(watcher, is_run, "2"));
    watcher_destroy(watcher);
}

static void images_that_are_gone_are_an_error_that_says_what_to_do(void **state)
{
    struct fixture *fixture = *state;
    make_run(fixture, "lenet");
    excerpt_remove(fixture->data);
    struct watcher *watcher = open_watcher(fixture, 1, 0);
    const struct snapshot *snapshot = await_state(watcher, TRAINER_FAILED);
    assert_non_null(strstr(snapshot->failure.message, "--data DIR"));
    snapshot_release(snapshot);
    watcher_destroy(watcher);
    const struct watcher_settings sample = {.store = fixture->folder, .run = 1, .sample = true};
    watcher = watcher_create(&sample, NULL);
    assert_non_null(watcher);
    snapshot = await_state(watcher, TRAINER_FAILED);
    assert_non_null(strstr(snapshot->failure.message, "other data"));
    snapshot_release(snapshot);
    watcher_destroy(watcher);
    fixture->data = excerpt_create();
}

static void a_run_that_there_is_not_is_an_error(void **state)
{
    const struct fixture *fixture = *state;
    struct error err = {0};
    const struct watcher_settings settings = {.store = fixture->folder, .run = 7};
    assert_null(watcher_create(&settings, &err));
    assert_int_equal(err.code, ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_ended_run_is_shown_as_it_ended, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_replay_shows_what_was_known_after_each_step,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(commands_move_through_a_replay, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_run_in_training_is_followed, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(answers_of_a_followed_run_are_read_when_asked_for,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(layers_are_seen_as_the_trainer_saw_them, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(weights_that_are_damaged_are_told, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_steered_run_obeys, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(two_models_are_shown_together, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(another_run_can_be_opened, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(images_that_are_gone_are_an_error_that_says_what_to_do,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_run_that_there_is_not_is_an_error, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
