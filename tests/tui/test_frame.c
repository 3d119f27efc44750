// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/frame.h"

/* A view that draws its own size into its first row. */
static void draw_size(struct view *view, struct canvas *canvas, struct rect area,
                      const struct scene *scene)
{
    (void)view;
    (void)scene;
    (void)canvas_print(canvas, area, area.row, area.column, (struct style){0}, "view %dx%d at %d",
                       area.columns, area.rows, area.row);
}

static const struct view_operations SIZE_VIEW = {.name = "Size", .draw = draw_size};

/* The frame of a size as text, for the caller to free. */
static char *frame_text(int rows, int columns, const struct snapshot *snapshot, const char *notice)
{
    struct frame frame = {.views = {.operations = {&SIZE_VIEW}, .count = 1},
                          .scene = {.snapshot = snapshot, .look = {.glyphs = GLYPHS_ASCII}}};
    struct canvas *canvas = canvas_create(rows, columns, NULL);
    assert_non_null(canvas);
    frame_draw(&frame, canvas, notice);
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    canvas_destroy(canvas);
    return text;
}

static void check_contains(int rows, int columns, const struct snapshot *snapshot,
                           const char *notice, const char *expected)
{
    char *text = frame_text(rows, columns, snapshot, notice);
    if (!strstr(text, expected))
        fail_msg("'%s' is not in:\n%s", expected, text);
    free(text);
}

static void the_view_gets_what_is_between_title_and_bar(void **state)
{
    (void)state;
    const struct snapshot paused = {.state = TRAINER_PAUSED,
                                    .learner_count = 1,
                                    .learners = {{.title = "Net", .started = true}}};
    check_contains(24, 80, &paused, "", "\nview 80x21 at 2\n");
    check_contains(12, 40, &paused, "", "\nview 40x10 at 1\n");
    check_contains(100, 300, &paused, "", "\nview 300x97 at 2\n");
    check_contains(24, 80, &paused, "", "q quit\n");
}

static void the_tabs_name_the_views_and_point_out_the_one_shown(void **state)
{
    (void)state;
    const struct snapshot loading = {.state = TRAINER_LOADING};
    check_contains(24, 80, &loading, "", "\n[1 Size]\n");
}

static void before_there_is_a_network_the_view_is_not_asked(void **state)
{
    (void)state;
    const struct snapshot loading = {.state = TRAINER_LOADING, .load_progress = 0.4};
    check_contains(24, 80, &loading, "", "reading the data\n");
    char *text = frame_text(24, 80, &loading, "");
    assert_null(strstr(text, "view 80x"));
    free(text);
}

static void a_notice_takes_the_place_of_the_bar(void **state)
{
    (void)state;
    const struct snapshot paused = {.state = TRAINER_PAUSED,
                                    .learner_count = 1,
                                    .learners = {{.title = "Net", .started = true}}};
    char *text = frame_text(24, 80, &paused, "pausing ...");
    assert_non_null(strstr(text, "\npausing ...\n"));
    assert_null(strstr(text, "q quit"));
    free(text);
}

static void below_the_least_size_it_says_what_is_needed(void **state)
{
    (void)state;
    const struct snapshot training = {.state = TRAINER_TRAINING};
    check_contains(11, 40, &training, "", "training: 40x12 needed, 40x11 here\n");
    check_contains(12, 39, &training, "", "training: 40x12 needed, 39x12 here\n");
    check_contains(3, 10, &training, "", "training:\n40x12\nneeded,\n");
    check_contains(1, 1, &training, "", "t\n");
}

static void a_failure_is_shown_whole_with_what_to_press(void **state)
{
    (void)state;
    struct snapshot failed = {.state = TRAINER_FAILED};
    (void)snprintf(failed.failure.message, sizeof failed.failure.message,
                   "/some/where/train-images-idx3-ubyte.gz: 47040016 bytes expected, file ends "
                   "after 31000000; copy it again");
    char *text = frame_text(24, 60, &failed, "");
    assert_non_null(strstr(text, "cannot train"));
    assert_non_null(strstr(text, "/some/where/train-images-idx3-ubyte.gz: 47040016 bytes"));
    assert_non_null(strstr(text, "expected, file ends after 31000000; copy it again"));
    assert_non_null(strstr(text, "q quits"));
    free(text);
}

static void every_size_is_drawn(void **state)
{
    (void)state;
    const struct snapshot failed = {.state = TRAINER_FAILED, .failure = {.message = "a reason"}};
    for (int rows = 1; rows <= 30; rows++)
        for (int columns = 1; columns <= 100; columns += 3) {
            char *text = frame_text(rows, columns, &failed, "a notice");
            assert_true(strspn(text, "\n") < strlen(text));
            free(text);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_view_gets_what_is_between_title_and_bar),
        cmocka_unit_test(the_tabs_name_the_views_and_point_out_the_one_shown),
        cmocka_unit_test(before_there_is_a_network_the_view_is_not_asked),
        cmocka_unit_test(a_notice_takes_the_place_of_the_bar),
        cmocka_unit_test(below_the_least_size_it_says_what_is_needed),
        cmocka_unit_test(a_failure_is_shown_whole_with_what_to_press),
        cmocka_unit_test(every_size_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
