// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tui/canvas.h"

static const struct style PLAIN = {0};

static struct rect whole(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas_rows(canvas), canvas_columns(canvas)};
}

static void check_text(const struct canvas *canvas, const char *expected)
{
    char *text = canvas_to_text(canvas);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static struct canvas *make(int rows, int columns)
{
    struct canvas *canvas = canvas_create(rows, columns, NULL);
    assert_non_null(canvas);
    return canvas;
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(canvas_create(0, 10, &err));
    assert_null(canvas_create(10, 1001, &err));
    assert_int_equal(err.code, ERROR_USAGE);
}

static void text_is_cut_at_the_clip_and_the_canvas(void **state)
{
    (void)state;
    struct canvas *canvas = make(2, 6);
    int end = canvas_text(canvas, (struct rect){0, 1, 1, 3}, 0, 0, PLAIN, "abcdef");
    assert_int_equal(end, 6);
    (void)canvas_text(canvas, (struct rect){-5, -5, 100, 100}, 1, 4, PLAIN, "xyz");
    (void)canvas_text(canvas, (struct rect){-5, -5, 100, 100}, 2, 0, PLAIN, "below");
    (void)canvas_text(canvas, (struct rect){-5, -5, 100, 100}, -1, 0, PLAIN, "above");
    check_text(canvas, " bcd\n    xy\n");
    canvas_destroy(canvas);
}

static void style_and_character_are_kept(void **state)
{
    (void)state;
    struct canvas *canvas = make(1, 2);
    struct style style = {PAINT_TRAIN, PAINT_GREY + 3, CELL_BOLD};
    canvas_put(canvas, whole(canvas), 0, 1, 0x2588, style);
    const struct cell *cell = canvas_at(canvas, 0, 1);
    assert_int_equal(cell->character, 0x2588);
    assert_int_equal(cell->style.foreground, PAINT_TRAIN);
    assert_int_equal(cell->style.background, PAINT_GREY + 3);
    assert_int_equal(cell->style.attributes, CELL_BOLD);
    canvas_clear(canvas);
    assert_int_equal(canvas_at(canvas, 0, 1)->character, ' ');
    assert_int_equal(canvas_at(canvas, 0, 1)->style.attributes, 0);
    canvas_destroy(canvas);
}

static void invalid_bytes_and_controls_become_question_marks(void **state)
{
    (void)state;
    static const char *const texts[] = {"\033[", "\300\200", "\355\240\200", "\342\224", "\377\t"};
    static const char *const expected[] = {"?[\n", "??\n", "???\n", "??\n", "??\n"};
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        struct canvas *canvas = make(1, 8);
        (void)canvas_text(canvas, whole(canvas), 0, 0, PLAIN, texts[index]);
        check_text(canvas, expected[index]);
        canvas_destroy(canvas);
    }
}

static void utf8_comes_out_as_it_went_in(void **state)
{
    (void)state;
    struct canvas *canvas = make(1, 8);
    const char *text = "a\303\251\342\226\200\360\220\215\210z";
    (void)canvas_text(canvas, whole(canvas), 0, 0, PLAIN, text);
    char *back = canvas_to_text(canvas);
    assert_memory_equal(back, text, strlen(text));
    assert_int_equal(text_columns(text), 5);
    free(back);
    canvas_destroy(canvas);
}

static void a_wide_character_takes_two_cells_and_loses_both(void **state)
{
    (void)state;
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        skip();
    struct canvas *canvas = make(1, 5);
    assert_int_equal(canvas_text(canvas, whole(canvas), 0, 0, PLAIN, "\347\213\227x"), 3);
    assert_int_equal(canvas_at(canvas, 0, 1)->character, 0);
    canvas_put(canvas, whole(canvas), 0, 1, 'y', PLAIN);
    check_text(canvas, " yx\n");
    canvas_put(canvas, whole(canvas), 0, 4, 0x72D7, PLAIN);
    check_text(canvas, " yx ?\n");
    canvas_destroy(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(text_is_cut_at_the_clip_and_the_canvas),
        cmocka_unit_test(style_and_character_are_kept),
        cmocka_unit_test(invalid_bytes_and_controls_become_question_marks),
        cmocka_unit_test(utf8_comes_out_as_it_went_in),
        cmocka_unit_test(a_wide_character_takes_two_cells_and_loses_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
