// SPDX-License-Identifier: MIT
/*
 * The whole screen with the live view, compared with stored pictures in tests/tui/golden/. After a
 * wanted change, FMNIST_GOLDEN=update make check TESTS=test_live writes them anew: look at the
 * difference before it is committed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "staged.h"
#include "tui/frame.h"

enum { PATH_SIZE = 4096, SCREEN_BYTES_MAX = 1 << 20, STEPS = 345 };

static const struct look UTF8 = {.glyphs = GLYPHS_UTF8, .colors = 256};
static const struct look UTF8_PLAIN = {.glyphs = GLYPHS_UTF8, .colors = 0};
static const struct look ASCII_PLAIN = {.glyphs = GLYPHS_ASCII, .colors = 0};

struct screen_case {
    const char *name;
    int rows, columns;
    const struct look *look;
};

struct session {
    struct staged *staged;
    struct frame frame;
};

static struct session *open_session(size_t steps)
{
    struct session *session = calloc(1, sizeof *session);
    assert_non_null(session);
    session->staged = staged_create(steps);
    session->frame = (struct frame){.operations = &VIEW_LIVE, .look = UTF8};
    session->frame.view = VIEW_LIVE.open(NULL);
    assert_non_null(session->frame.view);
    return session;
}

static void close_session(struct session *session)
{
    VIEW_LIVE.close(session->frame.view);
    staged_destroy(session->staged);
    free(session);
}

/* The screen as text, for the caller to free. */
static char *draw(struct session *session, int rows, int columns)
{
    struct canvas *canvas = canvas_create(rows, columns, NULL);
    assert_non_null(canvas);
    frame_draw(&session->frame, canvas, &session->staged->snapshot, "");
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    canvas_destroy(canvas);
    return text;
}

static void press(struct session *session, enum request request)
{
    assert_true(VIEW_LIVE.act(session->frame.view, request, &session->staged->snapshot));
}

static char *read_golden(const char *path)
{
    char *text = calloc(SCREEN_BYTES_MAX, 1);
    assert_non_null(text);
    FILE *file = fopen(path, "r");
    if (file) {
        (void)fread(text, 1, SCREEN_BYTES_MAX - 1, file);
        (void)fclose(file);
    }
    return text;
}

static void write_golden(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void check_golden(struct session *session, const struct screen_case *screen)
{
    char path[PATH_SIZE];
    const char *source = getenv("FMNIST_SOURCE"), *update = getenv("FMNIST_GOLDEN");
    (void)snprintf(path, sizeof path, "%s/tests/tui/golden/%s-%dx%d.txt", source ? source : ".",
                   screen->name, screen->columns, screen->rows);
    session->frame.look = *screen->look;
    char *drawn = draw(session, screen->rows, screen->columns);
    if (update && strcmp(update, "update") == 0)
        write_golden(path, drawn);
    char *golden = read_golden(path);
    if (strcmp(drawn, golden) != 0)
        fail_msg("not the screen of %s, which is:\n%s\nbut:\n%s", path, golden, drawn);
    free(golden);
    free(drawn);
}

static void every_size_and_glyph_set_draws_its_stored_screen(void **state)
{
    (void)state;
    static const struct screen_case SCREENS[] = {
        {"utf8", 12, 40, &UTF8},
        {"utf8", 24, 80, &UTF8},
        {"utf8", 40, 120, &UTF8},
        {"utf8", 60, 200, &UTF8},
        {"utf8-plain", 24, 80, &UTF8_PLAIN},
        {"utf8-plain", 40, 120, &UTF8_PLAIN},
        {"ascii", 12, 40, &ASCII_PLAIN},
        {"ascii", 24, 80, &ASCII_PLAIN},
        {"ascii", 40, 120, &ASCII_PLAIN},
        {"ascii", 60, 200, &ASCII_PLAIN},
    };
    struct session *session = open_session(STEPS);
    for (size_t index = 0; index < sizeof SCREENS / sizeof *SCREENS; index++)
        check_golden(session, &SCREENS[index]);
    close_session(session);
}

static void a_small_screen_shows_one_panel_after_another(void **state)
{
    (void)state;
    static const char *const PANELS[] = {"small-loss", "small-accuracy", "small-matrix",
                                         "small-mistakes"};
    struct session *session = open_session(STEPS);
    for (size_t panel = 0; panel < sizeof PANELS / sizeof *PANELS; panel++) {
        const struct screen_case screen = {PANELS[panel], 12, 40, &UTF8_PLAIN};
        check_golden(session, &screen);
        press(session, REQUEST_NEXT_PANEL);
    }
    close_session(session);
}

static void before_the_first_evaluation_panels_say_what_they_wait_for(void **state)
{
    (void)state;
    const struct screen_case screen = {"early", 24, 80, &UTF8};
    struct session *session = open_session(20);
    check_golden(session, &screen);
    close_session(session);
}

static void loading_has_a_bar(void **state)
{
    (void)state;
    const struct screen_case screen = {"loading", 24, 80, &ASCII_PLAIN};
    struct session *session = open_session(0);
    struct snapshot *snapshot = &session->staged->snapshot;
    snapshot->state = TRAINER_LOADING;
    snapshot->dataset = NULL;
    snapshot->load_progress = 0.4;
    snapshot->learners[0].started = snapshot->learners[1].started = false;
    check_golden(session, &screen);
    close_session(session);
}

static void an_infinite_loss_never_reaches_an_axis_but_leaves_a_mark(void **state)
{
    (void)state;
    struct session *session = open_session(STEPS);
    struct learner_snapshot *learner = &session->staged->snapshot.learners[0];
    const float broken[] = {INFINITY, NAN, -INFINITY};
    for (uint32_t index = 0; index < 3; index++) {
        struct step_point point = {.step = STEPS + 1 + index, .loss = broken[index]};
        assert_true(history_add_step(session->staged->history, &point, NULL));
        learner->step_points++;
        learner->step++;
    }
    char *text = draw(session, 24, 80);
    assert_null(strstr(text, "inf"));
    assert_null(strstr(text, "nan"));
    assert_non_null(strchr(text, '!'));
    free(text);
    close_session(session);
}

static void arrows_select_mistakes_and_stop_at_both_ends(void **state)
{
    (void)state;
    struct session *session = open_session(STEPS);
    session->frame.look = ASCII_PLAIN;
    char *text = draw(session, 24, 80), expected[64];
    size_t mistakes = session->staged->snapshot.learners[0].validation->mistake_count;
    assert_true(mistakes > 10);
    free(text);
    press(session, REQUEST_RIGHT);
    press(session, REQUEST_RIGHT);
    press(session, REQUEST_LEFT);
    text = draw(session, 24, 80);
    (void)snprintf(expected, sizeof expected, "mistakes  2 of %zu", mistakes);
    assert_non_null(strstr(text, expected));
    free(text);
    press(session, REQUEST_LAST);
    press(session, REQUEST_RIGHT);
    text = draw(session, 24, 80);
    (void)snprintf(expected, sizeof expected, "mistakes  %zu of %zu", mistakes, mistakes);
    assert_non_null(strstr(text, expected));
    free(text);
    press(session, REQUEST_FIRST);
    press(session, REQUEST_UP);
    text = draw(session, 24, 80);
    (void)snprintf(expected, sizeof expected, "mistakes  1 of %zu", mistakes);
    assert_non_null(strstr(text, expected));
    free(text);
    close_session(session);
}

static void every_size_can_be_drawn(void **state)
{
    (void)state;
    struct session *session = open_session(STEPS);
    for (int rows = 1; rows <= 100; rows += rows < 30 ? 1 : 7) {
        for (int columns = 1; columns <= 300; columns += columns < 100 ? 3 : 23) {
            char *text = draw(session, rows, columns);
            assert_true(strlen(text) > 0);
            free(text);
        }
    }
    close_session(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_glyph_set_draws_its_stored_screen),
        cmocka_unit_test(a_small_screen_shows_one_panel_after_another),
        cmocka_unit_test(before_the_first_evaluation_panels_say_what_they_wait_for),
        cmocka_unit_test(loading_has_a_bar),
        cmocka_unit_test(an_infinite_loss_never_reaches_an_axis_but_leaves_a_mark),
        cmocka_unit_test(arrows_select_mistakes_and_stop_at_both_ends),
        cmocka_unit_test(every_size_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
