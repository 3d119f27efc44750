// SPDX-License-Identifier: MIT
/* The command import, and checkpoints of the store as arguments of other commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "fmnist/store/store.h"
#include "run.h"
#include "trained.h"

/* net.safetensors and an image, in the directory where the tests run. */
static int setup(void **state)
{
    struct files *files = calloc(1, sizeof *files);
    assert_non_null(files);
    files_create(files);
    assert_int_equal(chdir(files->directory), 0);
    struct checkpoint *checkpoint = trained_create(false);
    trained_write(checkpoint, "net.safetensors");
    checkpoint_release(checkpoint);
    files_write(files, "image.pgm", "P2 2 2 9 0 9 9 0", 16);
    *state = files;
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(chdir("/"), 0);
    files_destroy(*state);
    free(*state);
    return 0;
}

/* Removes a store with up to so many runs; `store` is its folder. */
static void remove_store(const char *store, int runs)
{
    struct files folder;
    for (int run = 1; run <= runs; run++) {
        (void)snprintf(folder.directory, sizeof folder.directory, "%s/checkpoints/%d", store, run);
        if (access(folder.directory, F_OK) == 0)
            files_destroy(&folder);
    }
    (void)snprintf(folder.directory, sizeof folder.directory, "%s/checkpoints", store);
    if (access(folder.directory, F_OK) == 0)
        files_destroy(&folder);
    (void)snprintf(folder.directory, sizeof folder.directory, "%s", store);
    files_destroy(&folder);
}

static json_t *document_of(const char *arguments)
{
    json_error_t error;
    struct run *run = run_program(arguments);
    json_t *document = json_loads(run->out, 0, &error);
    if (!document)
        fail_msg("line %d: %s, in:\n%s%s", error.line, error.text, run->out, run->err);
    assert_int_equal(run->status, 0);
    run_free(run);
    return document;
}

static void expect_failure(const char *arguments, int status, const char *message)
{
    struct run *run = run_program(arguments);
    if (run->status != status || !strstr(run->err, message))
        fail_msg("%s: status %d, '%s' lacks '%s'", arguments, run->status, run->err, message);
    assert_string_equal(run->out, "");
    assert_int_equal(run_lines(run->err), 1);
    run_free(run);
}

static void an_imported_run_answers_as_its_file(void **state)
{
    (void)state;
    struct run *run =
        run_program("import net.safetensors --sample --store made --name mine --seed 7");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    assert_ptr_equal(strstr(run->out, "run 1: LeNet-5, 44426 parameters, from net.safetensors\n"),
                     run->out);
    assert_non_null(strstr(run->out, "fmnist-tui evaluate 1 --store made\n"));
    assert_non_null(strstr(run->out, "fmnist-tui --resume 1 --store made\n"));
    run_free(run);
    json_t *second = document_of("import net.safetensors --store made --sample --json");
    assert_int_equal(json_integer_value(json_object_get(second, "run")), 2);
    json_t *file = document_of("evaluate net.safetensors --sample --json --split val --seed 7");
    json_t *named = document_of("evaluate mine --store made --json --split val");
    json_t *last = document_of("evaluate 1@last --store made --json --split val");
    assert_true(
        json_equal(json_object_get(file, "evaluation"), json_object_get(named, "evaluation")));
    assert_true(json_equal(named, last));
    json_t *checkpoint = json_object_get(named, "checkpoint");
    assert_int_equal(json_integer_value(json_object_get(checkpoint, "run")), 1);
    assert_true(json_boolean_value(
        json_object_get(json_object_get(named, "data"), "sample"))); /* the run's */
    json_t *by_file = document_of("predict net.safetensors image.pgm --json");
    json_t *by_run = document_of("predict 1 image.pgm --json --store made");
    assert_true(json_equal(json_object_get(by_file, "images"), json_object_get(by_run, "images")));
    json_t *const all[] = {second, file, named, last, by_file, by_run};
    for (size_t index = 0; index < sizeof all / sizeof *all; index++)
        json_decref(all[index]);
    remove_store("made", 2);
}

/* A number of the document's history: the first evaluation has index 0. */
static double history_at(json_t *document, size_t index, const char *name)
{
    json_t *point = json_array_get(json_object_get(document, "history"), index);
    json_t *value = json_object_get(point, name);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

/* The run's first evaluation is that of what was imported; then it trains. */
static void an_imported_run_can_be_trained_on(void **state)
{
    (void)state;
    json_t *imported =
        document_of("import net.safetensors --sample --store fine --epochs 1 --json");
    json_t *before = document_of("evaluate 1 --store fine --json --split val");
    json_t *trained = document_of("train --resume=1 --store fine --json");
    json_t *after = document_of("evaluate 1 --store fine --json");
    double accuracy =
        json_real_value(json_object_get(json_object_get(before, "evaluation"), "accuracy"));
    assert_int_equal(json_array_size(json_object_get(trained, "history")), 2);
    assert_true(history_at(trained, 0, "step") <= 0);
    assert_true(fabs(history_at(trained, 0, "validation_accuracy") - accuracy) < 1e-6);
    assert_true(history_at(trained, 1, "validation_accuracy") > accuracy); /* it has learnt more */
    assert_true(json_equal(json_object_get(trained, "test"), json_object_get(after, "evaluation")));
    json_t *const all[] = {imported, before, trained, after};
    for (size_t index = 0; index < sizeof all / sizeof *all; index++)
        json_decref(all[index]);
    remove_store("fine", 1);
}

static void what_cannot_be_imported_leaves_no_run(void **state)
{
    (void)state;
    expect_failure("import image.pgm --store bad", 1, "image.pgm: ");
    expect_failure("import none.safetensors --store bad", 1, "none.safetensors: ");
    expect_failure("import net.safetensors --model alexnet --sample --store bad", 1,
                   "net.safetensors: holds the weights of LeNet-5, not of AlexNet");
    expect_failure("import net.safetensors --name 12 --sample --store bad", 2, "12: ");
    expect_failure("import", 2, "FILE");
    expect_failure("import net.safetensors --sample --store image.pgm", 1, "image.pgm");
    assert_int_not_equal(access("bad", F_OK), 0);
}

static void add_checkpoint(struct store *store, int64_t run, uint64_t step, double accuracy,
                           bool best)
{
    struct error err = {0};
    struct checkpoint *checkpoint = checkpoint_create(network_spec_find("lenet"), true, &err);
    assert_non_null(checkpoint);
    checkpoint->place = (struct checkpoint_place){
        .step = step, .updates = step, .learning_rate = 1, .initial_learning_rate = 1};
    checkpoint->accuracy = accuracy;
    checkpoint->best = best;
    if (!store_add_checkpoint(store, run, checkpoint, &err))
        fail_msg("%s", err.message);
    checkpoint_release(checkpoint);
}

static void expect_step(const char *checkpoint, json_int_t step)
{
    char arguments[128];
    (void)snprintf(arguments, sizeof arguments, "evaluate %s --store steps --sample --json",
                   checkpoint);
    json_t *document = document_of(arguments);
    json_t *found = json_object_get(json_object_get(document, "checkpoint"), "step");
    assert_int_equal(json_integer_value(found), step);
    json_decref(document);
}

static void a_runs_best_last_or_other_checkpoint_can_be_chosen(void **state)
{
    (void)state;
    struct error err = {0};
    struct run_row row = {.model = "lenet", .state = RUN_STATE_STOPPED, .test_accuracy = -1};
    struct store *store = store_open("steps", STORE_WRITE, &err);
    assert_non_null(store);
    assert_true(store_add_run(store, &row, &err));
    expect_failure("evaluate 1 --store steps", 1, "run 1 has no checkpoint");
    add_checkpoint(store, row.id, 10, -1, false);
    expect_step("1", 10);
    add_checkpoint(store, row.id, 20, 0.8, true);
    add_checkpoint(store, row.id, 30, 0.7, false);
    assert_true(store_rename_run(store, row.id, "rate/0.1@noon.safetensors", &err));
    store_close(store);
    expect_step("1", 20);
    expect_step("1@best", 20);
    expect_step("1@last", 30);
    expect_step("1@10", 10);
    expect_step("rate/0.1@noon.safetensors", 20); /* no file is called so */
    expect_step("rate/0.1@noon.safetensors@last", 30);
    expect_failure("evaluate rate/0.2 --store steps", 1, "rate/0.2: cannot open");
    expect_failure("evaluate 1@15 --store steps", 2, "give best, last, or a step, such as 30");
    expect_failure("evaluate 1@worst --store steps", 2, "no checkpoint 'worst'");
    expect_failure("evaluate 2 --store steps", 2, "no run 2");
    expect_failure("predict mine image.pgm --store steps", 2, "no run \"mine\"");
    expect_failure("predict 1@ image.pgm --store steps", 2, "no checkpoint ''");
    expect_failure("predict @last image.pgm --store steps", 2, "neither a file nor a run");
    remove_store("steps", 1);
}

static void commands_to_go_on_with_name_the_store(void **state)
{
    (void)state;
    struct run *run = run_program("train --sample --epochs 1 --store one's");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "To go on: fmnist-tui --resume 1 --store 'one'\\''s'\n"));
    run_free(run);
    remove_store("one's", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_imported_run_answers_as_its_file),
        cmocka_unit_test(an_imported_run_can_be_trained_on),
        cmocka_unit_test(what_cannot_be_imported_leaves_no_run),
        cmocka_unit_test(commands_to_go_on_with_name_the_store),
        cmocka_unit_test(a_runs_best_last_or_other_checkpoint_can_be_chosen),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
