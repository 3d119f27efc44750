// SPDX-License-Identifier: MIT
/* The command `watch` in a terminal, beside another process that trains and records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "dashboard.h"
#include "fmnist/store/run_recorder.h"

enum { PATH_SIZE = 256, DESCRIPTORS = 8, RECORDED_EPOCHS = 100000 };

static const double ALIVE_SECONDS = 1; /* within which what is recorded is on the screen */

/* Another process, the store that it records in, and the terminal that shows it. */
struct fixture {
    const char *program; /* this one */
    char folder[PATH_SIZE];
    pid_t recording; /* 0: none */
    void *terminal;
};

/* In the other process: trains on the sample and records it in a folder, until it is killed or all
 * epochs are made. */
static int record(const char *folder, size_t epochs)
{
    struct error err = {0};
    struct store *store = store_open(folder, STORE_WRITE, &err);
    const struct run_recorder_settings settings = {.store = store, .name = "beside"};
    struct run_recorder *recorder = store ? run_recorder_create(&settings, &err) : NULL;
    struct trainer_settings trainer_settings = TRAINER_DEFAULTS;
    trainer_settings.model = network_spec_at(0);
    trainer_settings.epochs = epochs;
    trainer_settings.threads = 1;
    trainer_settings.isa = isa_best();
    trainer_settings.sample = true;
    if (recorder)
        trainer_settings.recorder = run_recorder_interface(recorder);
    struct trainer *trainer = recorder ? trainer_create(&trainer_settings, &err) : NULL;
    if (!trainer) {
        (void)fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    struct session session = trainer_session(trainer);
    run_recorder_connect(recorder, &session);
    for (bool ended = false; !ended;) {
        struct pollfd polled = {.fd = trainer_descriptor(trainer), .events = POLLIN};
        (void)poll(&polled, 1, -1);
        trainer_acknowledge(trainer);
        const struct snapshot *snapshot = trainer_snapshot(trainer);
        ended = snapshot->state == TRAINER_FINISHED || snapshot->state == TRAINER_FAILED;
        snapshot_release(snapshot);
    }
    run_recorder_connect(recorder, NULL);
    trainer_destroy(trainer);
    bool good = run_recorder_finish(recorder, false, NULL, &err);
    store_close(store);
    return good ? 0 : 1;
}

static void start_recording(struct fixture *fixture, const char *epochs)
{
    fixture->recording = fork();
    assert_true(fixture->recording >= 0);
    if (fixture->recording == 0) {
        (void)execl(fixture->program, fixture->program, "record", fixture->folder, epochs, NULL);
        _exit(127);
    }
}

static void end_recording(struct fixture *fixture, int signal_number)
{
    if (fixture->recording == 0)
        return;
    if (signal_number)
        (void)kill(fixture->recording, signal_number);
    while (waitpid(fixture->recording, NULL, 0) < 0 && errno == EINTR)
        ;
    fixture->recording = 0;
}

static int setup(void **state)
{
    struct fixture *fixture = *state;
    const char *temporary = getenv("TMPDIR");
    (void)snprintf(fixture->folder, PATH_SIZE, "%s/fmnist-watch-XXXXXX",
                   temporary ? temporary : "/tmp");
    return mkdtemp(fixture->folder) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    (void)dashboard_teardown(&fixture->terminal);
    end_recording(fixture, SIGKILL);
    return nftw(fixture->folder, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

/* Waits until the other process has written a run. */
static void await_run(const struct fixture *fixture)
{
    const struct timespec moment = {.tv_nsec = 10000000};
    double deadline = clock_seconds() + TERMINAL_DEADLINE_SECONDS;
    struct run_row run;
    for (bool found = false; !found; (void)nanosleep(&moment, NULL)) {
        struct store *store = store_open(fixture->folder, STORE_READ, NULL);
        found = store && store_find_run(store, NULL, &run, NULL);
        store_close(store);
        assert_true(clock_seconds() < deadline);
    }
}

static struct terminal *watch(struct fixture *fixture, const char *option, const char *run)
{
    const char *const arguments[] = {"--store", fixture->folder, option, run, NULL};
    struct terminal_settings settings = {.arguments = arguments, .command = "watch"};
    return dashboard_open(&fixture->terminal, settings);
}

/* How many evaluations the store has; which epoch is on the screen. */
static size_t stored_epochs(const struct fixture *fixture)
{
    struct run_evaluation *evaluations = NULL;
    size_t count = 0;
    struct store *store = store_open(fixture->folder, STORE_READ, NULL);
    assert_non_null(store);
    assert_true(store_list_evaluations(store, 1, &evaluations, &count, NULL));
    free(evaluations);
    store_close(store);
    return count;
}

static long shown_epoch(struct terminal *terminal)
{
    const char *found = strstr(terminal_text(terminal), "epoch ");
    return found ? strtol(found + strlen("epoch "), NULL, 10) : -1;
}

static bool has_reached(struct terminal *terminal, void *context)
{
    const long *epoch = context;
    return shown_epoch(terminal) >= *epoch;
}

static bool is_at_step(struct terminal *terminal, void *context)
{
    const long *step = context;
    return dashboard_step(terminal) == *step;
}

static void a_run_of_another_process_is_shown_as_it_goes_on(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "100000");
    await_run(fixture);
    struct terminal *terminal = watch(fixture, NULL, NULL);
    terminal_await_text(terminal, "watched");
    terminal_await_text(terminal, "LeNet-5");
    for (int round = 0; round < 3; round++) {
        long next = (long)stored_epochs(fixture) + 2; /* the one after that which is under way */
        terminal_await(terminal, "a newer epoch", has_reached, &next);
        double start = clock_seconds();
        long now = (long)stored_epochs(fixture);
        terminal_await(terminal, "what is stored", has_reached, &now);
        if (getenv("FMNIST_TIMED"))
            assert_true(clock_seconds() - start < ALIVE_SECONDS);
    }
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "only watched");
    terminal_type(terminal, "2");
    terminal_await_text(terminal, "accuracy");
    terminal_type(terminal, "3");
    terminal_await_text(terminal, "surest first, epoch");
    terminal_type(terminal, "q");
    assert_int_equal(terminal_await_end(terminal), 0);
    assert_int_equal(kill(fixture->recording, 0), 0); /* it goes on */
    assert_int_equal(waitpid(fixture->recording, NULL, WNOHANG), 0);
}

static void a_run_whose_process_dies_is_told_and_replayed(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "100000");
    await_run(fixture);
    struct terminal *terminal = watch(fixture, NULL, "beside");
    long third = 3; /* there are steps beyond those that are looked at below */
    terminal_await_text(terminal, "watched");
    terminal_await(terminal, "two epochs", has_reached, &third);
    end_recording(fixture, SIGKILL);
    terminal_await_text(terminal, "run 1 was interrupted");
    terminal_await_text(terminal, "replay");
    terminal_type(terminal, "R");
    terminal_await_text(terminal, "no training step yet");
    terminal_type(terminal, ">");
    terminal_await(terminal, "step 54", is_at_step, &(long){54});
    terminal_type(terminal, ".");
    terminal_await(terminal, "step 55", is_at_step, &(long){55});
    terminal_type(terminal, ":goto 3\r");
    terminal_await(terminal, "step 3", is_at_step, &(long){3});
}

static void keys_steer_the_other_process_where_that_is_wanted(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "100000");
    await_run(fixture);
    struct terminal *terminal = watch(fixture, "--steer", "1");
    long third = 3;
    terminal_await_text(terminal, "watched");
    terminal_await_text(terminal, "training");
    terminal_await(terminal, "two epochs", has_reached, &third);
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    terminal_type(terminal, "3[");
    terminal_await_no_text(terminal, "reading the answers");
    for (int epoch = 0; epoch < ARCHIVE_MAX; epoch++) /* back to the first */
        terminal_type(terminal, "[");
    terminal_await_text(terminal, "this is the first evaluation");
    terminal_await_text(terminal, "surest first, epoch 1 ");
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "training");
}

/* The step of the run's oldest checkpoint that is left. */
static long oldest_checkpoint(const struct fixture *fixture)
{
    struct run_checkpoint *checkpoints = NULL;
    size_t count = 0;
    struct store *store = store_open(fixture->folder, STORE_READ, NULL);
    assert_non_null(store);
    assert_true(store_list_checkpoints(store, 1, &checkpoints, &count, NULL));
    assert_true(count > 0);
    long step = (long)checkpoints[0].step;
    free(checkpoints);
    store_close(store);
    return step;
}

static void layers_are_looked_into_through_checkpoints(void **state)
{
    struct fixture *fixture = *state;
    char text[64];
    start_recording(fixture, "100000");
    await_run(fixture);
    struct terminal *terminal = watch(fixture, NULL, NULL);
    long third = 3; /* the end of an epoch leaves a checkpoint */
    terminal_await(terminal, "two epochs", has_reached, &third);
    terminal_type(terminal, "4j");
    terminal_await_text(terminal, "in 64 images at step ");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "6 maps 24x24");
    terminal_await_text(terminal, ", step ");
    end_recording(fixture, SIGKILL);
    terminal_await_text(terminal, "interrupted");
    long oldest = oldest_checkpoint(fixture);
    (void)snprintf(text, sizeof text, ":goto %ld\r", oldest);
    terminal_type(terminal, text);
    (void)snprintf(text, sizeof text, ", step %ld ", oldest);
    terminal_await_text(terminal, text);
    (void)snprintf(text, sizeof text, ":goto %ld\r", oldest - 1);
    terminal_type(terminal, text);
    terminal_await_text(terminal, "no checkpoint up to this step can be looked into");
    terminal_type(terminal, "q");
    assert_int_equal(terminal_await_end(terminal), 0);
}

static void the_list_shows_the_run_and_opens_another(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "2");
    end_recording(fixture, 0);
    start_recording(fixture, "3");
    end_recording(fixture, 0);
    struct terminal *terminal = watch(fixture, NULL, NULL);
    terminal_await_text(terminal, "replay");
    terminal_await_text(terminal, "epoch 3/3");
    terminal_type(terminal, "6");
    terminal_await_text(terminal, "2 runs, newest first");
    terminal_await_text(terminal, "finished");
    terminal_type(terminal, "jn\025first one\r"); /* Ctrl-U takes the name that it has away */
    terminal_await_text(terminal, " first one ");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "epoch 2/2");
    terminal_type(terminal, "6/first\r");
    terminal_await_text(terminal, "1 of 2 runs");
    terminal_type(terminal, "\033");
    terminal_await_no_text(terminal, "1 of 2 runs");
    terminal_type(terminal, "dy");
    terminal_await_text(terminal, "1 run ");
}

static void a_run_is_trained_on_from_the_list(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "100000");
    await_run(fixture);
    struct terminal *terminal = watch(fixture, NULL, NULL);
    long third = 3; /* the end of an epoch leaves a checkpoint */
    terminal_await(terminal, "two epochs", has_reached, &third);
    terminal_type(terminal, "6r");
    terminal_await_text(terminal, "run 1 is in training already");
    end_recording(fixture, SIGKILL);
    terminal_await_text(terminal, "interrupted");
    terminal_type(terminal, "r");
    terminal_await_no_text(terminal, "replay");
    terminal_await_text(terminal, "training");
    terminal_type(terminal, "6");
    terminal_await_text(terminal, "running");
    terminal_type(terminal, "q");
    terminal_await_text(terminal, "It is kept, and --resume goes on with it.");
}

static void plain_mode_tells_of_a_watched_run(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "2");
    end_recording(fixture, 0);
    const char *const arguments[] = {"--store", fixture->folder, "--plain", NULL};
    struct terminal *terminal = dashboard_start(
        &fixture->terminal, (struct terminal_settings){.arguments = arguments, .command = "watch"});
    terminal_await_text(terminal, "validation accuracy");
    terminal_await_text(terminal, "is finished after 108 steps");
    terminal_type(terminal, "q");
    assert_int_equal(terminal_await_end(terminal), 0);
}

/* Whether the key 3, which is pressed again each time, tells of mistakes. */
static bool tells_mistakes(struct terminal *terminal, void *context)
{
    (void)context;
    terminal_type(terminal, "3");
    return strstr(terminal_text(terminal), "images are wrong, surest first");
}

static bool has_stored(struct terminal *terminal, void *context)
{
    (void)terminal;
    return stored_epochs(context) >= 3;
}

static void plain_mode_tells_of_past_images_of_a_run_in_training(void **state)
{
    struct fixture *fixture = *state;
    start_recording(fixture, "100000");
    await_run(fixture);
    const char *const arguments[] = {"--store", fixture->folder, "--plain", "--steer", NULL};
    struct terminal *terminal = dashboard_start(
        &fixture->terminal, (struct terminal_settings){.arguments = arguments, .command = "watch"});
    terminal_await(terminal, "three evaluations", has_stored, fixture);
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    for (int epoch = 0; epoch < ARCHIVE_MAX; epoch++)
        terminal_type(terminal, "[");
    terminal_await_text(terminal, "This is the first evaluation");
    terminal_await(terminal, "the mistakes", tells_mistakes, NULL);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "record") == 0)
        return record(argv[2], strtoul(argv[3], NULL, 10));
    struct fixture fixture = {.program = argv[0]};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate_setup_teardown(a_run_of_another_process_is_shown_as_it_goes_on,
                                                 setup, teardown, &fixture),
        cmocka_unit_test_prestate_setup_teardown(a_run_whose_process_dies_is_told_and_replayed,
                                                 setup, teardown, &fixture),
        cmocka_unit_test_prestate_setup_teardown(keys_steer_the_other_process_where_that_is_wanted,
                                                 setup, teardown, &fixture),
        cmocka_unit_test_prestate_setup_teardown(layers_are_looked_into_through_checkpoints, setup,
                                                 teardown, &fixture),
        cmocka_unit_test_prestate_setup_teardown(the_list_shows_the_run_and_opens_another, setup,
                                                 teardown, &fixture),
        cmocka_unit_test_prestate_setup_teardown(a_run_is_trained_on_from_the_list, setup, teardown,
                                                 &fixture),
        cmocka_unit_test_prestate_setup_teardown(
            plain_mode_tells_of_past_images_of_a_run_in_training, setup, teardown, &fixture),
        cmocka_unit_test_prestate_setup_teardown(plain_mode_tells_of_a_watched_run, setup, teardown,
                                                 &fixture),
    };
    dashboard_skip_without_terminals();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
