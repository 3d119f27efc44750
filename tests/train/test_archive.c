// SPDX-License-Identifier: MIT
/* What an archive keeps of a long run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fmnist/train/archive.h"
#include "train/draft.h"

enum { IMAGES = 8 };

/* An evaluation after `epoch` epochs of 10 steps, with `correct` right answers. */
static const struct evaluation *evaluate(size_t epoch, size_t correct)
{
    static const uint8_t labels[IMAGES] = {0};
    const struct image_set set = {.count = IMAGES, .labels = labels};
    float logits[IMAGES * DATASET_CLASSES] = {0};
    struct draft *draft = draft_create(EVALUATION_VALIDATION, &set, NULL, IMAGES, NULL);
    assert_non_null(draft);
    for (size_t image = 0; image < IMAGES; image++)
        logits[image * DATASET_CLASSES + (image < correct ? 0 : 1)] = 5;
    draft_add(draft, logits, IMAGES);
    return draft_finish(draft, 10 * epoch, (double)epoch, NULL);
}

/* Adds an evaluation to the archive, which it takes over. */
static const struct archive *add(const struct archive *before, size_t epoch, size_t correct)
{
    const struct evaluation *evaluation = evaluate(epoch, correct);
    const struct archive *archive = archive_add(before, evaluation, NULL);
    assert_non_null(archive);
    evaluation_release(evaluation);
    archive_release(before);
    return archive;
}

static void evaluations_are_kept_in_the_order_of_the_run(void **state)
{
    (void)state;
    const struct archive *archive = NULL;
    for (size_t epoch = 1; epoch <= 5; epoch++)
        archive = add(archive, epoch, 1);
    assert_int_equal(archive->count, 5);
    for (size_t place = 0; place < 5; place++)
        assert_int_equal(archive->evaluations[place]->step, 10 * (place + 1));
    archive_release(archive);
}

static void an_evaluation_of_the_same_step_replaces_the_one_before(void **state)
{
    (void)state;
    const struct archive *archive = add(add(NULL, 1, 1), 2, 1);
    archive = add(archive, 2, 3);
    assert_int_equal(archive->count, 2);
    assert_int_equal(archive->evaluations[1]->correct, 3);
    archive_release(archive);
}

static void a_long_run_is_covered_evenly_from_its_first_to_its_last(void **state)
{
    (void)state;
    enum { EPOCHS = 10 * ARCHIVE_MAX };
    const struct archive *archive = NULL;
    double widest = 0;
    for (size_t epoch = 1; epoch <= EPOCHS; epoch++)
        archive = add(archive, epoch, 1);
    assert_int_equal(archive->count, ARCHIVE_MAX);
    assert_true(archive->evaluations[0]->epoch == 1);
    assert_true(archive->evaluations[ARCHIVE_MAX - 1]->epoch == EPOCHS);
    for (size_t place = 1; place < ARCHIVE_MAX; place++) {
        double gap = archive->evaluations[place]->epoch - archive->evaluations[place - 1]->epoch;
        assert_true(gap > 0);
        widest = gap > widest ? gap : widest;
    }
    assert_true(widest <= 2.0 * EPOCHS / ARCHIVE_MAX);
    archive_release(archive);
}

static void the_best_evaluation_is_never_dropped(void **state)
{
    (void)state;
    const struct archive *archive = NULL;
    size_t best = 0;
    for (size_t epoch = 1; epoch <= 8 * ARCHIVE_MAX; epoch++)
        archive = add(archive, epoch, epoch == 5 ? IMAGES : 2);
    for (size_t place = 0; place < archive->count; place++)
        if (archive->evaluations[place]->correct == IMAGES)
            best++;
    assert_int_equal(best, 1);
    archive_release(archive);
}

static void an_archive_does_not_change_when_another_is_made_of_it(void **state)
{
    (void)state;
    const struct archive *old = add(add(NULL, 1, 1), 2, 2);
    const struct archive *kept = archive_share(old);
    const struct archive *new = add(old, 3, 3);
    assert_int_equal(kept->count, 2);
    assert_int_equal(kept->evaluations[1]->correct, 2);
    assert_int_equal(new->count, 3);
    assert_ptr_equal(new->evaluations[0], kept->evaluations[0]);
    archive_release(kept);
    assert_int_equal(new->evaluations[0]->correct, 1);
    archive_release(new);
    assert_null(archive_share(NULL));
    archive_release(NULL);
}

static void an_evaluation_takes_the_place_of_that_of_its_step(void **state)
{
    (void)state;
    const struct archive *archive = add(add(add(NULL, 1, 1), 2, 1), 3, 1);
    const struct evaluation *second = evaluate(2, 4), *fourth = evaluate(4, 4);
    const struct archive *with = archive_replace(archive, second, NULL);
    const struct archive *same = archive_replace(archive, fourth, NULL);
    assert_int_equal(with->count, 3);
    assert_ptr_equal(archive_find(with, 20), second);
    assert_ptr_equal(archive_find(with, 30), archive->evaluations[2]);
    assert_int_equal(archive_find(archive, 20)->correct, 1);
    assert_int_equal(same->count, 3);
    assert_null(archive_find(same, 40));
    assert_null(archive_find(NULL, 10));
    evaluation_release(second);
    evaluation_release(fourth);
    archive_release(archive);
    archive_release(same);
    assert_int_equal(with->evaluations[1]->correct, 4);
    archive_release(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluations_are_kept_in_the_order_of_the_run),
        cmocka_unit_test(an_evaluation_of_the_same_step_replaces_the_one_before),
        cmocka_unit_test(a_long_run_is_covered_evenly_from_its_first_to_its_last),
        cmocka_unit_test(the_best_evaluation_is_never_dropped),
        cmocka_unit_test(an_archive_does_not_change_when_another_is_made_of_it),
        cmocka_unit_test(an_evaluation_takes_the_place_of_that_of_its_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
