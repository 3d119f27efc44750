// SPDX-License-Identifier: MIT
/* Filter, order, selection and marks of stored runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/run_table.h"

static struct run_row make_run(int64_t id, const char *name, const char *model, double best)
{
    struct run_row run = {.id = id,
                          .state = RUN_STATE_FINISHED,
                          .best_accuracy = best,
                          .test_accuracy = best > 0 ? best - 0.01 : -1,
                          .epochs_done = (double)id,
                          .seconds = 100 / (double)id};
    (void)snprintf(run.name, sizeof run.name, "%s", name);
    (void)snprintf(run.model, sizeof run.model, "%s", model);
    (void)snprintf(run.data_name, sizeof run.data_name, "Fashion-MNIST");
    return run;
}

/* Fills a table with the first `count` of five runs. */
static void take(struct run_table *table, size_t count)
{
    const struct run_row runs[] = {
        make_run(1, "base", "lenet", 0.88),     make_run(2, "", "alexnet", 0.91),
        make_run(4, "slow lr", "lenet", 0.885), make_run(5, "", "lenet", 0),
        make_run(9, "Alex", "alexnet", 0.905),
    };
    struct run_row *copy = calloc(count, sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, runs, count * sizeof *copy);
    copy[3 < count ? 3 : 0].state = 3 < count ? RUN_STATE_INTERRUPTED : RUN_STATE_FINISHED;
    assert_true(run_table_take(table, copy, count, NULL));
}

/* The numbers of the runs that are shown. */
static const char *shown(const struct run_table *table, char *text)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t place = 0; place < table->shown; place++)
        used += (size_t)sprintf(text + used, "%s%d", place ? " " : "",
                                (int)run_table_at(table, place)->id);
    return text;
}

static void orders_follow_one_another(void **state)
{
    (void)state;
    static const char *const ORDERS[] = {"9 5 4 2 1", "2 9 4 1 5", "2 9 4 1 5",
                                         "1 2 4 5 9", "9 1 2 5 4", "9 5 4 2 1"};
    struct run_table table = {.count = 0};
    char text[64];
    take(&table, 5);
    for (size_t index = 0; index < sizeof ORDERS / sizeof *ORDERS; index++) {
        assert_string_equal(shown(&table, text), ORDERS[index]);
        assert_non_null(run_table_order_name(table.sort));
        run_table_sort_next(&table);
    }
    run_table_clear(&table);
}

static void long_lists_are_sorted_too(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    struct run_table table = {.sort = RUN_ORDER_BEST};
    struct run_row *runs = calloc(COUNT, sizeof *runs);
    assert_non_null(runs);
    for (int index = 0; index < COUNT; index++)
        runs[index] = make_run(index + 1, "", "lenet", (double)(index * 7919 % COUNT + 1) / COUNT);
    assert_true(run_table_take(&table, runs, COUNT, NULL));
    for (size_t place = 1; place < COUNT; place++)
        assert_true(run_table_at(&table, place - 1)->best_accuracy >
                    run_table_at(&table, place)->best_accuracy);
    run_table_clear(&table);
}

static void a_filter_takes_words_and_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *filter, *shown;
    } CASES[] = {
        {"", "9 5 4 2 1"},        {"lenet", "5 4 1"},     {"LENET-5", "5 4 1"},
        {"alex", "9 2"},          {"alex val>90.8", "2"}, {"val<88.2", "1"},
        {"test>=", NULL},         {"epochs=4", "4"},      {"interrupted", "5"},
        {"  slow   lr ", "4"},    {"nothing", ""},        {"fashion", "9 5 4 2 1"},
        {"accuracy>3", NULL},     {"val>", NULL},         {"val>x", NULL},
        {"test>87.4 lenet", "4"},
    };
    struct run_table table = {.count = 0};
    char text[64];
    take(&table, 5);
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        struct error err = {0};
        bool good = run_table_set_filter(&table, CASES[index].filter, &err);
        assert_int_equal(good, CASES[index].shown != NULL);
        if (good)
            assert_string_equal(shown(&table, text), CASES[index].shown);
        else
            assert_non_null(strstr(err.message, "val>88.5"));
    }
    run_table_clear(&table);
}

static void the_selection_stays_on_its_run(void **state)
{
    (void)state;
    struct run_table table = {.count = 0};
    take(&table, 4);
    assert_int_equal(run_table_selected(&table)->id, 5);
    run_table_move(&table, 2);
    assert_int_equal(run_table_selected(&table)->id, 2);
    run_table_sort_next(&table);
    assert_int_equal(run_table_selected(&table)->id, 2);
    take(&table, 5);
    assert_int_equal(run_table_selected(&table)->id, 2);
    assert_true(run_table_set_filter(&table, "lenet", NULL));
    assert_non_null(run_table_selected(&table));
    run_table_move(&table, 100);
    assert_int_equal(run_table_selected(&table)->id, 5);
    assert_true(run_table_set_filter(&table, "nothing", NULL));
    assert_null(run_table_selected(&table));
    run_table_move(&table, 1);
    run_table_clear(&table);
}

static void marked_runs_are_looked_at_together(void **state)
{
    (void)state;
    const struct run_row *runs[RUN_MARKS_MAX];
    struct run_table table = {.count = 0};
    take(&table, 5);
    assert_int_equal(run_table_chosen(&table, runs), 1);
    assert_int_equal(runs[0]->id, 9);
    run_table_select(&table, 3);
    assert_true(run_table_mark(&table));
    run_table_select(&table, 0);
    assert_true(run_table_mark(&table));
    assert_int_equal(run_table_chosen(&table, runs), 2);
    assert_int_equal(runs[0]->id, 2);
    assert_int_equal(runs[1]->id, 9);
    take(&table, 4); /* run 9 is gone */
    assert_int_equal(run_table_chosen(&table, runs), 1);
    assert_int_equal(runs[0]->id, 2);
    run_table_mark_all(&table); /* none */
    run_table_mark_all(&table); /* all */
    assert_int_equal(run_table_chosen(&table, runs), 4);
    assert_true(run_table_mark(&table));
    assert_int_equal(run_table_chosen(&table, runs), 3);
    run_table_clear(&table);
}

static void no_more_are_marked_than_can_be_told_apart(void **state)
{
    (void)state;
    struct run_table table = {.count = 0};
    struct run_row *runs = calloc(RUN_MARKS_MAX + 1, sizeof *runs);
    assert_non_null(runs);
    for (int index = 0; index <= RUN_MARKS_MAX; index++)
        runs[index] = make_run(index + 1, "", "lenet", 0.5);
    assert_true(run_table_take(&table, runs, RUN_MARKS_MAX + 1, NULL));
    for (size_t place = 0; place <= RUN_MARKS_MAX; place++) {
        run_table_select(&table, place);
        assert_int_equal(run_table_mark(&table), place < RUN_MARKS_MAX);
    }
    run_table_clear(&table);
}

static void an_empty_table_has_nothing_selected(void **state)
{
    (void)state;
    const struct run_row *runs[RUN_MARKS_MAX];
    struct run_table table = {.count = 0};
    assert_true(run_table_take(&table, calloc(1, 1), 0, NULL));
    assert_null(run_table_selected(&table));
    assert_true(run_table_mark(&table));
    run_table_mark_all(&table);
    run_table_sort_next(&table);
    assert_int_equal(run_table_chosen(&table, runs), 0);
    run_table_clear(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_follow_one_another),
        cmocka_unit_test(long_lists_are_sorted_too),
        cmocka_unit_test(a_filter_takes_words_and_numbers),
        cmocka_unit_test(the_selection_stays_on_its_run),
        cmocka_unit_test(marked_runs_are_looked_at_together),
        cmocka_unit_test(no_more_are_marked_than_can_be_told_apart),
        cmocka_unit_test(an_empty_table_has_nothing_selected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
