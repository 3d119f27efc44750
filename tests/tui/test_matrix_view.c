// SPDX-License-Identifier: MIT
/* The whole screen with the view of the confusion matrix. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "session.h"

enum { STEPS = 345 };

static struct session *open_matrix(size_t steps)
{
    struct session *session = session_open(steps);
    session_press(session, REQUEST_VIEW_2);
    return session;
}

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct session_screen SCREENS[] = {
        {"matrix-utf8", 12, 40, &SESSION_UTF8},
        {"matrix-utf8", 24, 80, &SESSION_UTF8},
        {"matrix-utf8", 40, 120, &SESSION_UTF8},
        {"matrix-utf8", 60, 200, &SESSION_UTF8},
        {"matrix-ascii", 12, 40, &SESSION_ASCII_PLAIN},
        {"matrix-ascii", 24, 80, &SESSION_ASCII_PLAIN},
    };
    struct session *session = open_matrix(STEPS);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        session_check(session, &SCREENS[index]);
    session_close(session);
}

static void cells_are_percent_of_row_or_column_or_images(void **state)
{
    (void)state;
    static const char *const UNITS[] = {"% of the row", "% of the column", "images\n",
                                        "% of the row"};
    struct session *session = open_matrix(STEPS);
    for (size_t unit = 0; unit < sizeof UNITS / sizeof *UNITS; unit++) {
        session_expect(session, 24, 100, UNITS[unit]);
        session_press(session, REQUEST_UNIT);
    }
    session_close(session);
}

static void the_cursor_tells_what_its_cell_counts(void **state)
{
    (void)state;
    struct session *session = open_matrix(STEPS);
    session_expect(session, 24, 80, "\nT-shirt/top: ");
    session_press(session, REQUEST_RIGHT);
    session_expect(session, 24, 80, "\nT-shirt/top taken for Trouser: ");
    session_press(session, REQUEST_DOWN);
    session_expect(session, 24, 80, "\nTrouser: ");
    for (int step = 0; step < 20; step++)
        session_press(session, REQUEST_DOWN);
    session_expect(session, 24, 80, "\nAnkle boot taken for Trouser: ");
    session_press(session, REQUEST_FIRST);
    session_expect(session, 24, 80, "\nT-shirt/top: ");
    session_close(session);
}

static void enter_opens_the_images_of_the_cell(void **state)
{
    (void)state;
    struct session *session = open_matrix(STEPS);
    session_press(session, REQUEST_NEXT_PANEL);
    session_press(session, REQUEST_ENTER);
    session_expect(session, 24, 80, "(Esc: all), surest first, epoch 6");
    session_press(session, REQUEST_BACK);
    session_expect(session, 24, 80, "mistakes  1 of ");
    session_close(session);
}

static void past_epochs_are_shown_and_said_to_be_past(void **state)
{
    (void)state;
    struct session *session = open_matrix(STEPS);
    session_expect(session, 24, 80, "  epoch 6  ");
    session_press(session, REQUEST_EPOCH_BACK);
    session_expect(session, 24, 80, "  epoch 5, past  ");
    for (int epoch = 0; epoch < 10; epoch++)
        session_press(session, REQUEST_EPOCH_BACK);
    session_expect(session, 24, 80, "  epoch 1, past  ");
    assert_string_equal(session->frame.scene.notice, "this is the first evaluation");
    session_press(session, REQUEST_EPOCH_FORWARD);
    session_expect(session, 24, 80, "  epoch 2, past  ");
    session_press(session, REQUEST_LAST);
    session_expect(session, 24, 80, "  epoch 6  ");
    session_press(session, REQUEST_EPOCH_FORWARD);
    assert_string_equal(session->frame.scene.notice, "this is the newest evaluation");
    session_close(session);
}

static void another_model_begins_at_its_newest_evaluation(void **state)
{
    (void)state;
    struct session *session = open_matrix(STEPS);
    session_press(session, REQUEST_EPOCH_BACK);
    session->staged->snapshot.active = 1;
    session_expect(session, 24, 80, "  epoch 3  ");
    session_close(session);
}

static void the_test_images_wait_for_the_end(void **state)
{
    (void)state;
    struct session *session = open_matrix(STEPS);
    session_press(session, REQUEST_PART);
    assert_string_equal(session->frame.scene.notice,
                        "the test images are kept for the end of the last epoch");
    session_expect(session, 24, 80, "  epoch 6  ");
    session_close(session);
}

static void before_the_first_evaluation_it_says_what_it_waits_for(void **state)
{
    (void)state;
    struct session *session = open_matrix(20);
    session_expect(session, 24, 80, "after the first evaluation");
    session_press(session, REQUEST_ENTER);
    session_press(session, REQUEST_NEXT_PANEL);
    session_press(session, REQUEST_EPOCH_BACK);
    assert_string_equal(session->frame.scene.notice, "nothing was evaluated yet");
    session_draw_all_sizes(session);
    session_close(session);
}

static void every_size_can_be_drawn(void **state)
{
    (void)state;
    struct session *session = open_matrix(STEPS);
    session_draw_all_sizes(session);
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(cells_are_percent_of_row_or_column_or_images),
        cmocka_unit_test(the_cursor_tells_what_its_cell_counts),
        cmocka_unit_test(enter_opens_the_images_of_the_cell),
        cmocka_unit_test(past_epochs_are_shown_and_said_to_be_past),
        cmocka_unit_test(another_model_begins_at_its_newest_evaluation),
        cmocka_unit_test(the_test_images_wait_for_the_end),
        cmocka_unit_test(before_the_first_evaluation_it_says_what_it_waits_for),
        cmocka_unit_test(every_size_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
