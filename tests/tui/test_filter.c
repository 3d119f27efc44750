// SPDX-License-Identifier: MIT
/* What a typed filter means, against the same question asked in C, and what is said of one that
 * makes no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "staged.h"
#include "tui/filter.h"
#include "tui/filter_words.h"

enum { STEPS = 345, LENET = 0, ALEXNET = 1, T_SHIRT = 0, SHIRT = 6, SANDAL = 5, SNEAKER = 7 };

static int open_staged(void **state)
{
    *state = staged_create(STEPS);
    return 0;
}

static int close_staged(void **state)
{
    staged_destroy(*state);
    return 0;
}

/* An image as both models see it. */
struct view_of_image {
    size_t label, answer, other;
    double p;
    unsigned since, forgotten, number;
};

static struct view_of_image look_at(const struct staged *staged, uint32_t place)
{
    const struct evaluation *one = staged->snapshot.learners[LENET].validation;
    const struct evaluation *other = staged->snapshot.learners[ALEXNET].validation;
    size_t cell = (size_t)place * DATASET_CLASSES + one->predicted[place];
    return (struct view_of_image){one->labels[place],      one->predicted[place],
                                  other->predicted[place], (double)one->probabilities[cell],
                                  one->wrong_since[place], one->forgotten[place],
                                  one->images[place]};
}

/* Fails the test unless the filter takes those images that `wanted` takes, neither all nor none. */
static void check(const struct staged *staged, const char *text,
                  bool (*wanted)(const struct view_of_image *image))
{
    struct error err = {0};
    struct filter filter;
    const struct evaluation *answers[SNAPSHOT_MODELS_MAX] = {
        staged->snapshot.learners[LENET].validation, staged->snapshot.learners[ALEXNET].validation};
    size_t taken = 0, count = answers[LENET]->count;
    if (!filter_parse(&filter, text, staged->dataset, &err))
        fail_msg("%s: %s", text, err.message);
    assert_string_equal(filter.text, text);
    for (uint32_t place = 0; place < count; place++) {
        const struct filter_subject subject = {answers[LENET], place, answers};
        const struct view_of_image image = look_at(staged, place);
        if (filter_matches(&filter, &subject) != wanted(&image))
            fail_msg("%s: image at %u", text, place);
        taken += wanted(&image);
    }
    if (taken == 0 || taken == count)
        fail_msg("%s: %zu of %zu images test nothing", text, taken, count);
}

static bool is_true_shirt(const struct view_of_image *image)
{
    return image->label == SHIRT;
}

static bool is_pred_shirt(const struct view_of_image *image)
{
    return image->answer == SHIRT;
}

static bool is_either_shirt(const struct view_of_image *image)
{
    return image->label == SHIRT || image->answer == SHIRT;
}

static bool is_true_s(const struct view_of_image *image)
{
    return image->label == SHIRT || image->label == SANDAL || image->label == SNEAKER;
}

static bool is_true_t_shirt(const struct view_of_image *image)
{
    return image->label == T_SHIRT;
}

static bool is_true_boot(const struct view_of_image *image)
{
    return image->label == 9;
}

static void classes_are_named_in_many_ways(void **state)
{
    static const char *const SHIRTS[] = {"true:shirt", "true:SHIRT", "True:shir",
                                         "true:sh",    "true:6",     "true:\"Shirt\""};
    static const char *const T_SHIRTS[] = {"true:T-shirt/top", "true:t", "true:ts", "true:top"};
    static const char *const BOOTS[] = {"true:\"ankle boot\"", "true:ankle", "true:boot", "true:9",
                                        "true:an"};
    for (size_t index = 0; index < sizeof SHIRTS / sizeof *SHIRTS; index++)
        check(*state, SHIRTS[index], is_true_shirt);
    check(*state, T_SHIRTS[0], is_true_t_shirt);
    check(*state, T_SHIRTS[2], is_true_t_shirt);
    check(*state, T_SHIRTS[3], is_true_t_shirt);
    for (size_t index = 0; index < sizeof BOOTS / sizeof *BOOTS; index++)
        check(*state, BOOTS[index], is_true_boot);
    check(*state, "true:s", is_true_s);
    check(*state, "true:shirt,sandal,sn", is_true_s);
    check(*state, "pred:shirt", is_pred_shirt);
    check(*state, "shirt", is_either_shirt);
    check(*state, " shirt ", is_either_shirt);
}

static bool is_sure(const struct view_of_image *image)
{
    return image->p > 0.9;
}

static bool is_unsure(const struct view_of_image *image)
{
    return image->p <= 0.8;
}

static bool is_old(const struct view_of_image *image)
{
    return image->since >= 1 && image->since < 4;
}

static bool is_forgotten(const struct view_of_image *image)
{
    return image->forgotten != 0;
}

static bool is_image_700(const struct view_of_image *image)
{
    return image->number == 700;
}

static void numbers_are_compared(void **state)
{
    static const char *const SURE[] = {"p>0.9", "p > 0.9", "p>90%", "P>.9", "not p<=0.9"};
    for (size_t index = 0; index < sizeof SURE / sizeof *SURE; index++)
        check(*state, SURE[index], is_sure);
    check(*state, "p<=80%", is_unsure);
    check(*state, "since>=1 since<4", is_old);
    check(*state, "forgotten!=0", is_forgotten);
    check(*state, "!(forgotten == 0)", is_forgotten);
    check(*state, "#700", is_image_700);
}

static bool other_is_wrong(const struct view_of_image *image)
{
    return image->other != image->label;
}

static bool other_says_shirt(const struct view_of_image *image)
{
    return image->other == SHIRT;
}

static bool is_wrong(const struct view_of_image *image)
{
    return image->answer != image->label;
}

static bool is_right(const struct view_of_image *image)
{
    return image->answer == image->label;
}

static void models_are_asked(void **state)
{
    check(*state, "alexnet:wrong", other_is_wrong);
    check(*state, "not AlexNet:right", other_is_wrong);
    check(*state, "alexnet:shirt", other_says_shirt);
    check(*state, "lenet:wrong", is_wrong);
    check(*state, "is:wrong", is_wrong);
    check(*state, "is:right", is_right);
}

static bool is_example(const struct view_of_image *image)
{
    return image->label == SHIRT && is_sure(image) && !other_is_wrong(image);
}

static bool is_mixed(const struct view_of_image *image)
{
    return is_true_t_shirt(image) || (is_true_shirt(image) && is_wrong(image));
}

static bool is_grouped(const struct view_of_image *image)
{
    return (is_true_t_shirt(image) || is_true_shirt(image)) && is_wrong(image);
}

static void tests_are_joined_by_and_or_not_and_parentheses(void **state)
{
    check(*state, "true:shirt p>0.9 and not alexnet:wrong", is_example);
    check(*state, "true:shirt AND p>0.9 AND NOT alexnet:wrong", is_example);
    check(*state, "true:ts or true:shirt is:wrong", is_mixed);
    check(*state, "true:shirt and is:wrong or true:ts", is_mixed);
    check(*state, "(true:ts or true:shirt) is:wrong", is_grouped);
    check(*state, "not not (is:wrong(true:ts or((true:shirt))))", is_grouped);
    check(*state, "!!is:wrong and (true:ts,shirt)", is_grouped);
}

static void a_model_without_answers_matches_nothing(void **state)
{
    struct staged *staged = *state;
    const struct evaluation *answers[SNAPSHOT_MODELS_MAX] = {
        staged->snapshot.learners[LENET].validation};
    const struct filter_subject subject = {answers[LENET], 0, answers};
    struct filter filter;
    assert_true(filter_parse(&filter, "alexnet:wrong", staged->dataset, NULL));
    assert_false(filter_matches(&filter, &subject));
    assert_true(filter_parse(&filter, "alexnet:right", staged->dataset, NULL));
    assert_false(filter_matches(&filter, &subject));
    assert_true(filter.asks_models);
}

static void an_empty_filter_takes_all(void **state)
{
    struct staged *staged = *state;
    const struct evaluation *answers[SNAPSHOT_MODELS_MAX] = {
        staged->snapshot.learners[LENET].validation};
    const struct filter_subject subject = {answers[LENET], 0, answers};
    struct filter filter;
    assert_true(filter_parse(&filter, "  ", staged->dataset, NULL));
    assert_int_equal(filter.count, 0);
    assert_true(filter_matches(&filter, &subject));
}

static void a_mistake_is_reported_with_its_place(void **state)
{
    static const struct {
        const char *text, *message;
    } CASES[] = {
        {"true:shrt", "column 6: no class begins with 'shrt'"},
        {"shrt", "column 1: no class begins with 'shrt'"},
        {"true:shirt,", "column 12: no class begins with ''"},
        {"true:shirt p>", "column 14: a number is missing"},
        {"p>0.9x", "column 6: this does not belong to the number"},
        {"p>2", "column 3: p is 0 to 1, or 0% to 100%"},
        {"p>-1", "column 3: a number is missing"},
        {"q>0.5", "column 1: 'q' is none of p, since and forgotten"},
        {"who:me", "column 1: 'who:' is none of true: pred: is: or a model"},
        {"is:odd", "column 4: is:right or is:wrong"},
        {"true:shirt and", "column 15: something is missing here"},
        {"not", "column 4: something is missing here"},
        {"(shirt", "column 1: the parenthesis is not closed"},
        {"shirt)", "column 6: no parenthesis is open"},
        {"()", "column 2: this makes no sense here"},
        {"or shirt", "column 1: no class begins with 'or'"},
        {"true:\"shirt", "column 6: the quote is not closed"},
        {"shirt or", "column 9: something is missing here"},
        {"#", "column 2: a number is missing"},
    };
    struct staged *staged = *state;
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        struct error err = {0};
        struct filter filter = {.count = 7};
        assert_false(filter_parse(&filter, CASES[index].text, staged->dataset, &err));
        assert_string_equal(err.message, CASES[index].message);
        assert_int_equal(err.code, ERROR_USAGE);
        assert_int_equal(filter.count, 7);
    }
}

static void no_text_overflows_anything(void **state)
{
    static const char ALPHABET[] = "()!#:<>=,\" \tanottrue:pshirtp0.9%\303\251";
    struct staged *staged = *state;
    const struct evaluation *answers[SNAPSHOT_MODELS_MAX] = {
        staged->snapshot.learners[LENET].validation};
    const struct filter_subject subject = {answers[LENET], 3, answers};
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        char text[FILTER_TEXT_SIZE + 40];
        random = random * 1664525 + 1013904223;
        size_t length = (random >> 8) % (round % 4 == 0 ? sizeof text : 24);
        for (size_t index = 0; index < length; index++) {
            random = random * 1664525 + 1013904223;
            text[index] = ALPHABET[(random >> 8) % (sizeof ALPHABET - 1)];
        }
        text[length < sizeof text ? length : sizeof text - 1] = '\0';
        struct filter filter = {.count = 0};
        (void)filter_parse(&filter, text, staged->dataset, NULL);
        (void)filter_matches(&filter, &subject);
    }
    char nested[FILTER_TEXT_SIZE];
    memset(nested, '(', sizeof nested - 1);
    nested[sizeof nested - 1] = '\0';
    struct filter filter = {.count = 0};
    assert_false(filter_parse(&filter, nested, staged->dataset, NULL));
    char many[FILTER_TEXT_SIZE] = "";
    for (int test = 0; test < 60; test++)
        strcat(many, "p>1 ");
    struct error err = {0};
    assert_false(filter_parse(&filter, many, staged->dataset, &err));
    assert_non_null(strstr(err.message, "too many tests"));
}

static void tab_completes_words_and_names_as_far_as_they_are_clear(void **state)
{
    const struct staged *staged = *state;
    static const struct {
        const char *before, *after;
    } CASES[] = {
        {"tru", "true:"},
        {"true:pu", "true:pullover"},
        {"true:s", "true:s"}, /* sandal, shirt, sneaker */
        {"true:sh", "true:shirt"},
        {"pred:T-", "pred:t-shirt/top"},
        {"true:an", "true:ankle"},
        {"true:ri", "true:ri"},
        {"true:bag,dr", "true:bag,dress"},
        {"p>0.9 and al", "p>0.9 and alexnet:"},
        {"p>0.9 and not alexnet:wr", "p>0.9 and not alexnet:wrong"},
        {"not (is:r", "not (is:right"},
        {"is:sh", "is:sh"},
        {"!forg", "!forgotten>"},
        {"san", "sandal"},
        {"xyz", "xyz"},
        {"", ""},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        struct editor editor = {.text = ""};
        struct filter filter;
        editor_set(&editor, CASES[index].before);
        filter_complete(&editor, staged->dataset);
        assert_string_equal(editor.text, CASES[index].after);
        editor_set(&editor, "true:ankle");
        assert_true(filter_parse(&filter, editor.text, staged->dataset, NULL));
    }
    struct editor editor = {.text = "tru x", .cursor = 3};
    filter_complete(&editor, NULL);
    assert_string_equal(editor.text, "tru x");
    editor_set(&editor, "true:sh");
    filter_complete(&editor, NULL); /* not loaded yet */
    assert_string_equal(editor.text, "true:sh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_named_in_many_ways),
        cmocka_unit_test(numbers_are_compared),
        cmocka_unit_test(models_are_asked),
        cmocka_unit_test(tests_are_joined_by_and_or_not_and_parentheses),
        cmocka_unit_test(a_model_without_answers_matches_nothing),
        cmocka_unit_test(an_empty_filter_takes_all),
        cmocka_unit_test(a_mistake_is_reported_with_its_place),
        cmocka_unit_test(no_text_overflows_anything),
        cmocka_unit_test(tab_completes_words_and_names_as_far_as_they_are_clear),
    };
    return cmocka_run_group_tests(tests, open_staged, close_staged);
}
