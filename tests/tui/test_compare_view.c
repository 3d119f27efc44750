// SPDX-License-Identifier: MIT
/* The whole screen with the view that compares models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

enum { STEPS = 345 };

static struct session *open_compare(size_t steps)
{
    struct session *session = session_open(steps);
    staged_diverge(session->staged);
    session_press(session, REQUEST_VIEW_5);
    return session;
}

static void press_times(struct session *session, enum request request, int times)
{
    for (int time = 0; time < times; time++)
        session_press(session, request);
}

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"compare-utf8", 12, 40, &SESSION_UTF8_PLAIN},
        {"compare-utf8", 24, 80, &SESSION_UTF8_PLAIN},
        {"compare-utf8", 40, 120, &SESSION_UTF8_PLAIN},
        {"compare-utf8", 60, 200, &SESSION_UTF8_PLAIN},
        {"compare-ascii", 12, 40, &SESSION_ASCII_PLAIN},
        {"compare-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"compare-ascii", 40, 120, &SESSION_ASCII_PLAIN},
        {"compare-ascii", 60, 200, &SESSION_ASCII_PLAIN},
    };
    struct session *session = open_compare(STEPS);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_close(session);
}

static void a_small_screen_shows_one_panel_after_another(void **state)
{
    (void)state;
    static const char *const PANELS[] = {"compare-small-loss", "compare-small-accuracy",
                                         "compare-small-figures", "compare-small-agreement",
                                         "compare-small-images"};
    struct session *session = open_compare(STEPS);
    for (size_t panel = 0; panel < sizeof PANELS / sizeof *PANELS; panel++) {
        const struct session_screen screen = {PANELS[panel], 12, 40, &SESSION_UTF8_PLAIN};
        session_check(session, &screen);
        session_press(session, REQUEST_NEXT_PANEL);
    }
    session_close(session);
}

static void a_model_that_was_never_started_is_asked_for(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    struct learner_snapshot *parked = &session->staged->snapshot.learners[1], kept = *parked;
    *parked = (struct learner_snapshot){.name = "alexnet", .title = "AlexNet"};
    session_expect(session, 24, 80, "press m to train AlexNet, too");
    session_expect(session, 24, 80, "LeNet-5      AlexNet\n");
    session_press(session, REQUEST_ENTER);
    session_expect(session, 12, 40, "press m to train AlexNet, too");
    session_draw_all_sizes(session);
    *parked = kept;
    session_close(session);
}

static void before_evaluations_it_says_what_it_waits_for(void **state)
{
    (void)state;
    struct session *session = open_compare(54); /* AlexNet is in the middle of its first epoch */
    session_expect(session, 24, 120, "AlexNet has not been evaluated");
    session_expect(session, 40, 120, "or press m and e");
    session_close(session);
    session = open_compare(20);
    session_expect(session, 24, 120, "LeNet-5 has not been evaluated");
    session_expect(session, 40, 120, "or press e");
    session_draw_all_sizes(session);
    session_close(session);
}

static void the_test_parts_are_compared_once_both_were_tested(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    struct learner_snapshot *learners = session->staged->snapshot.learners;
    learners[0].test = learners[0].validation;
    session_press(session, REQUEST_PART);
    session_expect(session, 40, 120, "AlexNet has not been tested");
    learners[1].test = learners[1].validation;
    session_expect(session, 40, 120, "agreement, test");
    learners[0].test = learners[1].test = NULL;
    session_close(session);
}

/* Counts of the two newest evaluations, from their answers. */
static size_t count_cell(const struct session *session, bool first_right, bool second_right)
{
    const struct evaluation *first = session->staged->snapshot.learners[0].validation;
    const struct evaluation *second = session->staged->snapshot.learners[1].validation;
    size_t count = 0;
    for (size_t place = 0; place < first->count; place++)
        count += (first->predicted[place] == first->labels[place]) == first_right &&
                 (second->predicted[place] == second->labels[place]) == second_right;
    return count;
}

static void every_cell_of_the_agreement_leads_to_its_images(void **state)
{
    (void)state;
    static const struct {
        enum request way[2];
        const char *name;
        bool first, second;
    } CELLS[] = {
        {{REQUEST_UP, REQUEST_LEFT}, "both right", true, true},
        {{REQUEST_UP, REQUEST_RIGHT}, "only LeNet-5 right", true, false},
        {{REQUEST_DOWN, REQUEST_LEFT}, "only AlexNet right", false, true},
        {{REQUEST_DOWN, REQUEST_RIGHT}, "both wrong", false, false},
    };
    struct session *session = open_compare(STEPS);
    press_times(session, REQUEST_NEXT_PANEL, 3);
    for (size_t index = 0; index < sizeof CELLS / sizeof *CELLS; index++) {
        char expected[96];
        size_t count = count_cell(session, CELLS[index].first, CELLS[index].second);
        assert_true(count > 1);
        session_press(session, CELLS[index].way[0]);
        session_press(session, CELLS[index].way[1]);
        (void)snprintf(expected, sizeof expected, "Enter: %s", CELLS[index].name);
        session_expect(session, 24, 80, expected);
        session_press(session, REQUEST_ENTER);
        session_press(session, REQUEST_RIGHT);
        (void)snprintf(expected, sizeof expected, "%s  2 of %zu", CELLS[index].name, count);
        session_expect(session, 24, 80, expected);
        session_press(session, REQUEST_LAST);
        (void)snprintf(expected, sizeof expected, "%s  %zu of %zu", CELLS[index].name, count,
                       count);
        session_expect(session, 40, 120, expected);
        session_press(session, REQUEST_BACK);
    }
    session_close(session);
}

static void images_that_one_model_gets_right_show_the_wrong_answer_and_the_right_one(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    const struct evaluation *second = session->staged->snapshot.learners[1].validation;
    session_press(session, REQUEST_ENTER);
    char *text = session_draw(session, 12, 40);
    const char *number = strchr(text, '#');
    assert_non_null(number);
    uint32_t image = (uint32_t)strtoul(number + 1, NULL, 10);
    size_t place = 0;
    while (second->images[place] != image)
        place++;
    assert_true(second->predicted[place] != second->labels[place]);
    assert_non_null(strstr(text, "LeNet-5: "));
    free(text);
    session_close(session);
}

static void equally_good_models_are_not_told_apart(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    struct learner_snapshot *learners = session->staged->snapshot.learners;
    session_expect(session, 24, 80, "McNemar's test");
    const struct evaluation *kept = learners[1].validation;
    learners[1].validation = learners[0].validation;
    session_expect(session, 24, 80, "not distinguishable yet, p = 1");
    session_expect(session, 24, 80, "0 of 600 differ");
    learners[1].validation = kept;
    session_close(session);
}

static void times_to_accuracies_are_those_of_the_first_evaluation_above(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    /* LeNet-5: 0.88 - 0.78 / (1 + 270 / 25) - 0.01 = 0.804 after 270 steps at 64 a second;
     * AlexNet: 0.88 - 0.78 / (1 + 3 * 108 / 25) = 0.824 after 108 steps at 4 a second. */
    session_expect(session, 24, 80, "80 % after           4.2 s       27.0 s");
    session_expect(session, 24, 80, "85 % after         not yet      not yet");
    session_expect(session, 24, 80, "images/s              6400          400");
    session_expect(session, 24, 80, "parameters          44,426    7,954,122");
    /* 2 sqrt(0.8141 (1 - 0.8141) / 600) = 3.18 % */
    session_expect(session, 24, 80, "accuracy %    81.41 \302\261 3.18 84.18 \302\261 2.98");
    session_close(session);
}

static void x_goes_through_epochs_steps_and_seconds(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    session_expect(session, 24, 80, "epoch ");
    session_press(session, REQUEST_AXIS);
    session_expect(session, 24, 80, "step ");
    session_press(session, REQUEST_AXIS);
    session_expect(session, 24, 80, "s ");
    session_press(session, REQUEST_AXIS);
    session_expect(session, 24, 80, "epoch ");
    session_close(session);
}

static void the_cursor_reads_both_models(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    char expected[96];
    session->frame.scene.look = SESSION_ASCII_PLAIN;
    session_press(session, REQUEST_FIRST);
    /* After one step a debiased average is that step's value. */
    (void)snprintf(expected, sizeof expected, "loss  epoch 0.02  o %#.3g  x %#.3g",
                   (double)history_step(session->staged->history, 0)->loss,
                   (double)history_step(session->staged->parked, 0)->loss);
    session_expect(session, 24, 80, expected);
    session_press(session, REQUEST_LAST);
    session_expect(session, 24, 80, "loss  epoch 6.39  o 0.6");
    session_expect(session, 24, 80, "acc %  epoch 6.39  o 8");
    session_press(session, REQUEST_BACK);
    session_expect(session, 24, 80, "loss  o 0.6");
    session_close(session);
}

static void every_state_is_drawn(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    for (enum trainer_state now = TRAINER_LOADING; now <= TRAINER_FAILED; now++) {
        session->staged->snapshot.state = now;
        session->staged->snapshot.active = now % 2;
        session_expect(session, 24, 100, now == TRAINER_FAILED ? "cannot train" : "of 600 differ");
        free(session_draw(session, 12, 40));
    }
    session_close(session);
}

static void every_size_can_be_drawn_with_any_focus(void **state)
{
    (void)state;
    struct session *session = open_compare(STEPS);
    for (int panel = 0; panel < 5; panel++) {
        session_draw_all_sizes(session);
        session_press(session, REQUEST_NEXT_PANEL);
    }
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(a_small_screen_shows_one_panel_after_another),
        cmocka_unit_test(a_model_that_was_never_started_is_asked_for),
        cmocka_unit_test(before_evaluations_it_says_what_it_waits_for),
        cmocka_unit_test(the_test_parts_are_compared_once_both_were_tested),
        cmocka_unit_test(every_cell_of_the_agreement_leads_to_its_images),
        cmocka_unit_test(images_that_one_model_gets_right_show_the_wrong_answer_and_the_right_one),
        cmocka_unit_test(equally_good_models_are_not_told_apart),
        cmocka_unit_test(times_to_accuracies_are_those_of_the_first_evaluation_above),
        cmocka_unit_test(x_goes_through_epochs_steps_and_seconds),
        cmocka_unit_test(the_cursor_reads_both_models),
        cmocka_unit_test(every_state_is_drawn),
        cmocka_unit_test(every_size_can_be_drawn_with_any_focus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
