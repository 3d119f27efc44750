// SPDX-License-Identifier: MIT
/* The command `export` on a run that a trainer has made and a recorder has kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <jansson.h>

#include "../train/excerpt.h"
#include "../train/watch.h"
#include "fmnist/store/run_recorder.h"
#include "run.h"

enum { EPOCHS = 2, STEPS = EPOCHS * EXCERPT_EPOCH, TEXT_SIZE = 1024, MORE_SIZE = 256 };

/* A folder with a store, in which there is one run. */
struct recorded {
    char *data; /* folder of the excerpt that it was trained on */
    char folder[64];
    char store[96];
    struct history *history;
    struct history_counts counts;
};

static void train(struct store *store, const char *data)
{
    struct error err = {0};
    const struct run_recorder_settings recording = {.store = store, .name = "first, \"quoted\""};
    struct run_recorder *recorder = run_recorder_create(&recording, &err);
    if (!recorder)
        fail_msg("%s", err.message);
    struct trainer_settings settings = excerpt_settings("lenet", data);
    settings.epochs = EPOCHS;
    settings.recorder = run_recorder_interface(recorder);
    struct trainer *trainer = trainer_create(&settings, &err);
    if (!trainer)
        fail_msg("%s", err.message);
    struct session session = trainer_session(trainer);
    run_recorder_connect(recorder, &session);
    watch_until(trainer, TRAINER_FINISHED);
    run_recorder_connect(recorder, NULL);
    trainer_destroy(trainer);
    if (!run_recorder_finish(recorder, false, NULL, &err))
        fail_msg("%s", err.message);
}

static int set_up(void **state)
{
    static struct recorded recorded;
    struct error err = {0};
    recorded = (struct recorded){.data = excerpt_create(), .folder = "/tmp/fmnist-export-XXXXXX"};
    assert_non_null(mkdtemp(recorded.folder));
    (void)snprintf(recorded.store, sizeof recorded.store, "%s/store", recorded.folder);
    struct store *store = store_open(recorded.store, STORE_WRITE, &err);
    if (!store)
        fail_msg("%s", err.message);
    train(store, recorded.data);
    recorded.history = history_create(NULL);
    assert_non_null(recorded.history);
    if (!store_read_history(store, 1, UINT64_MAX, recorded.history, &recorded.counts, &err))
        fail_msg("%s", err.message);
    assert_int_equal(recorded.counts.epochs, EPOCHS);
    assert_int_equal(recorded.counts.steps, STEPS);
    store_close(store);
    *state = &recorded;
    return 0;
}

static int run_shell(const char *format, const char *argument)
{
    char command[TEXT_SIZE];
    (void)snprintf(command, sizeof command, format, argument);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int tear_down(void **state)
{
    struct recorded *recorded = *state;
    history_release(recorded->history);
    excerpt_remove(recorded->data);
    return run_shell("rm -r '%s'", recorded->folder);
}

/* The arguments of an export of the run from its store, and more. */
static const char *arguments(const struct recorded *recorded, const char *more, char *text)
{
    (void)snprintf(text, TEXT_SIZE, "export --store %s %s", recorded->store, more);
    return text;
}

/* Runs the export; its streams are for the caller to run_free(). */
static struct run *export(const struct recorded *recorded, const char *more)
{
    char text[TEXT_SIZE];
    return run_program(arguments(recorded, more, text));
}

static void csv_shows_the_stores_evaluations(void **state)
{
    const struct recorded *recorded = *state;
    struct run *run = export(recorded, "1 --csv");
    const char *line = run->out;
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    assert_int_equal(run_lines(run->out), EPOCHS + 1);
    for (size_t index = 0; index < EPOCHS; index++) {
        const struct epoch_point *point = history_epoch(recorded->history, index);
        float epoch, loss, accuracy;
        unsigned step;
        line = strchr(line, '\n') + 1;
        assert_int_equal(
            sscanf(line, "%f,%u,%*f,%*f,%*f,%*f,%f,%f,", &epoch, &step, &loss, &accuracy), 4);
        assert_true(epoch == point->epoch && step == point->step);
        assert_true(loss == point->loss && accuracy == point->accuracy);
    }
    run_free(run);
}

static void json_shows_the_stores_steps_bit_for_bit(void **state)
{
    const struct recorded *recorded = *state;
    struct run *run = export(recorded, "1 --json");
    json_error_t error;
    json_t *root = json_loads(run->out, 0, &error);
    assert_int_equal(run->status, 0);
    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    assert_string_equal(json_string_value(json_object_get(root, "model")), "lenet");
    assert_string_equal(json_string_value(json_object_get(root, "state")), "finished");
    const json_t *steps = json_object_get(root, "steps");
    assert_int_equal(json_array_size(json_object_get(steps, "loss")), STEPS);
    for (size_t index = 0; index < STEPS; index++) {
        const struct step_point *point = history_step(recorded->history, index);
        const json_t *loss = json_array_get(json_object_get(steps, "loss"), index);
        assert_true((float)json_number_value(loss) == point->loss);
    }
    assert_int_equal(json_array_size(json_object_get(root, "evaluations")), EPOCHS + 1);
    json_decref(root);
    run_free(run);
}

static void export_good(const struct recorded *recorded, const char *format, const char *name)
{
    char more[MORE_SIZE];
    (void)snprintf(more, sizeof more, "1 --%s --output %s/%s", format, recorded->folder, name);
    struct run *run = export(recorded, more);
    if (run->status != 0)
        fail_msg("%s: %s", format, run->err);
    assert_string_equal(run->out, "");
    run_free(run);
}

static void readers_of_each_format_find_the_same(void **state)
{
    const struct recorded *recorded = *state;
    export_good(recorded, "csv", "all");
    export_good(recorded, "json", "all/run.json");
    export_good(recorded, "html", "all/run.html");
    export_good(recorded, "tensorboard", "all/");
    if (run_shell("python3 -c '' 2>%s", "/dev/null") != 0)
        skip();
    assert_int_equal(run_shell("python3 \"${FMNIST_SOURCE:-.}/tests/export/readers.py\" '%s/all'",
                               recorded->folder),
                     0);
}

static void a_file_is_replaced_only_on_request(void **state)
{
    const struct recorded *recorded = *state;
    char more[MORE_SIZE];
    struct stat before, after;
    (void)snprintf(more, sizeof more, "%s/kept", recorded->folder);
    export_good(recorded, "json", "kept");
    assert_int_equal(stat(more, &before), 0);
    (void)snprintf(more, sizeof more, "1 --html -o %s/kept", recorded->folder);
    struct run *run = export(recorded, more);
    assert_int_equal(run->status, 1);
    assert_int_equal(run_lines(run->err), 1);
    assert_non_null(strstr(run->err, "/kept is there already; --force replaces it\n"));
    run_free(run);
    (void)snprintf(more, sizeof more, "%s/kept", recorded->folder);
    assert_int_equal(stat(more, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    export_good(recorded, "html --force", "kept");
    assert_int_equal(stat(more, &after), 0);
    assert_int_not_equal(after.st_size, before.st_size);
}

static void a_pipe_is_written_to_and_a_folder_is_left_alone(void **state)
{
    const struct recorded *recorded = *state;
    char more[MORE_SIZE];
    struct run *plain = export(recorded, "1 --json");
    struct run *run = export(recorded, "1 --json --output /dev/stdout");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    assert_string_equal(run->out, plain->out);
    run_free(plain);
    run_free(run);
    (void)snprintf(more, sizeof more, "1 --json --force --output %s", recorded->folder);
    run = export(recorded, more);
    assert_int_equal(run->status, 1);
    assert_int_equal(run_lines(run->err), 1);
    assert_non_null(strstr(run->err, " is a folder; give the name of a file\n"));
    run_free(run);
}

static void wrong_usage_gets_one_line_and_status_2(void **state)
{
    static const struct {
        const char *more, *message;
    } cases[] = {
        {"1", "give a format: --csv, --json, --html or --tensorboard"},
        {"1 --csv --html", "--csv and --html exclude each other"},
        {"1 --tensorboard", "--tensorboard writes several files; give a folder: --output DIR"},
        {"7 --csv", "7"},
        {"nameless --csv", "nameless"},
        {"--csv", "RUN"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        struct run *run = export(*state, cases[index].more);
        assert_int_equal(run->status, 2);
        assert_int_equal(run_lines(run->err), 1);
        assert_non_null(strstr(run->err, cases[index].message));
        assert_string_equal(run->out, "");
        run_free(run);
    }
}

static void html_is_not_written_to_a_terminal(void **state)
{
    char text[TEXT_SIZE];
    struct run *run = run_on_terminal(arguments(*state, "1 --html", text));
    assert_int_equal(run->status, 2);
    assert_non_null(strstr(run->err, "HTML is not for a terminal; give a file"));
    assert_string_equal(run->out, "");
    run_free(run);
}

static void a_full_disk_is_an_error(void **state)
{
    char text[TEXT_SIZE];
    struct run *run = run_into(arguments(*state, "1 --html", text), "/dev/full");
    assert_int_equal(run->status, 1);
    assert_int_equal(run_lines(run->err), 1);
    run_free(run);
}

/* An error that is told, not a signal. 65 blocks, of 512 bytes or of 1 KiB, have room for what
 * SQLite keeps in memory that processes share, but not for the document. */
static void a_file_that_may_not_grow_is_an_error(void **state)
{
    const struct recorded *recorded = *state;
    assert_int_equal(run_shell("cd '%s' && (ulimit -f 65; exec \"$FMNIST_PROGRAM\" export 1 --html "
                               "--store store -o large) 2>err; test $? = 1",
                               recorded->folder),
                     0);
    assert_int_equal(run_shell("cd '%s' && grep -q 'fmnist-tui: large.*: File too large' err && "
                               "test $(wc -l <err) = 1 && test ! -e large && "
                               "test -z \"$(find . -name 'large*')\"",
                               recorded->folder),
                     0);
}

static void html_shows_the_runs_pictures_or_says_where_they_are_missing(void **state)
{
    const struct recorded *recorded = *state;
    char moved[MORE_SIZE];
    struct run *run = export(recorded, "1 --html");
    assert_non_null(strstr(run->out, "first, &quot;quoted&quot;"));
    assert_non_null(strstr(run->out, "src=\"data:image/png;base64,"));
    run_free(run);
    (void)snprintf(moved, sizeof moved, "%s/moved", recorded->folder);
    assert_int_equal(rename(recorded->data, moved), 0);
    run = export(recorded, "1 --html");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "The pictures are missing, since the data set is not here"));
    assert_non_null(strstr(run->out, "holds other images than the run was trained on"));
    assert_null(strstr(run->out, "<img"));
    run_free(run);
    run = export(recorded, "1 --html --data /nowhere");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "the data set is not here: /nowhere"));
    run_free(run);
    char more[MORE_SIZE];
    (void)snprintf(more, sizeof more, "1 --html --data %s/moved", recorded->folder);
    run = export(recorded, more);
    assert_non_null(strstr(run->out, "<img"));
    run_free(run);
    assert_int_equal(rename(moved, recorded->data), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_shows_the_stores_evaluations),
        cmocka_unit_test(json_shows_the_stores_steps_bit_for_bit),
        cmocka_unit_test(readers_of_each_format_find_the_same),
        cmocka_unit_test(a_file_is_replaced_only_on_request),
        cmocka_unit_test(a_pipe_is_written_to_and_a_folder_is_left_alone),
        cmocka_unit_test(wrong_usage_gets_one_line_and_status_2),
        cmocka_unit_test(html_is_not_written_to_a_terminal),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_file_that_may_not_grow_is_an_error),
        cmocka_unit_test(html_shows_the_runs_pictures_or_says_where_they_are_missing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
