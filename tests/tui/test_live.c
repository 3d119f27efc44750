// SPDX-License-Identifier: MIT
/* The whole screen with the live view. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

enum { STEPS = 345 };

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"utf8", 12, 40, &SESSION_UTF8},
        {"utf8", 24, 80, &SESSION_UTF8},
        {"utf8", 40, 120, &SESSION_UTF8},
        {"utf8", 60, 200, &SESSION_UTF8},
        {"utf8-plain", 24, 80, &SESSION_UTF8_PLAIN},
        {"utf8-plain", 40, 120, &SESSION_UTF8_PLAIN},
        {"ascii", 12, 40, &SESSION_ASCII_PLAIN},
        {"ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"ascii", 40, 120, &SESSION_ASCII_PLAIN},
        {"ascii", 60, 200, &SESSION_ASCII_PLAIN},
    };
    struct session *session = session_open(STEPS);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_close(session);
}

static void a_small_screen_shows_one_panel_after_another(void **state)
{
    (void)state;
    static const char *const PANELS[] = {"small-loss", "small-accuracy", "small-matrix",
                                         "small-mistakes"};
    struct session *session = session_open(STEPS);
    for (size_t panel = 0; panel < sizeof PANELS / sizeof *PANELS; panel++) {
        const struct session_screen screen = {PANELS[panel], 12, 40, &SESSION_UTF8_PLAIN};
        session_check(session, &screen);
        session_press(session, REQUEST_NEXT_PANEL);
    }
    session_close(session);
}

static void before_the_first_evaluation_panels_say_what_they_wait_for(void **state)
{
    (void)state;
    const struct session_screen screen = {"early", 24, 80, &SESSION_UTF8};
    struct session *session = session_open(20);
    session_check(session, &screen);
    session_close(session);
}

static void loading_has_a_bar(void **state)
{
    (void)state;
    const struct session_screen screen = {"loading", 24, 80, &SESSION_ASCII_PLAIN};
    struct session *session = session_open(0);
    struct snapshot *snapshot = &session->staged->snapshot;
    snapshot->state = TRAINER_LOADING;
    snapshot->dataset = NULL;
    snapshot->load_progress = 0.4;
    snapshot->learners[0].started = snapshot->learners[1].started = false;
    session_check(session, &screen);
    session_close(session);
}

static void an_infinite_loss_never_reaches_an_axis_but_leaves_a_mark(void **state)
{
    (void)state;
    struct session *session = session_open(STEPS);
    struct learner_snapshot *learner = &session->staged->snapshot.learners[0];
    const float broken[] = {INFINITY, NAN, -INFINITY};
    for (uint32_t index = 0; index < 3; index++) {
        struct step_point point = {.step = STEPS + 1 + index, .loss = broken[index]};
        assert_true(history_add_step(session->staged->history, &point, NULL));
        learner->step_points++;
        learner->step++;
    }
    char *text = session_draw(session, 24, 80);
    assert_null(strstr(text, "inf"));
    assert_null(strstr(text, "nan"));
    assert_non_null(strchr(text, '!'));
    free(text);
    session_close(session);
}

static void charts_are_zoomed_read_and_marked_together(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"close-utf8", 24, 80, &SESSION_UTF8_PLAIN},
        {"close-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"close-utf8", 12, 40, &SESSION_UTF8_PLAIN},
    };
    static const struct event_point EVENTS[] = {
        {.kind = EVENT_PAUSE, .step = 300, .seconds = 300.0F / 64},
        {.kind = EVENT_RATE, .step = 310, .seconds = 310.0F / 64, .rate_before = 1, .rate = 2},
        {.kind = EVENT_RATE, .step = 320, .seconds = 320.0F / 64, .rate_before = 2, .rate = 1},
    };
    static const enum request KEYS[] = {REQUEST_AXIS, REQUEST_LOG, REQUEST_LARGER, REQUEST_LEFT,
                                        REQUEST_LEFT};
    struct session *session = session_open(STEPS);
    for (size_t event = 0; event < sizeof EVENTS / sizeof *EVENTS; event++)
        assert_true(history_add_event(session->staged->history, &EVENTS[event], NULL));
    session->staged->snapshot.learners[0].event_points = sizeof EVENTS / sizeof *EVENTS;
    free(session_draw(session, 24, 80));
    for (size_t key = 0; key < sizeof KEYS / sizeof *KEYS; key++)
        session_press(session, KEYS[key]);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_draw_all_sizes(session);
    session_close(session);
}

static void arrows_select_mistakes_and_stop_at_both_ends(void **state)
{
    (void)state;
    struct session *session = session_open(STEPS);
    session->frame.scene.look = SESSION_ASCII_PLAIN;
    char *text = session_draw(session, 24, 80), expected[64];
    size_t mistakes = session->staged->snapshot.learners[0].validation->mistake_count;
    assert_true(mistakes > 10);
    free(text);
    session_press(session, REQUEST_NEXT_PANEL);
    session_press(session, REQUEST_NEXT_PANEL);
    session_press(session, REQUEST_NEXT_PANEL);
    session_press(session, REQUEST_RIGHT);
    session_press(session, REQUEST_RIGHT);
    session_press(session, REQUEST_LEFT);
    text = session_draw(session, 24, 80);
    (void)snprintf(expected, sizeof expected, "mistakes  2 of %zu", mistakes);
    assert_non_null(strstr(text, expected));
    free(text);
    session_press(session, REQUEST_LAST);
    session_press(session, REQUEST_RIGHT);
    text = session_draw(session, 24, 80);
    (void)snprintf(expected, sizeof expected, "mistakes  %zu of %zu", mistakes, mistakes);
    assert_non_null(strstr(text, expected));
    free(text);
    session_press(session, REQUEST_FIRST);
    session_press(session, REQUEST_UP);
    text = session_draw(session, 24, 80);
    (void)snprintf(expected, sizeof expected, "mistakes  1 of %zu", mistakes);
    assert_non_null(strstr(text, expected));
    free(text);
    session_close(session);
}

static void every_size_can_be_drawn(void **state)
{
    (void)state;
    struct session *session = session_open(STEPS);
    session_draw_all_sizes(session);
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(a_small_screen_shows_one_panel_after_another),
        cmocka_unit_test(before_the_first_evaluation_panels_say_what_they_wait_for),
        cmocka_unit_test(loading_has_a_bar),
        cmocka_unit_test(an_infinite_loss_never_reaches_an_axis_but_leaves_a_mark),
        cmocka_unit_test(charts_are_zoomed_read_and_marked_together),
        cmocka_unit_test(arrows_select_mistakes_and_stop_at_both_ends),
        cmocka_unit_test(every_size_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
