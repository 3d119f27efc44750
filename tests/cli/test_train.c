// SPDX-License-Identifier: MIT
/* Training without screens, as a script sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum { NAME_COLUMNS = 16 }; /* before a row's numbers */

static json_t *parse(const struct run *run)
{
    json_error_t error;
    json_t *result = json_loads(run->out, 0, &error);
    if (!result)
        fail_msg("line %d: %s, in:\n%s", error.line, error.text, run->out);
    return result;
}

static void a_run_writes_a_line_an_epoch_and_its_result(void **state)
{
    (void)state;
    struct run *run = run_program("train --sample --epochs 2");
    assert_int_equal(run->status, 0);
    assert_null(strchr(run->out, '\033'));
    assert_null(strchr(run->out, '\r'));
    assert_string_equal(run->err, "");
    assert_non_null(strstr(run->out, "LeNet-5, 44426 parameters, on Fashion-MNIST sample"));
    assert_non_null(strstr(run->out, "\nepoch  1/2"));
    assert_non_null(strstr(run->out, "\nepoch  2/2"));
    assert_non_null(strstr(run->out, "\ntest accuracy "));
    assert_non_null(strstr(run->out, "\nAnkle boot "));
    run_free(run);
}

/* Ten numbers after a name in the matrix sum to the class's images, 100 in the sample. */
static void the_matrix_has_all_test_images(void **state)
{
    (void)state;
    struct run *run = run_program("train --sample --epochs 1");
    const char *matrix = strstr(run->out, "confusion matrix");
    assert_non_null(matrix);
    for (int label = 0; label < 10; label++) {
        long sum = 0;
        matrix = strchr(matrix + 1, '\n');
        assert_non_null(matrix);
        if (label == 0) /* the columns' heads */
            matrix = strchr(matrix + 1, '\n');
        const char *cell = matrix + 1 + NAME_COLUMNS;
        char *end;
        for (int column = 0; column < 10; column++, cell = end)
            sum += strtol(cell, &end, 10);
        assert_int_equal(sum, 100);
    }
    run_free(run);
}

/* The sum of the matrix in `evaluation`, and of its diagonal. */
static long matrix_sum(json_t *evaluation, long *diagonal)
{
    long sum = 0;
    size_t label, predicted;
    json_t *row, *cell;
    *diagonal = 0;
    json_array_foreach(json_object_get(evaluation, "confusion"), label, row)
    {
        json_array_foreach(row, predicted, cell)
        {
            sum += (long)json_integer_value(cell);
            *diagonal += label == predicted ? (long)json_integer_value(cell) : 0;
        }
    }
    return sum;
}

static void json_is_one_document_whose_numbers_agree(void **state)
{
    (void)state;
    struct run *run = run_program("train --sample --epochs 2 --batch 50 --lr 0.002 --seed "
                                  "9223372036854775807 --isa generic --json");
    json_t *result = parse(run), *test = json_object_get(result, "test");
    long diagonal;
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->err, "epoch  2/2"));
    assert_string_equal(json_string_value(json_object_get(result, "model")), "lenet");
    assert_int_equal(json_integer_value(json_object_get(result, "parameters")), 44426);
    assert_int_equal(json_integer_value(json_object_get(result, "steps")), 216);
    assert_int_equal(json_integer_value(json_object_get(result, "seed")), INT64_MAX);
    assert_int_equal(json_array_size(json_object_get(result, "history")), 2);
    assert_string_equal(json_string_value(json_object_get(result, "isa")), "generic");
    assert_non_null(json_string_value(json_object_get(result, "openblas_core")));
    assert_true(json_is_false(json_object_get(result, "interrupted")));
    assert_int_equal(matrix_sum(test, &diagonal), 1000);
    assert_int_equal(json_integer_value(json_object_get(test, "correct")), diagonal);
    assert_true(fabs(json_real_value(json_object_get(test, "accuracy")) - (double)diagonal / 1000) <
                1e-12);
    assert_int_equal(json_array_size(json_object_get(test, "classes")), 10);
    json_decref(result);
    run_free(run);
}

/* What does not depend on the clock. */
static json_t *timeless(const struct run *run)
{
    static const char *const TIMES[] = {"seconds", "images_per_second", "threads"};
    json_t *result = parse(run), *epoch;
    size_t index;
    for (size_t time = 0; time < sizeof TIMES / sizeof *TIMES; time++)
        assert_int_equal(json_object_del(result, TIMES[time]), 0);
    json_array_foreach(json_object_get(result, "history"), index, epoch)
        assert_int_equal(json_object_del(epoch, "seconds"), 0);
    return result;
}

static void the_same_seed_gives_the_same_result_with_any_threads(void **state)
{
    (void)state;
    struct run *one = run_program("train --sample --epochs 1 --json --threads 1");
    struct run *three = run_program("train --sample --epochs 1 --json --threads 3");
    struct run *other = run_program("train --sample --epochs 1 --json --seed 2");
    json_t *first = timeless(one), *second = timeless(three), *third = timeless(other);
    assert_true(json_equal(first, second));
    assert_false(json_equal(first, third));
    json_decref(first);
    json_decref(second);
    json_decref(third);
    run_free(one);
    run_free(three);
    run_free(other);
}

static void without_a_terminal_the_program_trains(void **state)
{
    (void)state;
    struct run *run = run_program("--sample --epochs 1");
    assert_int_equal(run->status, 0);
    assert_non_null(strstr(run->out, "test accuracy"));
    run_free(run);
}

static void an_interrupted_run_writes_the_results_so_far(void **state)
{
    (void)state;
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index++) {
        struct run *run =
            run_signalled("train --sample --epochs 1000 --json", "epoch  1/1000", SIGNALS[index]);
        json_t *result = parse(run);
        assert_int_equal(run->status, 128 + SIGNALS[index]);
        assert_true(json_is_true(json_object_get(result, "interrupted")));
        assert_true(json_integer_value(json_object_get(result, "steps")) >= 54);
        assert_true(json_is_null(json_object_get(result, "test")));
        json_decref(result);
        run_free(run);
    }
}

static void an_interrupted_run_says_how_far_it_came(void **state)
{
    (void)state;
    struct run *run = run_signalled("train --sample --epochs 1000", "epoch  1/1000", SIGINT);
    assert_int_equal(run->status, 128 + SIGINT);
    assert_non_null(strstr(run->out, "\nstopped in epoch "));
    assert_non_null(strstr(run->out, "\nlast validation accuracy "));
    run_free(run);
}

static void on_a_terminal_there_is_a_line_with_a_bar(void **state)
{
    (void)state;
    struct run *run = run_on_terminal("train --sample --epochs 40");
    assert_int_equal(run->status, 0);
    const char *line = strstr(run->out, "/40 [");
    if (!line)
        fail_msg("no bar in: %s", run->out);
    assert_non_null(strstr(line, "loss "));
    assert_non_null(strstr(line, "accuracy "));
    assert_non_null(strstr(line, " images/s"));
    assert_non_null(strstr(line, " left"));
    run_free(run);
}

static void a_reader_that_goes_away_ends_the_run(void **state)
{
    (void)state;
    struct run *run = run_unread("train --sample --epochs 1000");
    assert_true(run->status == 128 + SIGPIPE || run->status == 1);
    run_free(run);
}

static void a_full_disk_is_an_error_of_the_run(void **state)
{
    (void)state;
    struct run *run = run_into("train --sample --epochs 1 --json", "/dev/full");
    assert_int_equal(run->status, 1);
    assert_non_null(strstr(run->err, "No space left on device"));
    run_free(run);
}

static void a_learning_rate_beyond_reason_ends_with_an_error(void **state)
{
    (void)state;
    struct run *run = run_program("train --sample --epochs 1 --lr 1e38");
    assert_int_equal(run->status, 1);
    assert_non_null(strstr(run->err, "fmnist-tui: "));
    run_free(run);
}

static void a_loss_that_is_no_number_ends_the_run_with_one_line(void **state)
{
    (void)state;
    struct run *run = run_program("train --sample --epochs 1 --lr 1e38 --json");
    assert_int_equal(run->status, 1);
    assert_string_equal(run->out, "");
    assert_non_null(strstr(run->err, "fmnist-tui: LeNet-5: the loss became "));
    assert_non_null(strstr(run->err, "; a lower learning rate may help\n"));
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_writes_a_line_an_epoch_and_its_result),
        cmocka_unit_test(the_matrix_has_all_test_images),
        cmocka_unit_test(json_is_one_document_whose_numbers_agree),
        cmocka_unit_test(the_same_seed_gives_the_same_result_with_any_threads),
        cmocka_unit_test(without_a_terminal_the_program_trains),
        cmocka_unit_test(an_interrupted_run_writes_the_results_so_far),
        cmocka_unit_test(an_interrupted_run_says_how_far_it_came),
        cmocka_unit_test(on_a_terminal_there_is_a_line_with_a_bar),
        cmocka_unit_test(a_reader_that_goes_away_ends_the_run),
        cmocka_unit_test(a_full_disk_is_an_error_of_the_run),
        cmocka_unit_test(a_learning_rate_beyond_reason_ends_with_an_error),
        cmocka_unit_test(a_loss_that_is_no_number_ends_the_run_with_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
