// SPDX-License-Identifier: MIT
/* The whole screen with the view of the images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "session.h"

enum { STEPS = 345 };

static struct session *open_mistakes(size_t steps)
{
    struct session *session = session_open(steps);
    session_press(session, REQUEST_VIEW_3);
    return session;
}

static const struct evaluation *newest(const struct session *session)
{
    return session->staged->snapshot.learners[0].validation;
}

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"mistakes-utf8-plain", 12, 40, &SESSION_UTF8_PLAIN},
        {"mistakes-utf8-plain", 24, 80, &SESSION_UTF8_PLAIN},
        {"mistakes-utf8-plain", 40, 120, &SESSION_UTF8_PLAIN},
        {"mistakes-utf8-plain", 60, 200, &SESSION_UTF8_PLAIN},
        {"mistakes-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"mistakes-ascii", 40, 120, &SESSION_ASCII_PLAIN},
    };
    struct session *session = open_mistakes(STEPS);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_close(session);
}

static void enter_shows_one_image_alone_and_esc_leads_back(void **state)
{
    (void)state;
    static const struct session_screen LARGE = {"mistakes-large", 24, 80, &SESSION_UTF8_PLAIN};
    struct session *session = open_mistakes(STEPS);
    session_press(session, REQUEST_RIGHT);
    session_press(session, REQUEST_ENTER);
    session_check(session, &LARGE);
    session_press(session, REQUEST_RIGHT);
    session_expect(session, 24, 80, "mistakes  3 of ");
    session_draw_all_sizes(session);
    session_press(session, REQUEST_BACK);
    session_expect(session, 24, 80, "mistakes  3 of ");
    session_close(session);
}

static void each_order_has_its_own_first_image(void **state)
{
    (void)state;
    static const char *const ORDERS[] = {
        "surest first", "least sure first", "longest wrong first", "most forgotten first",
        "by class",     "by number",        "surest first"};
    struct session *session = open_mistakes(STEPS);
    for (size_t order = 0; order < sizeof ORDERS / sizeof *ORDERS; order++) {
        session_expect(session, 24, 80, ORDERS[order]);
        session_press(session, REQUEST_ORDER);
    }
    for (int order = 1; order < 5; order++)
        session_press(session, REQUEST_ORDER);
    const struct evaluation *evaluation = newest(session);
    uint32_t least = UINT32_MAX;
    for (size_t index = 0; index < evaluation->mistake_count; index++)
        if (evaluation->images[evaluation->mistakes[index]] < least)
            least = evaluation->images[evaluation->mistakes[index]];
    char expected[32];
    (void)snprintf(expected, sizeof expected, "#%u since ep", least);
    session_expect(session, 24, 80, expected);
    session_close(session);
}

static void the_chosen_image_stays_selected_in_another_order(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    const struct evaluation *evaluation = newest(session);
    char expected[32];
    session_press(session, REQUEST_LAST);
    (void)snprintf(expected, sizeof expected, "mistakes  1 of %zu, least",
                   evaluation->mistake_count);
    session_press(session, REQUEST_ORDER);
    session_expect(session, 24, 80, expected);
    session_close(session);
}

static void all_images_of_the_evaluation_can_be_leafed_through(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    session_press(session, REQUEST_ALL);
    session_expect(session, 24, 80, "images  1 of 600, surest first");
    session_press(session, REQUEST_LAST);
    session_expect(session, 24, 80, "images  600 of 600, surest first");
    session_press(session, REQUEST_ALL);
    session_expect(session, 24, 80, "mistakes  ");
    session_close(session);
}

static void pictures_come_in_several_sizes(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    for (int size = 0; size < 6; size++) {
        session_draw_all_sizes(session);
        session_press(session, REQUEST_SMALLER);
    }
    for (int size = 0; size < 6; size++)
        session_press(session, REQUEST_LARGER);
    session_draw_all_sizes(session);
    session_close(session);
}

/* What a key that changes the pictures makes of them; pressed again, it takes that back. */
static void check_switch(struct session *session, enum request request, const char *name)
{
    char *before = session_draw(session, 24, 80);
    session_press(session, request);
    char *changed = session_draw(session, 24, 80);
    session_compare(name, changed);
    session_press(session, request);
    char *after = session_draw(session, 24, 80);
    assert_string_not_equal(before, changed);
    assert_string_equal(before, after);
    free(before);
    free(changed);
    free(after);
}

static void pictures_are_cropped_to_their_ink_and_inverted(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    session->frame.scene.look = SESSION_UTF8_PLAIN;
    check_switch(session, REQUEST_FIT, "mistakes-fit-80x24");
    check_switch(session, REQUEST_INVERT, "mistakes-inverted-80x24");
    session->frame.scene.look = SESSION_ASCII_PLAIN;
    check_switch(session, REQUEST_FIT, "mistakes-fit-ascii-80x24");
    check_switch(session, REQUEST_INVERT, "mistakes-inverted-ascii-80x24");
    session_close(session);
}

static size_t count_mistakes(const struct evaluation *evaluation, size_t label)
{
    size_t count = 0;
    for (size_t predicted = 0; predicted < DATASET_CLASSES; predicted++)
        count += predicted != label ? evaluation->confusion[label][predicted] : 0;
    return count;
}

static void set_filter(struct session *session, const char *text)
{
    struct error err = {0};
    if (!scene_set_filter(&session->frame.scene, text, &err))
        fail_msg("%s: %s", text, err.message);
}

static void a_filter_shows_what_matches_and_esc_drops_it(void **state)
{
    (void)state;
    static const struct session_screen FILTERED = {"mistakes-filter", 24, 80, &SESSION_UTF8_PLAIN};
    struct session *session = open_mistakes(STEPS);
    char expected[64];
    session_press(session, REQUEST_LAST);
    set_filter(session, "true:shirt");
    session_press(session, REQUEST_FIRST);
    (void)snprintf(expected, sizeof expected, "mistakes  1 of %zu, /true:shirt (Esc: all), surest",
                   count_mistakes(newest(session), 6));
    session_expect(session, 24, 80, expected);
    session_check(session, &FILTERED);
    session_draw_all_sizes(session);
    session_press(session, REQUEST_ALL);
    (void)snprintf(expected, sizeof expected, "images  1 of %zu, /true:shirt",
                   newest(session)->classes[6].support);
    session_press(session, REQUEST_FIRST);
    session_expect(session, 24, 80, expected);
    session_press(session, REQUEST_ALL);
    session_press(session, REQUEST_BACK);
    (void)snprintf(expected, sizeof expected, " of %zu, surest", newest(session)->mistake_count);
    session_expect(session, 24, 80, expected);
    session_close(session);
}

static void a_filter_that_nothing_matches_says_what_to_press(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    set_filter(session, "p<1%");
    session_expect(session, 24, 80, "mistakes  0 of 0, /p<1% (Esc: all)");
    session_expect(session, 24, 80, "no mistake is so; a looks through all images");
    session_press(session, REQUEST_ALL);
    session_expect(session, 24, 80, "no image is so; / changes the filter");
    session_press(session, REQUEST_ENTER);
    session_draw_all_sizes(session);
    session_close(session);
}

static void right_answers_can_be_asked_for(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    char expected[64];
    set_filter(session, "is:right");
    (void)snprintf(expected, sizeof expected, "images  1 of %zu, /is:right",
                   newest(session)->correct);
    session_expect(session, 24, 80, expected);
    session_close(session);
}

/* Fails the test unless the view shows as many images as both evaluations are wrong at. */
static void check_both_wrong(struct session *session, const struct evaluation *other)
{
    const struct evaluation *one = newest(session);
    size_t count = 0;
    char expected[64];
    for (size_t index = 0; index < one->mistake_count; index++)
        count += other->predicted[one->mistakes[index]] != other->labels[one->mistakes[index]];
    (void)snprintf(expected, sizeof expected, "images  1 of %zu, /alexnet:wrong is:wrong", count);
    session_expect(session, 24, 80, expected);
}

static void a_filter_follows_what_the_other_model_says(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    struct learner_snapshot *other = &session->staged->snapshot.learners[1];
    const struct evaluation *later = other->validation, *before = other->archive->evaluations[0];
    assert_int_not_equal(later->correct, before->correct);
    set_filter(session, "alexnet:wrong is:wrong");
    check_both_wrong(session, later);
    other->validation = before;
    check_both_wrong(session, before);
    other->validation = NULL;
    session_expect(session, 24, 80, "images  0 of 0, /alexnet:wrong");
    other->validation = later;
    check_both_wrong(session, later);
    session_close(session);
}

static void before_the_first_evaluation_it_says_what_it_waits_for(void **state)
{
    (void)state;
    static const enum request REQUESTS[] = {REQUEST_ENTER, REQUEST_RIGHT, REQUEST_ORDER,
                                            REQUEST_ALL, REQUEST_LAST};
    struct session *session = open_mistakes(20);
    for (size_t index = 0; index < sizeof REQUESTS / sizeof *REQUESTS; index++) {
        session_press(session, REQUESTS[index]);
        session_expect(session, 24, 80, "after the first evaluation");
    }
    session_draw_all_sizes(session);
    session_close(session);
}

static void every_size_can_be_drawn(void **state)
{
    (void)state;
    struct session *session = open_mistakes(STEPS);
    session_draw_all_sizes(session);
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(enter_shows_one_image_alone_and_esc_leads_back),
        cmocka_unit_test(each_order_has_its_own_first_image),
        cmocka_unit_test(the_chosen_image_stays_selected_in_another_order),
        cmocka_unit_test(all_images_of_the_evaluation_can_be_leafed_through),
        cmocka_unit_test(pictures_come_in_several_sizes),
        cmocka_unit_test(pictures_are_cropped_to_their_ink_and_inverted),
        cmocka_unit_test(a_filter_shows_what_matches_and_esc_drops_it),
        cmocka_unit_test(a_filter_that_nothing_matches_says_what_to_press),
        cmocka_unit_test(right_answers_can_be_asked_for),
        cmocka_unit_test(a_filter_follows_what_the_other_model_says),
        cmocka_unit_test(before_the_first_evaluation_it_says_what_it_waits_for),
        cmocka_unit_test(every_size_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
