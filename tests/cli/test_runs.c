// SPDX-License-Identifier: MIT
/* The command `runs` on a store made up for the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"
#include "stored.h"

enum { ARGUMENTS_SIZE = 512 };

static int setup(void **state)
{
    struct stored *stored = stored_create();
    stored_add_some(stored);
    *state = stored;
    return 0;
}

static int teardown(void **state)
{
    stored_destroy(*state);
    return 0;
}

static struct run *run_runs(const struct stored *stored, const char *arguments)
{
    char line[ARGUMENTS_SIZE];
    (void)snprintf(line, sizeof line, "runs %s --store %s", arguments, stored->folder);
    return run_program(line);
}

static void expect_failure(const struct stored *stored, const char *arguments, int status,
                           const char *message)
{
    struct run *run = run_runs(stored, arguments);
    assert_int_equal(run->status, status);
    assert_string_equal(run->out, "");
    if (!strstr(run->err, message))
        fail_msg("'%s' is not in: %s", message, run->err);
    assert_int_equal(run_lines(run->err), 1);
    run_free(run);
}

static json_t *parse(const struct run *run)
{
    json_error_t error;
    json_t *result = json_loads(run->out, 0, &error);
    if (!result)
        fail_msg("line %d: %s, in:\n%s", error.line, error.text, run->out);
    return result;
}

static void the_list_has_a_line_a_run_newest_first(void **state)
{
    struct run *run = run_runs(*state, "list");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    assert_int_equal(run_lines(run->out), 7);
    const char *newest = strstr(run->out, "stopped"), *oldest = strstr(run->out, "base");
    assert_non_null(newest);
    assert_non_null(oldest);
    assert_true(newest < oldest);
    assert_non_null(strstr(run->out, "2025-11-25 21:45"));
    assert_non_null(strstr(run->out, "89.07"));
    struct run *same = run_runs(*state, "");
    assert_string_equal(same->out, run->out);
    run_free(same);
    run_free(run);
}

static void words_choose_runs(void **state)
{
    struct run *run = run_runs(*state, "list alexnet val>90");
    assert_int_equal(run->status, 0);
    assert_int_equal(run_lines(run->out), 2);
    assert_non_null(strstr(run->out, "alex "));
    run_free(run);
    run = run_runs(*state, "list nobody");
    assert_string_equal(run->out, "no run is like that\n");
    run_free(run);
    expect_failure(*state, "list val>", 2, "val>88.5");
}

static void a_terminal_gets_lines_that_fit(void **state)
{
    const struct stored *stored = *state;
    char line[ARGUMENTS_SIZE];
    (void)snprintf(line, sizeof line, "runs --ascii --color never --store %s", stored->folder);
    struct run *run = run_on_terminal(line); /* of 100 columns */
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "started"));
    assert_null(strstr(run->out, "data"));
    for (const char *text = run->out; *text;) {
        size_t length = strcspn(text, "\r\n");
        assert_true(length <= 100);
        text += length + strspn(text + length, "\r\n");
    }
    run_free(run);
}

static void names_are_for_completions(void **state)
{
    struct run *run = run_runs(*state, "list --names");
    assert_string_equal(run->out, "6\n5\nalex\n4\n3\nslow and steady wins\n2\n1\nbase\n");
    run_free(run);
}

static void json_has_all_figures(void **state)
{
    struct run *run = run_runs(*state, "list --json");
    json_t *result = parse(run), *runs = json_object_get(result, "runs");
    assert_int_equal(json_array_size(runs), 6);
    json_t *last = json_array_get(runs, 5), *settings = json_object_get(last, "settings");
    assert_int_equal(json_integer_value(json_object_get(last, "run")), 1);
    assert_string_equal(json_string_value(json_object_get(last, "name")), "base");
    assert_string_equal(json_string_value(json_object_get(last, "state")), "finished");
    assert_true(json_is_false(json_object_get(last, "live")));
    assert_int_equal(json_integer_value(json_object_get(settings, "epochs")), 15);
    assert_true(json_is_null(json_object_get(json_array_get(runs, 0), "name")));
    json_t *results = json_object_get(json_array_get(runs, 0), "results");
    assert_true(json_is_null(json_object_get(results, "test_accuracy")));
    json_decref(result);
    run_free(run);
}

static void a_run_is_shown_by_number_or_name(void **state)
{
    struct run *number = run_runs(*state, "show 5"), *name = run_runs(*state, "show alex");
    assert_int_equal(number->status, 0);
    assert_string_equal(number->out, name->out);
    assert_non_null(strstr(number->out, "learning rate 0.0005\n"));
    assert_non_null(strstr(number->out, "validation "));
    run_free(name);
    run_free(number);
    struct run *run = run_runs(*state, "show 5 --json");
    json_t *result = parse(run), *evaluations = json_object_get(result, "evaluations");
    assert_int_equal(json_array_size(evaluations), 11);
    assert_int_equal(json_array_size(json_object_get(result, "events")), 0);
    json_decref(result);
    run_free(run);
    expect_failure(*state, "show 77", 2, "no run 77");
    expect_failure(*state, "show nobody", 2, "no run \"nobody\"");
}

static void a_run_is_renamed(void **state)
{
    struct run *run = run_runs(*state, "rename 2 deep");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->out, "");
    run_free(run);
    run = run_runs(*state, "show deep");
    assert_non_null(strstr(run->out, "run           2\n"));
    run_free(run);
    expect_failure(*state, "rename 2 99", 2, "not a number");
    expect_failure(*state, "rename 2", 2, "runs rename RUN NAME");
}

static void runs_are_deleted_only_with_force_where_nobody_is_asked(void **state)
{
    struct stored *stored = *state;
    expect_failure(stored, "rm 1", 2, "--force");
    assert_true(stored_has(stored, 1));
    struct run *run = run_runs(stored, "rm 1 alex --force");
    assert_int_equal(run->status, 0);
    assert_false(stored_has(stored, 1));
    assert_false(stored_has(stored, 5));
    assert_true(stored_has(stored, 2));
    run_free(run);
    expect_failure(stored, "rm 2 77 --force", 2, "no run 77");
    assert_true(stored_has(stored, 2)); /* all or none */
    char none[ARGUMENTS_SIZE], arguments[ARGUMENTS_SIZE + 64];
    (void)snprintf(none, sizeof none, "%s/none", stored->folder);
    (void)snprintf(arguments, sizeof arguments, "runs rename 2 new --store %s", none);
    run = run_program(arguments);
    assert_int_equal(run->status, 2);
    assert_string_equal(run->err, "fmnist-tui: no run 2; see fmnist-tui runs\n");
    assert_int_not_equal(access(none, F_OK), 0); /* no store was made */
    run_free(run);
    expect_failure(stored, "rm", 2, "runs rm RUN...");
}

static void a_loss_that_is_no_number_is_an_error_and_is_recorded(void **state)
{
    const struct stored *stored = *state;
    char arguments[ARGUMENTS_SIZE];
    (void)snprintf(arguments, sizeof arguments, "train --sample --epochs 1 --lr 3e38 --store %s",
                   stored->folder);
    struct run *run = run_program(arguments);
    if (run->status != 1 || run_lines(run->err) != 1 ||
        !strstr(run->err, "fmnist-tui: LeNet-5: the loss became "))
        fail_msg("status %d: %s", run->status, run->err);
    run_free(run);
    run = run_runs(stored, "show 7");
    assert_non_null(strstr(run->out, " NaN "));
    run_free(run);
}

static void a_comparison_has_what_differs_and_what_came_of_it(void **state)
{
    struct run *run = run_runs(*state, "compare base 3 alex");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "\nlearning rate"));
    assert_non_null(strstr(run->out, "\nbest val. %"));
    assert_null(strstr(run->out, "\nbatch")); /* the same */
    assert_null(strstr(run->out, "\nhost"));
    run_free(run);
    run = run_runs(*state, "compare 1 1");
    assert_null(strstr(run->out, "\nlearning rate"));
    assert_non_null(strstr(run->out, "\ntest %"));
    run_free(run);
    run = run_runs(*state, "compare 1 2 --json");
    json_t *result = parse(run);
    assert_int_equal(json_array_size(json_object_get(result, "runs")), 2);
    json_decref(result);
    run_free(run);
    expect_failure(*state, "compare 1", 2, "runs compare RUN RUN...");
}

static void what_makes_no_sense_is_refused(void **state)
{
    expect_failure(*state, "burn", 2, "runs cannot 'burn'");
}

static void where_there_is_no_store_the_list_is_empty(void **state)
{
    (void)state;
    struct run *run = run_program("runs --store /nonexistent/folder");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->out, "no runs are stored\n");
    run_free(run);
    run = run_program("runs --json --store /nonexistent/folder");
    json_t *result = parse(run);
    assert_int_equal(json_array_size(json_object_get(result, "runs")), 0);
    json_decref(result);
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_list_has_a_line_a_run_newest_first, setup, teardown),
        cmocka_unit_test_setup_teardown(words_choose_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(a_terminal_gets_lines_that_fit, setup, teardown),
        cmocka_unit_test_setup_teardown(names_are_for_completions, setup, teardown),
        cmocka_unit_test_setup_teardown(json_has_all_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_is_shown_by_number_or_name, setup, teardown),
        cmocka_unit_test_setup_teardown(a_run_is_renamed, setup, teardown),
        cmocka_unit_test_setup_teardown(runs_are_deleted_only_with_force_where_nobody_is_asked,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_loss_that_is_no_number_is_an_error_and_is_recorded, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_comparison_has_what_differs_and_what_came_of_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_refused, setup, teardown),
        cmocka_unit_test(where_there_is_no_store_the_list_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
