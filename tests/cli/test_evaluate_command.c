// SPDX-License-Identifier: MIT
/* The command evaluate, as a person and as a script see it. */
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
#include <unistd.h>

#include "files.h"
#include "run.h"
#include "trained.h"

static void expect_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g is not %.12g", value, expected);
}

/* net.safetensors has weights only, run.safetensors a state, too. */
static int setup(void **state)
{
    struct files *files = calloc(1, sizeof *files);
    assert_non_null(files);
    files_create(files);
    assert_int_equal(chdir(files->directory), 0);
    struct checkpoint *weights = trained_create(false), *whole = trained_create(true);
    trained_write(weights, "net.safetensors");
    trained_write(whole, "run.safetensors");
    checkpoint_release(weights);
    checkpoint_release(whole);
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

/* The document that it writes with --json. */
static json_t *evaluate(const char *arguments, const char *message)
{
    char all[256];
    json_error_t error;
    (void)snprintf(all, sizeof all, "evaluate --sample --json %s", arguments);
    struct run *run = run_program(all);
    json_t *document = json_loads(run->out, 0, &error);
    if (!document)
        fail_msg("line %d: %s, in:\n%s%s", error.line, error.text, run->out, run->err);
    assert_int_equal(run->status, 0);
    if (!strstr(run->err, message) || (!*message && *run->err))
        fail_msg("'%s' is not '%s'", run->err, message);
    run_free(run);
    return document;
}

static json_t *part_of(json_t *document, const char *name)
{
    json_t *part = json_object_get(document, name);
    assert_non_null(part);
    return part;
}

static json_int_t count_of(json_t *document, const char *name)
{
    return json_integer_value(part_of(part_of(document, "evaluation"), name));
}

static void figures_belong_together(void **state)
{
    (void)state;
    json_t *document = evaluate("net.safetensors", "");
    json_t *matrix = part_of(part_of(document, "evaluation"), "confusion");
    double accuracy = json_real_value(part_of(part_of(document, "evaluation"), "accuracy"));
    json_int_t hits = 0, all = 0;
    for (size_t label = 0; label < 10; label++) {
        hits += json_integer_value(json_array_get(json_array_get(matrix, label), label));
        for (size_t column = 0; column < 10; column++)
            all += json_integer_value(json_array_get(json_array_get(matrix, label), column));
    }
    assert_int_equal(all, 1000);
    assert_int_equal(count_of(document, "images"), all);
    assert_int_equal(count_of(document, "correct"), hits);
    assert_true(hits > 500); /* it has learnt something */
    expect_near(accuracy, (double)hits / 1000, 1e-9);
    expect_near(json_real_value(part_of(document, "two_errors")),
                2 * sqrt(accuracy * (1 - accuracy) / 1000), 1e-9);
    json_decref(document);
}

static void text_says_the_same_as_json(void **state)
{
    (void)state;
    char line[128];
    json_t *document = evaluate("net.safetensors", "");
    json_t *evaluation = part_of(document, "evaluation");
    double accuracy = json_real_value(part_of(evaluation, "accuracy"));
    struct run *run = run_program("evaluate net.safetensors --sample --worst 0");
    assert_int_equal(run->status, 0);
    assert_string_equal(run->err, "");
    (void)snprintf(line, sizeof line, "\naccuracy %.2f +- %.2f %% (%d of 1000), loss %#.4g\n",
                   100 * accuracy, 100 * json_real_value(part_of(document, "two_errors")),
                   (int)count_of(document, "correct"),
                   json_real_value(part_of(evaluation, "loss")));
    if (!strstr(run->out, line))
        fail_msg("no '%s' in '%s'", line, run->out);
    assert_ptr_equal(strstr(run->out, "LeNet-5, 44426 parameters, net.safetensors\n"), run->out);
    assert_non_null(
        strstr(run->out, "\nFashion-MNIST sample (embedded sample), 1000 test images\n"));
    assert_non_null(strstr(run->out, "\nAnkle boot "));
    assert_non_null(strstr(run->out, "\nconfusion matrix "));
    assert_null(strstr(run->out, "surest"));
    run_free(run);
    json_decref(document);
}

static void validation_and_training_images_come_from_the_seed(void **state)
{
    (void)state;
    json_t *seven = evaluate("net.safetensors --split val --seed 7", "");
    json_t *eight = evaluate("net.safetensors --split val --seed 8", "");
    json_t *own = evaluate("run.safetensors --split val", "");
    json_t *unknown = evaluate("net.safetensors --split val", "seed of the network's split");
    json_t *training = evaluate("net.safetensors --split train --seed 7", "");
    assert_int_equal(count_of(seven, "images"), 600);
    assert_int_equal(count_of(training, "images"), 5400);
    assert_string_equal(json_string_value(part_of(training, "split")), "training");
    assert_true(json_equal(part_of(seven, "evaluation"), part_of(own, "evaluation")));
    assert_int_equal(json_integer_value(part_of(own, "split_seed")), TRAINED_SEED);
    assert_int_equal(json_integer_value(part_of(unknown, "split_seed")), 1);
    assert_false(json_equal(part_of(seven, "evaluation"), part_of(eight, "evaluation")));
    json_decref(seven);
    json_decref(eight);
    json_decref(own);
    json_decref(unknown);
    json_decref(training);
}

static void threads_and_kernels_hardly_change_the_result(void **state)
{
    (void)state;
    json_t *one = evaluate("net.safetensors --threads 1", "");
    json_t *three = evaluate("net.safetensors --threads 3", "");
    json_t *plain = evaluate("net.safetensors --isa reference", "");
    assert_true(json_equal(part_of(one, "evaluation"), part_of(three, "evaluation")));
    assert_true(json_equal(part_of(one, "worst"), part_of(three, "worst")));
    expect_near(json_real_value(part_of(part_of(one, "evaluation"), "loss")),
                json_real_value(part_of(part_of(plain, "evaluation"), "loss")), 1e-5);
    json_decref(one);
    json_decref(three);
    json_decref(plain);
}

static void the_surest_mistakes_are_shown(void **state)
{
    (void)state;
    json_t *document = evaluate("net.safetensors --worst 5", "");
    json_t *worst = part_of(document, "worst");
    double before = 1;
    assert_int_equal(json_array_size(worst), 5);
    for (size_t index = 0; index < 5; index++) {
        json_t *mistake = json_array_get(worst, index);
        json_int_t label = json_integer_value(part_of(mistake, "class"));
        json_int_t predicted = json_integer_value(part_of(mistake, "predicted"));
        double sureness =
            json_real_value(json_array_get(part_of(mistake, "probabilities"), (size_t)predicted));
        assert_int_not_equal(label, predicted);
        assert_true(sureness <= before);
        before = sureness;
    }
    struct run *run = run_program("evaluate net.safetensors --sample --worst 2");
    char title[64];
    for (size_t index = 0; index < 3; index++) {
        json_t *mistake = json_array_get(worst, index);
        (void)snprintf(title, sizeof title,
                       "\n#%d: ", (int)json_integer_value(part_of(mistake, "image")));
        assert_int_equal(strstr(run->out, title) != NULL, index < 2);
    }
    assert_non_null(strstr(run->out, "\nthe surest 2 of "));
    run_free(run);
    json_decref(document);
}

static void expect_failure(const char *arguments, int status, const char *message)
{
    struct run *run = run_program(arguments);
    assert_int_equal(run->status, status);
    assert_string_equal(run->out, "");
    assert_int_equal(run_lines(run->err), 1);
    if (!strstr(run->err, message))
        fail_msg("'%s' lacks '%s'", run->err, message);
    run_free(run);
}

static void what_cannot_be_is_refused_in_one_line(void **state)
{
    (void)state;
    expect_failure("evaluate", 2, "CHECKPOINT");
    expect_failure("evaluate net.safetensors run.safetensors", 2, "one word too many");
    expect_failure("evaluate net.safetensors --split some", 2, "test, val, train");
    expect_failure("evaluate net.safetensors --worst -1", 2, "--worst -1: ");
    expect_failure("evaluate net.safetensors --worst 1001", 2, "--worst 1001: ");
    expect_failure("evaluate net.safetensors --invert", 2, "--invert belongs to");
    expect_failure("evaluate none.safetensors", 1, "none.safetensors: ");
    expect_failure("evaluate net.safetensors --data /none", 1, "/none: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_belong_together),
        cmocka_unit_test(text_says_the_same_as_json),
        cmocka_unit_test(validation_and_training_images_come_from_the_seed),
        cmocka_unit_test(threads_and_kernels_hardly_change_the_result),
        cmocka_unit_test(the_surest_mistakes_are_shown),
        cmocka_unit_test(what_cannot_be_is_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
