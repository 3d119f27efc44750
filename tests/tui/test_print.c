// SPDX-License-Identifier: MIT
/* Canvases written to a stream: what bytes come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/print.h"

enum { TEXT_SIZE = 4096 };

static const struct rect ALL = {0, 0, 100, 100};

/* What print_canvas() writes. */
static void print_to_text(const struct canvas *canvas, const struct look *look,
                          char text[TEXT_SIZE])
{
    FILE *file = tmpfile();
    assert_non_null(file);
    print_canvas(file, canvas, look);
    rewind(file);
    text[fread(text, 1, TEXT_SIZE - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
}

static void without_colours_nothing_but_text_is_written(void **state)
{
    (void)state;
    char text[TEXT_SIZE];
    const struct look look = {.glyphs = GLYPHS_UTF8};
    struct canvas *canvas = canvas_create(3, 10, NULL);
    canvas_text(canvas, ALL, 0, 1, (struct style){PAINT_GOOD, PAINT_DEFAULT, CELL_BOLD}, "bag");
    canvas_put(canvas, ALL, 2, 0, 0x2580, (struct style){.background = PAINT_DEFAULT});
    print_to_text(canvas, &look, text);
    assert_string_equal(text, " bag\n\n\342\226\200\n");
    canvas_destroy(canvas);
}

static void colours_end_with_the_line(void **state)
{
    (void)state;
    char text[TEXT_SIZE];
    struct look look = {.glyphs = GLYPHS_UTF8, .colors = 256};
    struct canvas *canvas = canvas_create(1, 10, NULL);
    canvas_put(canvas, ALL, 0, 0, 'a', (struct style){PAINT_GOOD, PAINT_DEFAULT, CELL_BOLD});
    canvas_put(canvas, ALL, 0, 1, 'b', (struct style){PAINT_GOOD, PAINT_DEFAULT, 0});
    canvas_put(canvas, ALL, 0, 2, ' ', (struct style){PAINT_DEFAULT, PAINT_GREY, 0});
    print_to_text(canvas, &look, text);
    assert_string_equal(text, "\033[1m\033[38;5;36ma\033[22mb\033[39m\033[48;5;16m \033[49m\n");
    look.colors = 16;
    print_to_text(canvas, &look, text);
    assert_string_equal(text, "\033[1m\033[92ma\033[22mb\033[39m\033[40m \033[49m\n");
    look.colors = LOOK_TRUE_COLOR;
    print_to_text(canvas, &look, text);
    assert_non_null(strstr(text, "\033[38;2;0;175;135ma"));
    canvas_destroy(canvas);
}

static void a_file_gets_ascii_and_no_colours(void **state)
{
    (void)state;
    struct app_settings settings = {.glyphs = APP_GLYPHS_AUTO,
                                    .screen = {.colors = SCREEN_COLORS_AUTO}};
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(setenv("TERM", "xterm-256color", 1), 0);
    struct look look = print_look(file, &settings);
    assert_int_equal(look.glyphs, GLYPHS_ASCII);
    assert_int_equal(look.colors, 0);
    assert_int_equal(print_columns(file), 80);
    settings.screen.colors = SCREEN_COLORS_ALWAYS;
    settings.glyphs = APP_GLYPHS_UTF8;
    look = print_look(file, &settings);
    assert_int_equal(look.glyphs, GLYPHS_UTF8);
    assert_int_equal(look.colors, 256);
    settings.screen.colors = LOOK_TRUE_COLOR;
    assert_int_equal(print_look(file, &settings).colors, LOOK_TRUE_COLOR);
    assert_int_equal(setenv("TERM", "vt100", 1), 0);
    settings.screen.colors = SCREEN_COLORS_ALWAYS;
    assert_int_equal(print_look(file, &settings).colors, 0);
    assert_int_equal(setenv("TERM", "no such terminal", 1), 0);
    assert_int_equal(print_look(file, &settings).colors, 0);
    assert_int_equal(fclose(file), 0);
}

static void the_background_comes_from_settings_or_environment(void **state)
{
    (void)state;
    struct app_settings settings = {.screen = {.colors = 0}};
    assert_int_equal(setenv("COLORFGBG", "0;15", 1), 0);
    assert_true(print_look(stdout, &settings).light_background);
    assert_int_equal(setenv("COLORFGBG", "15;0", 1), 0);
    assert_false(print_look(stdout, &settings).light_background);
    settings.screen.background = SCREEN_BACKGROUND_LIGHT;
    assert_true(print_look(stdout, &settings).light_background);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_colours_nothing_but_text_is_written),
        cmocka_unit_test(colours_end_with_the_line),
        cmocka_unit_test(a_file_gets_ascii_and_no_colours),
        cmocka_unit_test(the_background_comes_from_settings_or_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
