// SPDX-License-Identifier: MIT
/*
 * What the terminal really gets: this program runs itself on a terminal, shows a staged run there
 * through the screen, and compares the cells that libvterm made of it, text and attributes, with
 * stored ones, for each view, glyph set, number of colours and background.
 *
 * A stored file has a part for each number of colours and background: the text, where it is not
 * that of the part before, and for each row runs of cells of the same style: how many, the colour
 * of the characters, "/" and that of the background where it is not the terminal's own, and
 * letters: b bold, r reverse, u underlined.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dashboard.h"
#include "session.h"
#include "tui/screen.h"

enum { STEPS = 345, ROWS = 24, COLUMNS = 80, TEXT_SIZE = 1 << 19, STYLE_SIZE = 32 };

/* One way to show a view. */
struct look_case {
    const char *name, *colors, *background;
};

static const struct look_case CASES[] = {
    {"256 colours, dark", "256", "dark"}, {"256 colours, light", "256", "light"},
    {"16 colours, dark", "16", "dark"},   {"16 colours, light", "16", "light"},
    {"8 colours, dark", "8", "dark"},     {"8 colours, light", "8", "light"},
    {"no colours, dark", "0", "dark"},    {"no colours, light", "0", "light"},
};

/* In the process on the terminal: shows the view and ends with it on the screen. */
static void show(char **arguments)
{
    size_t view = (size_t)atoi(arguments[0]);
    bool ascii = strcmp(arguments[1], "ascii") == 0, light = strcmp(arguments[3], "light") == 0;
    const struct screen_settings settings = {
        .colors = atoi(arguments[2]),
        .background = light ? SCREEN_BACKGROUND_LIGHT : SCREEN_BACKGROUND_DARK,
        .ascii = ascii,
    };
    (void)setlocale(LC_CTYPE, "");
    struct screen *screen = screen_open(&settings, NULL);
    struct canvas *canvas = canvas_create(ROWS, COLUMNS, NULL);
    struct session *session = session_open(STEPS);
    if (!screen || !canvas)
        _exit(1);
    session->frame.scene.look = (struct look){.glyphs = ascii ? GLYPHS_ASCII : GLYPHS_UTF8,
                                              .colors = screen_colors(screen),
                                              .reverse = screen_has_reverse(screen),
                                              .light_background = screen_light_background(screen)};
    session_press(session, (enum request)(REQUEST_VIEW_1 + view));
    frame_draw(&session->frame, canvas, "");
    screen_show(screen, canvas);
    _exit(0);
}

/* The number of a colour; nothing for the terminal's own. */
static int write_color(char *text, VTermColor color)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&color) || VTERM_COLOR_IS_DEFAULT_BG(&color))
        return 0;
    assert_true(VTERM_COLOR_IS_INDEXED(&color));
    return sprintf(text, "%d", color.indexed.idx);
}

static void write_style(char *text, const VTermScreenCell *cell)
{
    text += write_color(text, cell->fg);
    if (!VTERM_COLOR_IS_DEFAULT_BG(&cell->bg)) {
        *text++ = '/';
        text += write_color(text, cell->bg);
    }
    if (cell->attrs.bold)
        *text++ = 'b';
    if (cell->attrs.reverse)
        *text++ = 'r';
    if (cell->attrs.underline)
        *text++ = 'u';
    *text = '\0';
}

/* Appends a row's runs of cells of the same style; returns the end. */
static char *write_row(char *end, struct terminal *terminal, int row)
{
    char style[STYLE_SIZE] = "", before[STYLE_SIZE] = "";
    int run = 0;
    for (int column = 0; column <= COLUMNS; column++) {
        if (column < COLUMNS) {
            VTermScreenCell cell = terminal_cell(terminal, row, column);
            write_style(style, &cell);
        }
        if (run > 0 && (column == COLUMNS || strcmp(style, before) != 0)) {
            end += sprintf(end, "%s%d:%s", column == run ? "" : " ", run, before);
            run = 0;
        }
        memcpy(before, style, sizeof before);
        run++;
    }
    *end++ = '\n';
    return end;
}

/* Shows a view and appends what came out; `shown` is the text of the case before, and then of this
 * one. */
static char *write_case(char *end, void **state, const struct look_case *look, const char *view,
                        const char *glyphs, char *shown)
{
    const char *const arguments[] = {"/proc/self/exe", "show",           view, glyphs,
                                     look->colors,     look->background, NULL};
    struct terminal *terminal = terminal_start(&(struct terminal_settings){
        .arguments = arguments,
        .rows = ROWS,
        .columns = COLUMNS,
        .type = "xterm-256color",
        .locale = strcmp(glyphs, "ascii") == 0 ? "C" : "C.UTF-8",
    });
    *state = terminal;
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    end += sprintf(end, "== %s\n", look->name);
    if (strcmp(shown, terminal_text(terminal)) != 0)
        end += sprintf(end, "%s", strcpy(shown, terminal_text(terminal)));
    end += sprintf(end, "-- styles\n");
    for (int row = 0; row < ROWS; row++)
        end = write_row(end, terminal, row);
    (void)dashboard_teardown(state);
    return end;
}

static void check_view(void **state, const char *number, const char *view, const char *glyphs)
{
    char name[64], *text = calloc(1, TEXT_SIZE), *shown = calloc(1, TEXT_SIZE), *end = text;
    assert_true(text && shown);
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++)
        end = write_case(end, state, &CASES[index], number, glyphs, shown);
    assert_true(end < text + TEXT_SIZE);
    (void)snprintf(name, sizeof name, "colors-%s-%s", view, glyphs);
    session_compare(name, text);
    free(text);
    free(shown);
}

static void live_comes_out_in_all_colors(void **state)
{
    check_view(state, "0", "live", "utf8");
    check_view(state, "0", "live", "ascii");
}

static void matrix_comes_out_in_all_colors(void **state)
{
    check_view(state, "1", "matrix", "utf8");
    check_view(state, "1", "matrix", "ascii");
}

static void mistakes_come_out_in_all_colors(void **state)
{
    check_view(state, "2", "mistakes", "utf8");
    check_view(state, "2", "mistakes", "ascii");
}

#define COLOR_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "show") == 0)
        show(argv + 2);
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        COLOR_TEST(live_comes_out_in_all_colors),
        COLOR_TEST(matrix_comes_out_in_all_colors),
        COLOR_TEST(mistakes_come_out_in_all_colors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
