// SPDX-License-Identifier: MIT
/* Characters and colours that were chosen on the screen are there again at the next start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dashboard.h"
#include "tui/look.h"
#include "tui/preferences.h"

enum { PATH_SIZE = 256 };

/* A directory for the state of one test, with nothing in it. */
struct home {
    char path[PATH_SIZE], file[PATH_SIZE + 32];
};

static struct home make_home(void)
{
    struct home home = {.path = "preferences-XXXXXX"};
    char here[PATH_SIZE / 2];
    assert_non_null(getcwd(here, sizeof here));
    (void)snprintf(home.path, sizeof home.path, "%s/preferences-XXXXXX", here);
    assert_non_null(mkdtemp(home.path));
    (void)snprintf(home.file, sizeof home.file, "%s/fmnist-tui/screen", home.path);
    assert_int_equal(setenv("XDG_STATE_HOME", home.path, 1), 0);
    return home;
}

static void remove_home(const struct home *home)
{
    char directory[PATH_SIZE + 32];
    (void)snprintf(directory, sizeof directory, "%s/fmnist-tui", home->path);
    (void)unlink(home->file);
    (void)rmdir(directory);
    assert_int_equal(rmdir(home->path), 0);
}

static void write_file(const struct home *home, const char *text)
{
    FILE *file = fopen(home->file, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const struct preferences CASES[] = {
        {APP_GLYPHS_ASCII, 16},
        {APP_GLYPHS_UTF8, 0},
        {APP_GLYPHS_AUTO, LOOK_TRUE_COLOR},
        {APP_GLYPHS_AUTO, SCREEN_COLORS_AUTO},
    };
    struct home home = make_home();
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        assert_true(preferences_write(&CASES[index], NULL));
        struct preferences read = preferences_read();
        assert_int_equal(read.glyphs, CASES[index].glyphs);
        assert_int_equal(read.colors, CASES[index].colors);
    }
    remove_home(&home);
}

static void what_makes_no_sense_is_no_choice(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "\n\n",
        "glyphs\ncolor = \n",
        "glyphs = runes\ncolor = 17\n",
        "size = 3\n",
        ("color = 1666666666666666666666666666666666666666666666666666666666666666666666666666666"
         "6666666666666666666666666666666666666666666666666666666666666666666666666666666666666\n"),
    };
    struct home home = make_home();
    const struct preferences some = {APP_GLYPHS_ASCII, 8};
    assert_true(preferences_write(&some, NULL));
    for (size_t index = 0; index < sizeof TEXTS / sizeof *TEXTS; index++) {
        write_file(&home, TEXTS[index]);
        struct preferences read = preferences_read();
        assert_int_equal(read.glyphs, APP_GLYPHS_AUTO);
        assert_int_equal(read.colors, SCREEN_COLORS_AUTO);
    }
    write_file(&home, "  color=8\nnews = 1\nglyphs   =   ascii\n");
    assert_int_equal(preferences_read().colors, 8);
    assert_int_equal(preferences_read().glyphs, APP_GLYPHS_ASCII);
    remove_home(&home);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    const struct preferences some = {APP_GLYPHS_ASCII, 8};
    struct error err = {0};
    assert_int_equal(setenv("XDG_STATE_HOME", "/dev/null", 1), 0);
    assert_false(preferences_write(&some, &err));
    assert_string_equal(err.message, "/dev/null/fmnist-tui: Not a directory");
    assert_int_equal(preferences_read().colors, SCREEN_COLORS_AUTO);
}

static bool shows_lines(struct terminal *terminal)
{
    return strstr(terminal_text(terminal), "\342\224\200") != NULL;
}

static void quit(void **state)
{
    terminal_type(*state, "\003\003");
    (void)terminal_await_end(*state);
    (void)dashboard_teardown(state);
}

static struct terminal *start_in(void **state, const struct home *home, const char *option,
                                 const char *value)
{
    const char *const arguments[] = {option, value, NULL};
    struct terminal *terminal = dashboard_open(
        state, (struct terminal_settings){.arguments = arguments, .state = home->path});
    terminal_await_text(terminal, "loss  train");
    terminal_await_text(terminal, "q quit");
    return terminal;
}

static bool bar_has_color(struct terminal *terminal)
{
    VTermScreenCell cell = terminal_cell(terminal, 23, 0);
    return !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg);
}

static void the_next_start_looks_as_the_last_one_did(void **state)
{
    struct home home = make_home();
    struct terminal *terminal = start_in(state, &home, NULL, NULL);
    assert_true(shows_lines(terminal) && bar_has_color(terminal));
    terminal_type(terminal, "~");
    terminal_await_no_text(terminal, "\342\224\200");
    terminal_type(terminal, "CCC");
    terminal_await_text(terminal, "no colours");
    quit(state);
    terminal = start_in(state, &home, NULL, NULL);
    assert_false(shows_lines(terminal) || bar_has_color(terminal));
    quit(state);
    terminal = start_in(state, &home, "--glyphs", "utf8");
    assert_true(shows_lines(terminal));
    assert_false(bar_has_color(terminal));
    quit(state);
    terminal = start_in(state, &home, "--color", "256");
    assert_true(bar_has_color(terminal));
    terminal_type(terminal, "~");
    terminal_await_text(terminal, "\342\224\200");
    quit(state);
    assert_int_equal(preferences_read().glyphs, APP_GLYPHS_AUTO);
    assert_int_equal(preferences_read().colors, 0);
    remove_home(&home);
}

static void what_cannot_be_remembered_is_told(void **state)
{
    struct terminal *terminal = dashboard_open(state, (struct terminal_settings){0});
    terminal_type(terminal, "C");
    terminal_await_text(terminal, "16 colours; will not be remembered: /dev/null/fmnist-tui");
    quit(state);
}

#define PREFERENCES_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(void)
{
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_makes_no_sense_is_no_choice),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
        PREFERENCES_TEST(the_next_start_looks_as_the_last_one_did),
        PREFERENCES_TEST(what_cannot_be_remembered_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
