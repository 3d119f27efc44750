// SPDX-License-Identifier: MIT
/* The whole screen with the view of the stored runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "session.h"
#include "stored.h"

enum { STEPS = 345 };

/* The screens, with view 6 on a store; NULL for none. */
static struct session *open_runs(struct stored *stored)
{
    struct session *session = session_open(STEPS);
    session->frame.scene.store = stored ? stored->store : NULL;
    session_press(session, REQUEST_VIEW_6);
    return session;
}

static void press_times(struct session *session, enum request request, int times)
{
    for (int time = 0; time < times; time++)
        session_press(session, request);
}

/* Answers the question that the view has just asked. */
static bool answer(struct session *session, const char *line, struct error *err)
{
    assert_int_not_equal(session->frame.scene.wish.question, QUESTION_NONE);
    session->frame.scene.wish = (struct scene_wish){.question = QUESTION_NONE};
    return views_answer(&session->frame.views, line, &session->frame.scene, err);
}

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"runs-utf8", 12, 40, &SESSION_UTF8_PLAIN},    {"runs-utf8", 24, 80, &SESSION_UTF8_PLAIN},
        {"runs-utf8", 40, 120, &SESSION_UTF8_PLAIN},   {"runs-utf8", 60, 200, &SESSION_UTF8_PLAIN},
        {"runs-ascii", 12, 40, &SESSION_ASCII_PLAIN},  {"runs-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"runs-ascii", 40, 120, &SESSION_ASCII_PLAIN},
    };
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    free(session_draw(session, 24, 80));
    session_press(session, REQUEST_LAST);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_close(session);
    stored_destroy(stored);
}

static void marked_runs_are_drawn_over_one_another(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"runs-marked-utf8", 24, 80, &SESSION_UTF8_PLAIN},
        {"runs-marked-utf8", 40, 120, &SESSION_UTF8_PLAIN},
        {"runs-marked-ascii", 24, 80, &SESSION_ASCII_PLAIN},
        {"runs-marked-ascii", 40, 120, &SESSION_ASCII_PLAIN},
    };
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    free(session_draw(session, 24, 80));
    session_press(session, REQUEST_DOWN);
    press_times(session, REQUEST_PART, 1); /* run 5, and on to the next */
    press_times(session, REQUEST_DOWN, 1);
    press_times(session, REQUEST_PART, 3); /* 3, 2, 1 */
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_close(session);
    stored_destroy(stored);
}

static void a_small_screen_shows_one_panel_after_another(void **state)
{
    (void)state;
    static const char *const PANELS[] = {"runs-small-list", "runs-small-accuracy",
                                         "runs-small-loss", "runs-small-details"};
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    free(session_draw(session, 12, 40));
    press_times(session, REQUEST_DOWN, 1);
    press_times(session, REQUEST_PART, 1);
    press_times(session, REQUEST_LAST, 1);
    press_times(session, REQUEST_PART, 1);
    for (size_t panel = 0; panel < sizeof PANELS / sizeof *PANELS; panel++) {
        const struct session_screen screen = {PANELS[panel], 12, 40, &SESSION_UTF8_PLAIN};
        session_check(session, &screen);
        session_press(session, REQUEST_NEXT_PANEL);
    }
    session_press(session, REQUEST_PREVIOUS_PANEL);
    session_press(session, REQUEST_BACK);
    session_expect(session, 12, 40, "6 runs");
    session_close(session);
    stored_destroy(stored);
}

static void without_a_store_or_runs_it_says_so(void **state)
{
    (void)state;
    struct session *session = open_runs(NULL);
    session_expect(session, 24, 80, "--no-store");
    press_times(session, REQUEST_DELETE, 1);
    assert_int_equal(session->frame.scene.wish.question, QUESTION_NONE);
    session_draw_all_sizes(session);
    session_close(session);
    struct stored *stored = stored_create();
    session = open_runs(stored);
    const struct session_screen screen = {"runs-empty", 24, 80, &SESSION_ASCII_PLAIN};
    session_check(session, &screen);
    press_times(session, REQUEST_PART, 2);
    press_times(session, REQUEST_ENTER, 1);
    session_draw_all_sizes(session);
    session_close(session);
    stored_destroy(stored);
}

static void one_run_shows_its_details(void **state)
{
    (void)state;
    static const struct stored_run ONE = {"solo", "lenet", RUN_STATE_FINISHED, 1e-3, 1, 15, 15,
                                          0.889,  410000};
    struct stored *stored = stored_create();
    (void)stored_add(stored, &ONE);
    struct session *session = open_runs(stored);
    const struct session_screen screen = {"runs-one", 24, 80, &SESSION_UTF8_PLAIN};
    session_check(session, &screen);
    session_draw_all_sizes(session);
    session_close(session);
    stored_destroy(stored);
}

static void many_runs_scroll_with_the_selection(void **state)
{
    (void)state;
    struct stored *stored = stored_create();
    for (int round = 0; round < 8; round++)
        stored_add_some(stored);
    struct session *session = open_runs(stored);
    session_expect(session, 24, 80, "48 runs");
    press_times(session, REQUEST_DOWN, 20);
    const struct session_screen screen = {"runs-many", 24, 80, &SESSION_ASCII_PLAIN};
    session_check(session, &screen);
    press_times(session, REQUEST_PAGE_DOWN, 2);
    press_times(session, REQUEST_ALL, 1);
    session_expect(session, 40, 120, "8 runs differ, Left, Right: more");
    session_draw_all_sizes(session);
    press_times(session, REQUEST_FIRST, 1);
    session_expect(session, 24, 80, "o  48");
    session_close(session);
    stored_destroy(stored);
}

static void orders_and_filters_change_the_list(void **state)
{
    (void)state;
    struct error err = {0};
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    session_expect(session, 24, 80, "newest first");
    session_press(session, REQUEST_ORDER);
    session_expect(session, 24, 80, "best first");
    session_press(session, REQUEST_FILTER);
    assert_int_equal(session->frame.scene.wish.question, QUESTION_FILTER);
    assert_true(answer(session, "lenet val>88", NULL));
    session_expect(session, 24, 80, "2 of 6 runs, best first, like lenet val>88");
    session_press(session, REQUEST_FILTER);
    assert_string_equal(session->frame.scene.wish.text, "lenet val>88");
    assert_false(answer(session, "val>", &err));
    assert_non_null(strstr(err.message, "val>88.5"));
    session_press(session, REQUEST_FILTER);
    assert_true(answer(session, "nobody", NULL));
    session_expect(session, 24, 80, "no run is like that");
    session_press(session, REQUEST_BACK);
    session_expect(session, 24, 80, "6 runs");
    session_close(session);
    stored_destroy(stored);
}

static void a_name_is_given_and_taken_away(void **state)
{
    (void)state;
    struct error err = {0};
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    free(session_draw(session, 24, 80));
    press_times(session, REQUEST_DOWN, 1);
    session_press(session, REQUEST_RENAME);
    assert_string_equal(session->frame.scene.wish.text, "alex");
    assert_true(answer(session, "great one", NULL));
    session_expect(session, 24, 80, "great one");
    session_press(session, REQUEST_RENAME);
    assert_false(answer(session, "12", &err));
    assert_non_null(strstr(err.message, "not a number"));
    session_press(session, REQUEST_RENAME);
    assert_true(answer(session, "", NULL));
    char *text = session_draw(session, 24, 80);
    assert_null(strstr(text, "great one"));
    free(text);
    session_close(session);
    stored_destroy(stored);
}

static void a_run_is_deleted_after_a_question(void **state)
{
    (void)state;
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    free(session_draw(session, 24, 80));
    press_times(session, REQUEST_LAST, 1);
    session_press(session, REQUEST_DELETE);
    assert_int_equal(session->frame.scene.wish.question, QUESTION_DELETE);
    assert_string_equal(session->frame.scene.wish.text, "Run 1 base, LeNet-5, 15 epochs, 89.07 %.");
    assert_true(answer(session, NULL, NULL));
    assert_false(stored_has(stored, 1));
    session_expect(session, 24, 80, "5 runs");
    session_close(session);
    stored_destroy(stored);
}

/* In whole characters: 40 bytes end in the middle of the name's 14th. */
static void a_long_name_is_cut_in_the_question(void **state)
{
    (void)state;
    static const struct stored_run LONG = {
        "\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245"
        "\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245",
        "lenet",
        RUN_STATE_STOPPED,
        1e-3,
        1,
        15,
        1,
        0.6,
        400000};
    struct stored *stored = stored_create();
    (void)stored_add(stored, &LONG);
    struct session *session = open_runs(stored);
    free(session_draw(session, 24, 80));
    session_press(session, REQUEST_DELETE);
    const char *text = session->frame.scene.wish.text;
    assert_non_null(strstr(text, "\346\227\245, LeNet-5, 1 epoch, "));
    for (const char *place = text; *place; place += utf8_length(place))
        assert_true(utf8_length(place) > 0);
    session_close(session);
    stored_destroy(stored);
}

static void what_another_program_changes_is_shown_at_the_next_look(void **state)
{
    (void)state;
    static const struct stored_run ONE = {"newcomer", "lenet", RUN_STATE_FINISHED, 1e-3, 1, 15, 15,
                                          0.889,      410000};
    struct stored *stored = stored_create();
    struct stored *other = stored_again(stored);
    struct session *session = open_runs(stored);
    free(session_draw(session, 24, 80));
    assert_false(views_refresh(&session->frame.views, &session->frame.scene));
    (void)stored_add(other, &ONE);
    assert_true(views_refresh(&session->frame.views, &session->frame.scene));
    session_expect(session, 24, 80, "newcomer");
    session_close(session);
    stored_close(other);
    stored_destroy(stored);
}

static void a_run_is_opened_where_that_is_possible(void **state)
{
    (void)state;
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    struct scene *scene = &session->frame.scene;
    free(session_draw(session, 24, 80));
    session_press(session, REQUEST_ENTER);
    assert_non_null(strstr(scene->notice, "fmnist-tui watch 6"));
    assert_int_equal(scene->wish.open, 0);
    session->staged->snapshot.origin = SNAPSHOT_REPLAYED;
    session_press(session, REQUEST_ENTER);
    assert_int_equal(scene->wish.open, 6);
    assert_int_equal(session->frame.views.shown, 0);
    session_close(session);
    stored_destroy(stored);
}

static void a_run_without_checkpoints_is_not_resumed(void **state)
{
    (void)state;
    struct stored *stored = stored_create();
    stored_add_some(stored);
    struct session *session = open_runs(stored);
    struct scene *scene = &session->frame.scene;
    free(session_draw(session, 24, 80));
    session_press(session, REQUEST_RESUME);
    assert_non_null(strstr(scene->notice, "run 6 has no checkpoint"));
    assert_int_equal(scene->wish.resume, 0);
    session_close(session);
    stored_destroy(stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(marked_runs_are_drawn_over_one_another),
        cmocka_unit_test(a_small_screen_shows_one_panel_after_another),
        cmocka_unit_test(without_a_store_or_runs_it_says_so),
        cmocka_unit_test(one_run_shows_its_details),
        cmocka_unit_test(many_runs_scroll_with_the_selection),
        cmocka_unit_test(orders_and_filters_change_the_list),
        cmocka_unit_test(a_name_is_given_and_taken_away),
        cmocka_unit_test(a_run_is_deleted_after_a_question),
        cmocka_unit_test(a_long_name_is_cut_in_the_question),
        cmocka_unit_test(what_another_program_changes_is_shown_at_the_next_look),
        cmocka_unit_test(a_run_is_opened_where_that_is_possible),
        cmocka_unit_test(a_run_without_checkpoints_is_not_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
