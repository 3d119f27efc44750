// SPDX-License-Identifier: MIT
/*
 * Makes the pictures in doc/: runs the program in a terminal (libvterm), steers it to a few places
 * of a run with fixed seed, and writes the terminal's cells as SVG. `make pictures` runs it; only
 * times and speeds differ from one run to the next.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terminal.h"

enum {
    CELL_WIDTH = 8,
    CELL_HEIGHT = 16,
    BASELINE = 12,
    MARGIN = 8,
    UPPER_HALF = 0x2580,
    BRAILLE = 0x2800,
    SHOT_TENTHS = 15,
    COLORS_MAX = 512,
};

static const uint32_t BACKGROUND = 0x16181d, FOREGROUND = 0xd6d8dc;

struct painter {
    FILE *file;
    struct terminal *terminal;
    int rows, columns;
};

struct shot {
    const char *name; /* of the file, without .svg */
    int rows, columns;
    const char *keys;
    const char *awaited; /* on the screen after the keys */
};

static uint32_t to_rgb(struct terminal *terminal, VTermColor color, bool background)
{
    if (background ? VTERM_COLOR_IS_DEFAULT_BG(&color) : VTERM_COLOR_IS_DEFAULT_FG(&color))
        return background ? BACKGROUND : FOREGROUND;
    terminal_color(terminal, &color);
    return (uint32_t)color.rgb.red << 16 | (uint32_t)color.rgb.green << 8 | color.rgb.blue;
}

/* A cell's two colours, reverse video applied. */
static void cell_colors(const struct painter *painter, const VTermScreenCell *cell,
                        uint32_t *foreground, uint32_t *background)
{
    *foreground = to_rgb(painter->terminal, cell->fg, false);
    *background = to_rgb(painter->terminal, cell->bg, true);
    if (cell->attrs.reverse) {
        uint32_t kept = *foreground;
        *foreground = *background;
        *background = kept;
    }
}

/* The colour of the upper or the lower half of a cell, as far as it is an area. */
static uint32_t half_color(const struct painter *painter, int half_row, int column)
{
    uint32_t foreground, background;
    VTermScreenCell cell = terminal_cell(painter->terminal, half_row / 2, column);
    cell_colors(painter, &cell, &foreground, &background);
    return half_row % 2 == 0 && cell.chars[0] == UPPER_HALF ? foreground : background;
}

/* All areas of one colour as one path of horizontal strokes, half a cell thick. */
static void paint_color(const struct painter *painter, uint32_t color)
{
    (void)fprintf(painter->file, "<path stroke=\"#%06x\" stroke-width=\"%d\" d=\"", (unsigned)color,
                  CELL_HEIGHT / 2);
    for (int half = 0; half < 2 * painter->rows; half++) {
        for (int column = 0; column < painter->columns; column++) {
            int first = column;
            while (column < painter->columns && half_color(painter, half, column) == color)
                column++;
            if (column > first)
                (void)fprintf(painter->file, "M%d %dh%d", first * CELL_WIDTH,
                              half * CELL_HEIGHT / 2 + CELL_HEIGHT / 4,
                              (column - first) * CELL_WIDTH);
        }
    }
    (void)fputs("\"/>\n", painter->file);
}

/* Paints each colour once. */
static void paint_areas(const struct painter *painter)
{
    uint32_t seen[COLORS_MAX] = {BACKGROUND};
    size_t count = 1;
    for (int half = 0; half < 2 * painter->rows; half++) {
        for (int column = 0; column < painter->columns; column++) {
            uint32_t color = half_color(painter, half, column);
            size_t index = 0;
            while (index < count && seen[index] != color)
                index++;
            if (index < count || count == COLORS_MAX)
                continue;
            seen[count++] = color;
            paint_color(painter, color);
        }
    }
}

static void put_character(FILE *file, uint32_t character)
{
    if (character == '&' || character == '<' || character == '>')
        (void)fprintf(file, "&#%u;", (unsigned)character);
    else if (character < 0x80)
        (void)fputc((int)character, file);
    else
        (void)fprintf(file, "&#x%X;", (unsigned)character);
}

static bool is_braille(uint32_t character)
{
    return character >= BRAILLE && character < BRAILLE + 256;
}

static bool is_text(const VTermScreenCell *cell)
{
    uint32_t character = cell->chars[0];
    return character > ' ' && !is_braille(character) && character != UPPER_HALF &&
           character != (uint32_t)-1;
}

static bool same_style(const VTermScreenCell *a, const VTermScreenCell *b)
{
    return a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline;
}

/* One stretch of text in one style, from `column` on; returns the column after it. */
static int paint_stretch(const struct painter *painter, int row, int column)
{
    uint32_t foreground, background, other;
    VTermScreenCell first = terminal_cell(painter->terminal, row, column), cell = first;
    int end = column;
    cell_colors(painter, &first, &foreground, &background);
    for (other = foreground; end < painter->columns && is_text(&cell) && other == foreground &&
                             same_style(&first, &cell);) {
        end++;
        cell = terminal_cell(painter->terminal, row, end < painter->columns ? end : end - 1);
        cell_colors(painter, &cell, &other, &background);
    }
    (void)fprintf(painter->file, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s%s>",
                  column * CELL_WIDTH, row * CELL_HEIGHT + BASELINE, (end - column) * CELL_WIDTH,
                  (unsigned)foreground, first.attrs.bold ? " font-weight=\"bold\"" : "",
                  first.attrs.underline ? " text-decoration=\"underline\"" : "");
    for (; column < end; column++) {
        cell = terminal_cell(painter->terminal, row, column);
        put_character(painter->file, cell.chars[0]);
    }
    (void)fputs("</text>\n", painter->file);
    return end;
}

/* The dots of a braille cell as squares: few fonts have them in the right width. */
static void paint_braille(const struct painter *painter, int row, int column, uint32_t dots)
{
    static const struct {
        int x, y;
    } PLACES[] = {{1, 1}, {1, 5}, {1, 9}, {5, 1}, {5, 5}, {5, 9}, {1, 13}, {5, 13}};
    uint32_t foreground, background;
    VTermScreenCell cell = terminal_cell(painter->terminal, row, column);
    cell_colors(painter, &cell, &foreground, &background);
    (void)fprintf(painter->file, "<path fill=\"#%06x\" d=\"", (unsigned)foreground);
    for (int dot = 0; dot < 8; dot++)
        if (dots >> dot & 1)
            (void)fprintf(painter->file, "M%d %dh2v2h-2z", column * CELL_WIDTH + PLACES[dot].x,
                          row * CELL_HEIGHT + PLACES[dot].y);
    (void)fputs("\"/>\n", painter->file);
}

static void paint_text(const struct painter *painter)
{
    for (int row = 0; row < painter->rows; row++) {
        for (int column = 0; column < painter->columns;) {
            VTermScreenCell cell = terminal_cell(painter->terminal, row, column);
            if (is_braille(cell.chars[0]))
                paint_braille(painter, row, column, cell.chars[0] - BRAILLE);
            column = is_text(&cell) ? paint_stretch(painter, row, column) : column + 1;
        }
    }
}

static void begin_picture(const struct painter *painter, const char *title, const char *style)
{
    int width = painter->columns * CELL_WIDTH + 2 * MARGIN;
    int height = painter->rows * CELL_HEIGHT + 2 * MARGIN;
    (void)fprintf(painter->file,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                  "height=\"%d\">\n<title>fmnist-tui: %s</title>\n%s"
                  "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#%06x\"/>\n"
                  "<g transform=\"translate(%d %d)\" font-family=\"DejaVu Sans Mono,Menlo,Consolas,"
                  "monospace\" font-size=\"13\" shape-rendering=\"crispEdges\">\n",
                  width, height, width, height, title, style, width, height, (unsigned)BACKGROUND,
                  MARGIN, MARGIN);
}

static void end_picture(const struct painter *painter, const char *name)
{
    (void)fputs("</g>\n</svg>\n", painter->file);
    if (ferror(painter->file) || fclose(painter->file) != 0)
        fail_msg("cannot write %s.svg", name);
}

static struct painter open_picture(struct terminal *terminal, const struct shot *shot)
{
    char path[4096];
    const char *directory = getenv("FMNIST_PICTURES");
    (void)snprintf(path, sizeof path, "%s/%s.svg", directory ? directory : ".", shot->name);
    struct painter painter = {fopen(path, "w"), terminal, shot->rows, shot->columns};
    if (!painter.file)
        fail_msg("cannot write %s", path);
    return painter;
}

/* Types what leads to a shot, and waits until it is on the screen to its last cell. */
static void go_to(struct terminal *terminal, const struct shot *shot)
{
    terminal_resize(terminal, shot->rows, shot->columns);
    terminal_type(terminal, shot->keys);
    terminal_await_text(terminal, shot->awaited);
    terminal_type(terminal, "?"); /* the rows that the help covers are drawn last */
    terminal_await_text(terminal, "Esc closes");
    terminal_type(terminal, "?");
    terminal_await_no_text(terminal, "Esc closes");
    terminal_await_text(terminal, ". step  e eval");
}

static void take_picture(struct terminal *terminal, const struct shot *shot)
{
    go_to(terminal, shot);
    struct painter painter = open_picture(terminal, shot);
    begin_picture(&painter, shot->name, "");
    paint_areas(&painter);
    paint_text(&painter);
    end_picture(&painter, shot->name);
}

/* Shots of one size one after the other, for SHOT_TENTHS of a second each, without end. */
static void take_film(struct terminal *terminal, const struct shot *shots, size_t count)
{
    char style[512];
    struct painter painter = open_picture(terminal, shots);
    (void)snprintf(style, sizeof style,
                   "<style>.s{visibility:hidden;animation:s %zu.%zus step-end infinite}"
                   "@keyframes s{0%%{visibility:visible}%.3f%%{visibility:hidden}}</style>\n",
                   count * SHOT_TENTHS / 10, count * SHOT_TENTHS % 10, 100 / (double)count);
    begin_picture(&painter, shots->name, style);
    for (size_t shot = 0; shot < count; shot++) {
        go_to(terminal, &shots[shot]);
        (void)fprintf(painter.file, "<g class=\"s\" style=\"animation-delay:%zu.%zus\">\n",
                      shot * SHOT_TENTHS / 10, shot * SHOT_TENTHS % 10);
        paint_areas(&painter);
        paint_text(&painter);
        (void)fputs("</g>\n", painter.file);
    }
    end_picture(&painter, shots->name);
}

static void pictures_are_made(void **state)
{
    static const struct shot FILM[] = {
        {"run", 24, 80, ":goto 30\r", "step   30  lr"},
        {"run", 24, 80, ":goto 100\r", "step  100  lr"},
        {"run", 24, 80, ":goto 540\r", "step  540  lr"},
        {"run", 24, 80, ":goto 1080\r", "step 1080  lr"},
        {"run", 24, 80, "2", "prec%"},
        {"run", 24, 80, "3/true:shirt p>0.8\r", "/true:shirt p>0.8 (Esc: all)"},
        {"run", 24, 80, "1:goto 3398\r", "step 3398  lr"},
    };
    static const struct shot PICTURES[] = {
        {"live", 40, 120, "1", "step 3398  lr"},
        {"matrix", 24, 80, "2", "prec%"},
        {"mistakes", 40, 120, "3", "/true:shirt p>0.8 (Esc: all)"},
    };
    const char *const arguments[] = {getenv("FMNIST_PROGRAM"), "dashboard", NULL};
    (void)state;
    assert_non_null(arguments[0]);
    struct terminal *terminal = terminal_start(&(struct terminal_settings){.arguments = arguments,
                                                                           .rows = 24,
                                                                           .columns = 80,
                                                                           .type = "xterm-256color",
                                                                           .locale = "C.UTF-8"});
    terminal_await_text(terminal, "training");
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "paused");
    terminal_type(terminal, "Ry");
    terminal_await_text(terminal, "step    0");
    take_film(terminal, FILM, sizeof FILM / sizeof *FILM);
    for (size_t picture = 0; picture < sizeof PICTURES / sizeof *PICTURES; picture++)
        take_picture(terminal, &PICTURES[picture]);
    terminal_end(terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pictures_are_made)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
