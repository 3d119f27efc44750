// SPDX-License-Identifier: MIT
/*
 * What the terminal really gets: this program runs itself on a terminal, shows a staged run there
 * through the screen, one view and number of colours after another, and compares the cells that
 * libvterm made of each, text and attributes, with stored ones.
 *
 * A stored file of 80x24 has a part for each number of colours and background: the text, where it
 * is not that of the part before, and for each row runs of cells of the same style: how many, the
 * colour of the characters, "/" and that of the background where it is not the terminal's own, and
 * letters: b bold, r reverse, u underlined. A file of another size has a part for each view and
 * number of colours, with a row's text, where it is not that of the part before, behind a checksum
 * of its styles.
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
#include "staged_layers.h"
#include "tui/screen.h"

enum { STEPS = 345, TEXT_SIZE = 1 << 20, ROW_SIZE = 8192, STYLE_SIZE = 32, ROWS_MAX = 60 };

static const char *const VIEWS[] = {"live", "matrix", "mistakes", "network", "compare"};

enum { VIEW_COUNT = sizeof VIEWS / sizeof *VIEWS };

/* One way to show a view. */
static const struct look_case {
    const char *name;
    int colors;
    enum screen_background background;
} CASES[] = {
    {"256 colours, dark", 256, SCREEN_BACKGROUND_DARK},
    {"256 colours, light", 256, SCREEN_BACKGROUND_LIGHT},
    {"16 colours, dark", 16, SCREEN_BACKGROUND_DARK},
    {"16 colours, light", 16, SCREEN_BACKGROUND_LIGHT},
    {"8 colours, dark", 8, SCREEN_BACKGROUND_DARK},
    {"8 colours, light", 8, SCREEN_BACKGROUND_LIGHT},
    {"no colours, dark", 0, SCREEN_BACKGROUND_DARK},
    {"no colours, light", 0, SCREEN_BACKGROUND_LIGHT},
};

enum { CASE_COUNT = sizeof CASES / sizeof *CASES };

/* What the process on the terminal sends when a screen is whole: a title that nobody else sets. */
static void write_mark(char mark[STYLE_SIZE], size_t view, size_t look)
{
    (void)snprintf(mark, STYLE_SIZE, "\033]2;shown %zu %zu\007", view, look);
}

/* Shows one screen until a blank comes. */
static void show_screen(struct session *session, size_t view, size_t look, bool ascii)
{
    const struct screen_settings settings = {
        .colors = CASES[look].colors, .background = CASES[look].background, .ascii = ascii};
    char mark[STYLE_SIZE], byte;
    struct screen *screen = screen_open(&settings, NULL);
    if (!screen)
        _exit(1);
    struct canvas *canvas = canvas_create(screen_rows(screen), screen_columns(screen), NULL);
    if (!canvas)
        _exit(1);
    session->frame.scene.look = (struct look){.glyphs = ascii ? GLYPHS_ASCII : GLYPHS_UTF8,
                                              .colors = screen_colors(screen),
                                              .reverse = screen_has_reverse(screen),
                                              .light_background = screen_light_background(screen)};
    frame_draw(&session->frame, canvas, "");
    screen_show(screen, canvas);
    write_mark(mark, view, look);
    if (write(screen_output(screen), mark, strlen(mark)) < 0)
        _exit(1);
    do { /* past answers to the screen's questions that came too late */
        if (read(STDIN_FILENO, &byte, 1) < 1)
            _exit(1);
    } while (byte != ' ');
    canvas_destroy(canvas);
    screen_close(screen);
}

/* In the process on the terminal: shows all views in all ways. */
static void show(const char *glyphs)
{
    (void)setlocale(LC_CTYPE, "");
    struct session *session = session_open(STEPS);
    (void)staged_layers_create(session->staged);
    for (size_t view = 0; view < VIEW_COUNT; view++) {
        if (strcmp(VIEWS[view], "compare") == 0)
            staged_diverge(session->staged);
        session_press(session, (enum request)(REQUEST_VIEW_1 + view));
        for (size_t look = 0; look < CASE_COUNT; look++)
            show_screen(session, view, look, strcmp(glyphs, "ascii") == 0);
    }
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
static char *write_row(char *end, struct terminal *terminal, int row, int columns)
{
    char style[STYLE_SIZE] = "", before[STYLE_SIZE] = "";
    int run = 0;
    for (int column = 0; column <= columns; column++) {
        if (column < columns) {
            VTermScreenCell cell = terminal_cell(terminal, row, column);
            write_style(style, &cell);
        }
        if (run > 0 && (column == columns || strcmp(style, before) != 0)) {
            end += sprintf(end, "%s%d:%s", column == run ? "" : " ", run, before);
            run = 0;
        }
        memcpy(before, style, sizeof before);
        run++;
    }
    *end++ = '\n';
    return end;
}

/* A program that shows all screens on a terminal of that size. */
static struct terminal *start(void **state, const char *glyphs, int rows, int columns)
{
    const char *const arguments[] = {"/proc/self/exe", "show", glyphs, NULL};
    struct terminal *terminal = terminal_start(&(struct terminal_settings){
        .arguments = arguments,
        .rows = rows,
        .columns = columns,
        .type = "xterm-256color",
        .locale = strcmp(glyphs, "ascii") == 0 ? "C" : "C.UTF-8",
    });
    *state = terminal;
    return terminal;
}

static void await_screen(struct terminal *terminal, size_t view, size_t look)
{
    char mark[STYLE_SIZE];
    write_mark(mark, view, look);
    terminal_await_bytes(terminal, mark);
}

static void end(void **state)
{
    int status = terminal_await_end(*state);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    (void)dashboard_teardown(state);
}

static char *make_text(void)
{
    char *text = calloc(1, TEXT_SIZE);
    assert_non_null(text);
    return text;
}

/* Compares the screens of a view at 80x24. */
static void check_view(struct terminal *terminal, size_t view, const char *glyphs)
{
    char name[64], *text = make_text(), *shown = make_text(), *at = text;
    for (size_t look = 0; look < CASE_COUNT; look++) {
        await_screen(terminal, view, look);
        at += sprintf(at, "== %s\n", CASES[look].name);
        if (strcmp(shown, terminal_text(terminal)) != 0)
            at += sprintf(at, "%s", strcpy(shown, terminal_text(terminal)));
        at += sprintf(at, "-- styles\n");
        for (int row = 0; row < 24; row++)
            at = write_row(at, terminal, row, 80);
        assert_true(at < text + TEXT_SIZE);
        terminal_type(terminal, " ");
    }
    (void)snprintf(name, sizeof name, "colors-%s-%s", VIEWS[view], glyphs);
    session_compare(name, text);
    free(text);
    free(shown);
}

static void all_views_come_out_in_all_colors(void **state)
{
    static const char *const GLYPHS[] = {"utf8", "ascii"};
    for (size_t glyphs = 0; glyphs < 2; glyphs++) {
        struct terminal *terminal = start(state, GLYPHS[glyphs], 24, 80);
        for (size_t view = 0; view < VIEW_COUNT; view++)
            check_view(terminal, view, GLYPHS[glyphs]);
        end(state);
    }
}

/* FNV-1a, of 32 bits. */
static uint32_t checksum(const char *text)
{
    uint32_t sum = 2166136261U;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619U;
    return sum;
}

/* Appends the rows of the screen; `before` holds the texts of those before, and then of these. */
static char *write_rows(char *at, struct terminal *terminal, int rows, int columns,
                        char before[ROWS_MAX][ROW_SIZE])
{
    char *text = strdup(terminal_text(terminal)), *rest = text, styles[ROW_SIZE];
    assert_non_null(text);
    for (int row = 0; row < rows; row++) {
        const char *line = rest ? strsep(&rest, "\n") : "";
        bool same = strcmp(line, before[row]) == 0;
        *write_row(styles, terminal, row, columns) = '\0';
        at += sprintf(at, "%08x%s%s\n", checksum(styles), same ? "" : " ", same ? "" : line);
        (void)snprintf(before[row], ROW_SIZE, "%s", line);
    }
    free(text);
    return at;
}

/* Compares the screens of another size, on a dark background, as one file. */
static void check_size(void **state, const char *glyphs, int rows, int columns)
{
    char name[64], *text = make_text(), *at = text, (*before)[ROW_SIZE];
    before = calloc(ROWS_MAX, sizeof *before);
    assert_non_null(before);
    struct terminal *terminal = start(state, glyphs, rows, columns);
    for (size_t view = 0; view < VIEW_COUNT; view++) {
        for (size_t look = 0; look < CASE_COUNT; look++) {
            await_screen(terminal, view, look);
            if (CASES[look].background == SCREEN_BACKGROUND_DARK) {
                at += sprintf(at, "== %s, %s\n", VIEWS[view], CASES[look].name);
                at = write_rows(at, terminal, rows, columns, before);
                assert_true(at < text + TEXT_SIZE);
            }
            terminal_type(terminal, " ");
        }
    }
    end(state);
    (void)snprintf(name, sizeof name, "screens-%s-%dx%d", glyphs, columns, rows);
    session_compare(name, text);
    free(text);
    free(before);
}

static void all_sizes_come_out_in_unicode(void **state)
{
    check_size(state, "utf8", 12, 40);
    check_size(state, "utf8", 40, 120);
    check_size(state, "utf8", 60, 200);
}

static void all_sizes_come_out_in_ascii(void **state)
{
    check_size(state, "ascii", 12, 40);
    check_size(state, "ascii", 40, 120);
    check_size(state, "ascii", 60, 200);
}

#define COLOR_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "show") == 0)
        show(argv[2]);
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        COLOR_TEST(all_views_come_out_in_all_colors),
        COLOR_TEST(all_sizes_come_out_in_unicode),
        COLOR_TEST(all_sizes_come_out_in_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
