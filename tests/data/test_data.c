// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fmnist/data/dataset.h"
#include "fmnist/data/idx.h"
#include "fmnist/data/split.h"

static void sample_has_the_same_count_of_each_class(void **state)
{
    (void)state;
    struct error err = {0};
    struct dataset *dataset = dataset_load_sample(&err);
    assert_non_null(dataset);
    size_t counts[DATASET_CLASSES] = {0};
    assert_int_equal(dataset_train(dataset)->count, 6000);
    assert_int_equal(dataset_test(dataset)->count, 1000);
    for (size_t item = 0; item < 6000; item++)
        counts[dataset_train(dataset)->labels[item]]++;
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        assert_int_equal(counts[label], 600);
    dataset_destroy(dataset);
}

static void split_is_a_partition_and_the_same_for_the_same_seed(void **state)
{
    (void)state;
    struct split *one = split_create(60000, 7, NULL), *two = split_create(60000, 7, NULL);
    uint8_t *seen = calloc(60000, 1);
    assert_true(one && two && seen);
    assert_int_equal(one->train_count, 54000);
    assert_int_equal(one->validation_count, 6000);
    assert_memory_equal(one->train, two->train, 54000 * sizeof *one->train);
    for (size_t item = 0; item < 54000; item++)
        assert_int_equal(seen[one->train[item]]++, 0);
    for (size_t item = 0; item < 6000; item++)
        assert_int_equal(seen[one->validation[item]]++, 0);
    free(seen);
    split_destroy(one);
    split_destroy(two);
}

static void bad_arrays_are_refused_with_their_own_message(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[12];
        size_t size;
        const char *message;
    } cases[] = {
        {{0}, 0, "x: the file is empty"},
        {{0, 0, 8}, 3, "x: cut short: 4 bytes expected, content ends after 3"},
        {{0, 0, 9, 1, 0, 0, 0, 1, 5}, 9, "x: not an IDX file of bytes: it begins with 00 00 09"},
        {{0, 0, 8, 3, 0, 0, 0, 1, 5}, 9, "x: the array has rank 3, rank 1 expected"},
        {{0, 0, 8, 1, 0, 0, 0, 0}, 8, "x: the array has no items"},
        {{0, 0, 8, 1, 255, 255, 255, 255},
         8,
         "x: 4294967295 items; more than 10000000 are not supported"},
        {{0, 0, 8, 1, 0, 0, 0, 2, 5},
         9,
         "x: cut short: 10 bytes expected, the file holds at most 9"},
        {{0, 0, 8, 1, 0, 0, 0, 1, 5, 6}, 10, "x: too long: its header says 9 bytes, more follow"},
    };
    for (size_t item = 0; item < sizeof cases / sizeof cases[0]; item++) {
        struct idx idx;
        struct error err = {0};
        assert_false(idx_parse(cases[item].bytes, cases[item].size, "x", 1, &idx, &err));
        assert_string_equal(err.message, cases[item].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sample_has_the_same_count_of_each_class),
        cmocka_unit_test(split_is_a_partition_and_the_same_for_the_same_seed),
        cmocka_unit_test(bad_arrays_are_refused_with_their_own_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
