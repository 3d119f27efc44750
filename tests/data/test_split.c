// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "fmnist/data/split.h"

enum { IMAGES = 60000, TRAIN = 54000, VALIDATION = 6000 };

/* How often each image occurs in a list, added to `counts`. */
static void count(const uint32_t *images, size_t length, uint8_t *counts)
{
    for (size_t place = 0; place < length; place++) {
        assert_true(images[place] < IMAGES);
        counts[images[place]]++;
    }
}

static void the_split_deals_each_image_once(void **state)
{
    (void)state;
    struct split *split = split_create(IMAGES, 7, NULL);
    uint8_t *counts = calloc(IMAGES, 1);
    assert_true(split && counts);
    assert_int_equal(split->train_count, TRAIN);
    assert_int_equal(split->validation_count, VALIDATION);
    count(split->train, TRAIN, counts);
    count(split->validation, VALIDATION, counts);
    for (size_t image = 0; image < IMAGES; image++)
        assert_int_equal(counts[image], 1);
    free(counts);
    split_destroy(split);
}

static void the_split_is_the_same_for_the_same_seed_only(void **state)
{
    (void)state;
    struct split *one = split_create(IMAGES, 7, NULL), *same = split_create(IMAGES, 7, NULL);
    struct split *other = split_create(IMAGES, 8, NULL);
    assert_true(one && same && other);
    assert_memory_equal(one->train, same->train, TRAIN * sizeof *one->train);
    assert_memory_equal(one->validation, same->validation, VALIDATION * sizeof *one->train);
    assert_memory_not_equal(one->train, other->train, TRAIN * sizeof *one->train);
    split_destroy(one);
    split_destroy(same);
    split_destroy(other);
}

static void too_few_images_cannot_be_split(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(split_create(9, 1, &err));
    assert_int_not_equal(err.code, ERROR_NONE);
    struct split *split = split_create(10, 1, NULL);
    assert_non_null(split);
    assert_int_equal(split->train_count, 9);
    assert_int_equal(split->validation_count, 1);
    split_destroy(split);
}

static void each_epoch_visits_each_image_once_in_an_order_of_its_own(void **state)
{
    (void)state;
    struct split *split = split_create(IMAGES, 7, NULL);
    uint32_t *first = calloc(TRAIN, sizeof *first), *second = calloc(TRAIN, sizeof *second);
    uint8_t *counts = calloc(IMAGES, 1);
    assert_true(split && first && second && counts);
    split_shuffle(split, 7, 0, first);
    split_shuffle(split, 7, 1, second);
    assert_memory_not_equal(first, second, TRAIN * sizeof *first);
    count(split->train, TRAIN, counts);
    count(first, TRAIN, counts);
    count(second, TRAIN, counts);
    for (size_t image = 0; image < IMAGES; image++)
        assert_true(counts[image] == 0 || counts[image] == 3);
    split_shuffle(split, 7, 0, second);
    assert_memory_equal(first, second, TRAIN * sizeof *first);
    split_shuffle(split, 8, 0, second);
    assert_memory_not_equal(first, second, TRAIN * sizeof *first);
    free(first);
    free(second);
    free(counts);
    split_destroy(split);
}

/* Were images dealt unevenly, places far apart would tell: their mean is that of a fair deal to
 * within five standard errors. */
static void the_deal_is_fair(void **state)
{
    (void)state;
    double sum = 0;
    struct split *split = split_create(IMAGES, 3, NULL);
    assert_non_null(split);
    for (size_t place = 0; place < VALIDATION; place++)
        sum += split->validation[place];
    double mean = sum / VALIDATION, error = IMAGES / 3.4641 / 77.46;
    assert_true(mean > IMAGES / 2.0 - 5 * error && mean < IMAGES / 2.0 + 5 * error);
    split_destroy(split);
}

static void a_batch_has_the_labels_of_its_images(void **state)
{
    (void)state;
    static const uint8_t pixels[3 * DATASET_PIXELS];
    const uint8_t labels[] = {4, 5, 6};
    uint8_t taken[2];
    const uint32_t indices[] = {2, 0};
    const struct image_set set = {3, pixels, labels};
    batch_labels(&set, indices, 2, taken);
    assert_int_equal(taken[0], 6);
    assert_int_equal(taken[1], 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_split_deals_each_image_once),
        cmocka_unit_test(the_split_is_the_same_for_the_same_seed_only),
        cmocka_unit_test(too_few_images_cannot_be_split),
        cmocka_unit_test(each_epoch_visits_each_image_once_in_an_order_of_its_own),
        cmocka_unit_test(the_deal_is_fair),
        cmocka_unit_test(a_batch_has_the_labels_of_its_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
