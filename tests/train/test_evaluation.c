// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "fmnist/train/evaluation.h"
#include "train/draft.h"

enum { IMAGES_MAX = 64 };

/* One image of a made-up evaluation: what it shows, and what the network says how surely. */
struct answer {
    uint8_t label;
    uint8_t predicted;
    float probability; /* above 0.1; the other nine classes share the rest evenly */
};

static void write_logits(const struct answer *answers, size_t count, float *logits)
{
    for (size_t image = 0; image < count; image++) {
        float rest = (1 - answers[image].probability) / (DATASET_CLASSES - 1);
        for (size_t label = 0; label < DATASET_CLASSES; label++)
            logits[image * DATASET_CLASSES + label] = logf(rest) + 3;
        logits[image * DATASET_CLASSES + answers[image].predicted] =
            logf(answers[image].probability) + 3;
    }
}

/* Evaluates the answers in batches of `batch` images. */
static const struct evaluation *evaluate_in_batches(const struct answer *answers, size_t count,
                                                    size_t batch, double epoch,
                                                    const struct evaluation *before)
{
    uint8_t labels[IMAGES_MAX];
    float logits[IMAGES_MAX * DATASET_CLASSES];
    for (size_t image = 0; image < count; image++)
        labels[image] = answers[image].label;
    write_logits(answers, count, logits);
    struct image_set set = {.count = count, .labels = labels};
    struct draft *draft = draft_create(EVALUATION_VALIDATION, &set, NULL, count, NULL);
    assert_non_null(draft);
    assert_int_equal(draft_count(draft), count);
    while (draft_done(draft) < count) {
        size_t done = draft_done(draft), left = count - done;
        assert_int_equal(draft_images(draft)[0], done);
        draft_add(draft, logits + done * DATASET_CLASSES, batch < left ? batch : left);
    }
    return draft_finish(draft, 77, epoch, before);
}

static const struct evaluation *evaluate(const struct answer *answers, size_t count)
{
    return evaluate_in_batches(answers, count, count, 1, NULL);
}

/* Classes 0 to 2 are mixed up; 3 is shown and never predicted, 4 predicted and never shown. */
static const struct answer mixed[] = {
    {0, 0, 0.9F}, {0, 0, 0.8F}, {0, 1, 0.6F}, {1, 1, 0.9F}, {1, 0, 0.7F},
    {2, 2, 0.5F}, {3, 2, 0.4F}, {3, 4, 0.3F}, {1, 1, 0.5F},
};
enum { MIXED = sizeof mixed / sizeof *mixed };

static void the_matrix_counts_true_class_against_predicted_class(void **state)
{
    (void)state;
    size_t expected[DATASET_CLASSES][DATASET_CLASSES] = {
        {2, 1}, {1, 2}, {0, 0, 1}, {0, 0, 1, 0, 1}};
    const struct evaluation *evaluation = evaluate(mixed, MIXED);
    assert_memory_equal(evaluation->confusion, expected, sizeof expected);
    assert_int_equal(evaluation->count, MIXED);
    assert_int_equal(evaluation->correct, 5);
    assert_true(evaluation->accuracy == 5.0 / 9.0);
    assert_int_equal(evaluation->part, EVALUATION_VALIDATION);
    assert_int_equal(evaluation->step, 77);
    evaluation_release(evaluation);
}

static void check_score(const struct evaluation *evaluation, size_t label,
                        struct class_score expected)
{
    const struct class_score *score = &evaluation->classes[label];
    assert_int_equal(score->support, expected.support);
    assert_true(fabs(score->precision - expected.precision) < 1e-12);
    assert_true(fabs(score->recall - expected.recall) < 1e-12);
    assert_true(fabs(score->f1 - expected.f1) < 1e-12);
}

static void precision_recall_and_f1_follow_from_the_matrix(void **state)
{
    (void)state;
    const struct evaluation *evaluation = evaluate(mixed, MIXED);
    check_score(evaluation, 0, (struct class_score){3, 2 / 3.0, 2 / 3.0, 2 / 3.0});
    check_score(evaluation, 1, (struct class_score){3, 2 / 3.0, 2 / 3.0, 2 / 3.0});
    check_score(evaluation, 2, (struct class_score){1, 0.5, 1, 2 / 3.0});
    evaluation_release(evaluation);
}

static void a_class_without_predictions_or_images_scores_zero(void **state)
{
    (void)state;
    const struct evaluation *evaluation = evaluate(mixed, MIXED);
    check_score(evaluation, 3, (struct class_score){2, 0, 0, 0}); /* never predicted */
    check_score(evaluation, 4, (struct class_score){0, 0, 0, 0}); /* never shown */
    check_score(evaluation, 9, (struct class_score){0, 0, 0, 0}); /* neither */
    evaluation_release(evaluation);
}

static void perfect_answers_score_one_and_leave_no_mistakes(void **state)
{
    (void)state;
    struct answer answers[2 * DATASET_CLASSES];
    for (uint8_t image = 0; image < 2 * DATASET_CLASSES; image++) {
        uint8_t label = image % DATASET_CLASSES;
        answers[image] = (struct answer){label, label, 0.75F};
    }
    const struct evaluation *evaluation = evaluate(answers, 2 * DATASET_CLASSES);
    for (size_t label = 0; label < DATASET_CLASSES; label++)
        check_score(evaluation, label, (struct class_score){2, 1, 1, 1});
    assert_int_equal(evaluation->mistake_count, 0);
    assert_true(evaluation->accuracy == 1);
    assert_true(fabs(evaluation->loss + log(0.75)) < 1e-6);
    evaluation_release(evaluation);
}

static void mistakes_come_surest_first_and_ties_in_order(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        {5, 6, 0.3F}, {5, 5, 0.99F}, {7, 8, 0.9F}, {1, 2, 0.5F},
        {9, 0, 0.5F}, {4, 4, 0.2F},  {3, 1, 0.5F}, {2, 0, 0.95F},
    };
    static const uint32_t order[] = {7, 2, 3, 4, 6, 0};
    const struct evaluation *evaluation = evaluate(answers, sizeof answers / sizeof *answers);
    assert_int_equal(evaluation->mistake_count, 6);
    assert_memory_equal(evaluation->mistakes, order, sizeof order);
    for (size_t mistake = 0; mistake < 6; mistake++) {
        uint32_t place = evaluation->mistakes[mistake];
        assert_int_equal(evaluation->labels[place], answers[place].label);
        assert_int_equal(evaluation->predicted[place], answers[place].predicted);
    }
    evaluation_release(evaluation);
}

static void the_ten_probabilities_sum_to_one_with_the_prediction_on_top(void **state)
{
    (void)state;
    const struct evaluation *evaluation = evaluate(mixed, MIXED);
    for (size_t image = 0; image < MIXED; image++) {
        const float *row = evaluation->probabilities + image * DATASET_CLASSES;
        double sum = 0;
        for (size_t label = 0; label < DATASET_CLASSES; label++) {
            assert_true(row[label] >= 0 && row[label] <= row[mixed[image].predicted]);
            sum += (double)row[label];
        }
        assert_true(fabs(sum - 1) < 1e-6);
        assert_true(fabsf(row[mixed[image].predicted] - mixed[image].probability) < 1e-6F);
    }
    evaluation_release(evaluation);
}

static void the_size_of_batches_changes_nothing(void **state)
{
    (void)state;
    const struct evaluation *whole = evaluate(mixed, MIXED);
    const struct evaluation *parts = evaluate_in_batches(mixed, MIXED, 4, 1, NULL);
    assert_true(fabs(whole->loss - parts->loss) < 1e-12);
    assert_memory_equal(whole->confusion, parts->confusion, sizeof whole->confusion);
    assert_memory_equal(whole->classes, parts->classes, sizeof whole->classes);
    assert_memory_equal(whole->probabilities, parts->probabilities,
                        MIXED * DATASET_CLASSES * sizeof(float));
    assert_memory_equal(whole->mistakes, parts->mistakes,
                        whole->mistake_count * sizeof *whole->mistakes);
    evaluation_release(parts);
    evaluation_release(whole);
}

static void a_mistake_remembers_the_epoch_in_which_it_began(void **state)
{
    (void)state;
    static const struct answer first[] = {{1, 2, 0.5F}, {1, 1, 0.5F}, {1, 2, 0.5F}};
    static const struct answer second[] = {{1, 3, 0.5F}, {1, 2, 0.5F}, {1, 1, 0.5F}};
    static const struct answer third[] = {{1, 3, 0.5F}, {1, 2, 0.5F}, {1, 2, 0.5F}};
    static const uint16_t expected[3][3] = {{1, 0, 1}, {1, 2, 0}, {1, 2, 3}};
    const struct evaluation *one = evaluate_in_batches(first, 3, 3, 0.25, NULL);
    const struct evaluation *two = evaluate_in_batches(second, 3, 3, 2, one);
    const struct evaluation *three = evaluate_in_batches(third, 3, 3, 2.5, two);
    assert_memory_equal(one->wrong_since, expected[0], sizeof expected[0]);
    assert_memory_equal(two->wrong_since, expected[1], sizeof expected[1]);
    assert_memory_equal(three->wrong_since, expected[2], sizeof expected[2]);
    evaluation_release(three);
    evaluation_release(two);
    evaluation_release(one);
}

static void an_image_counts_how_often_it_was_forgotten(void **state)
{
    (void)state;
    static const struct answer first[] = {{1, 1, 0.5F}, {1, 1, 0.5F}, {1, 2, 0.5F}};
    static const struct answer second[] = {{1, 2, 0.5F}, {1, 1, 0.5F}, {1, 2, 0.5F}};
    static const struct answer third[] = {{1, 1, 0.5F}, {1, 2, 0.5F}, {1, 1, 0.5F}};
    static const uint16_t expected[2][3] = {{0, 0, 0}, {1, 0, 0}};
    const struct evaluation *one = evaluate_in_batches(first, 3, 3, 1, NULL);
    const struct evaluation *two = evaluate_in_batches(second, 3, 3, 2, one);
    const struct evaluation *three = evaluate_in_batches(third, 3, 3, 3, two);
    const struct evaluation *four = evaluate_in_batches(second, 3, 3, 4, three);
    assert_memory_equal(one->forgotten, expected[0], sizeof expected[0]);
    assert_memory_equal(two->forgotten, expected[1], sizeof expected[1]);
    assert_int_equal(four->forgotten[0], 2);
    assert_int_equal(four->forgotten[1], 1);
    assert_int_equal(four->forgotten[2], 1);
    evaluation_release(four);
    evaluation_release(three);
    evaluation_release(two);
    evaluation_release(one);
}

static void images_are_those_that_were_asked_for(void **state)
{
    (void)state;
    static const uint8_t labels[] = {0, 1, 2, 3, 4, 5};
    static const uint32_t indices[] = {5, 0, 3};
    static const uint8_t expected[] = {5, 0, 3};
    float logits[3 * DATASET_CLASSES] = {0};
    struct image_set set = {.count = sizeof labels, .labels = labels};
    struct draft *draft = draft_create(EVALUATION_TEST, &set, indices, 3, NULL);
    assert_non_null(draft);
    assert_int_equal(draft_part(draft), EVALUATION_TEST);
    draft_add(draft, logits, 3);
    const struct evaluation *evaluation = draft_finish(draft, 0, 0, NULL);
    assert_memory_equal(evaluation->images, indices, sizeof indices);
    assert_memory_equal(evaluation->labels, expected, sizeof expected);
    assert_true(fabs(evaluation->loss - log(10)) < 1e-6);
    evaluation_release(evaluation);
}

static void an_evaluation_lives_as_long_as_its_last_reference(void **state)
{
    (void)state;
    const struct evaluation *evaluation = evaluate(mixed, MIXED);
    const struct evaluation *shared = evaluation_share(evaluation);
    evaluation_release(evaluation);
    assert_int_equal(shared->labels[8], 1);
    evaluation_release(shared);
    assert_null(evaluation_share(NULL));
    evaluation_release(NULL);
}

static void figures_are_the_same_without_answers(void **state)
{
    (void)state;
    struct error err = {0};
    const struct evaluation *whole = evaluate(mixed, MIXED);
    struct evaluation kept = {.part = whole->part, .step = whole->step, .epoch = whole->epoch};
    kept.count = whole->count;
    kept.loss = whole->loss;
    memcpy(kept.confusion, whole->confusion, sizeof kept.confusion);
    const struct evaluation *figures = evaluation_restore_figures(&kept, &err);
    assert_non_null(figures);
    assert_true(evaluation_answered(whole));
    assert_false(evaluation_answered(figures));
    assert_int_equal(figures->step, whole->step);
    assert_int_equal(figures->correct, whole->correct);
    assert_memory_equal(&figures->epoch, &whole->epoch, sizeof whole->epoch);
    assert_memory_equal(&figures->loss, &whole->loss, sizeof whole->loss);
    assert_memory_equal(&figures->accuracy, &whole->accuracy, sizeof whole->accuracy);
    assert_memory_equal(figures->confusion, whole->confusion, sizeof whole->confusion);
    assert_memory_equal(figures->classes, whole->classes, sizeof whole->classes);
    assert_int_equal(figures->mistake_count, 0);
    evaluation_release(figures);
    evaluation_release(whole);
    kept.count++;
    assert_null(evaluation_restore_figures(&kept, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matrix_counts_true_class_against_predicted_class),
        cmocka_unit_test(precision_recall_and_f1_follow_from_the_matrix),
        cmocka_unit_test(a_class_without_predictions_or_images_scores_zero),
        cmocka_unit_test(perfect_answers_score_one_and_leave_no_mistakes),
        cmocka_unit_test(mistakes_come_surest_first_and_ties_in_order),
        cmocka_unit_test(the_ten_probabilities_sum_to_one_with_the_prediction_on_top),
        cmocka_unit_test(the_size_of_batches_changes_nothing),
        cmocka_unit_test(a_mistake_remembers_the_epoch_in_which_it_began),
        cmocka_unit_test(an_image_counts_how_often_it_was_forgotten),
        cmocka_unit_test(images_are_those_that_were_asked_for),
        cmocka_unit_test(an_evaluation_lives_as_long_as_its_last_reference),
        cmocka_unit_test(figures_are_the_same_without_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
