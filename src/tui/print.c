// SPDX-License-Identifier: MIT
#include "tui/print.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tui/palette.h"
#include "tui/terminfo.h"

enum { DEFAULT_COLUMNS = 80, BRIGHT = 8, BRIGHT_OFFSET = 60 };

static bool is_terminal(FILE *out)
{
    const char *type = getenv("TERM");
    return isatty(fileno(out)) && type && *type && strcmp(type, "dumb") != 0;
}

static enum glyph_set choose_glyphs(bool terminal, enum app_glyphs wanted)
{
    const char *type = getenv("TERM");
    bool able = terminal && strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && type &&
                strcmp(type, "linux") != 0;
    if (wanted == APP_GLYPHS_AUTO)
        return able ? GLYPHS_UTF8 : GLYPHS_ASCII;
    return wanted == APP_GLYPHS_UTF8 ? GLYPHS_UTF8 : GLYPHS_ASCII;
}

static int choose_colors(FILE *out, bool terminal, int wanted)
{
    const char *refused = getenv("NO_COLOR");
    if (wanted == SCREEN_COLORS_AUTO)
        return terminal && !(refused && *refused) ? terminfo_colors(fileno(out)) : 0;
    if (wanted != SCREEN_COLORS_ALWAYS && (wanted == 0 || !terminal))
        return wanted;
    int there = terminfo_colors(fileno(out));
    return wanted == SCREEN_COLORS_ALWAYS || there < wanted ? there : wanted;
}

struct look print_look(FILE *out, const struct app_settings *settings)
{
    bool terminal = is_terminal(out);
    enum screen_background background = settings->screen.background;
    return (struct look){.glyphs = choose_glyphs(terminal, settings->glyphs),
                         .colors = choose_colors(out, terminal, settings->screen.colors),
                         .light_background = background == SCREEN_BACKGROUND_AUTO
                                                 ? terminfo_light_background()
                                                 : background == SCREEN_BACKGROUND_LIGHT};
}

int print_columns(FILE *out)
{
    struct winsize size;
    if (!is_terminal(out) || ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return DEFAULT_COLUMNS;
    return size.ws_col;
}

void print_color(FILE *out, int color, int colors, bool behind)
{
    int base = behind ? 40 : 30;
    if (color == PALETTE_DEFAULT)
        (void)fprintf(out, "\033[%dm", base + 9);
    else if (colors == LOOK_TRUE_COLOR)
        (void)fprintf(out, "\033[%d;2;%d;%d;%dm", base + 8, color >> 16, color >> 8 & 0xFF,
                      color & 0xFF);
    else if (colors == 256)
        (void)fprintf(out, "\033[%d;5;%dm", base + 8, color);
    else
        (void)fprintf(out, "\033[%dm",
                      base + (color < BRIGHT ? color : color - BRIGHT + BRIGHT_OFFSET));
}

static void print_style(FILE *out, struct style before, struct style after, const struct look *look)
{
    if (look->colors == 0)
        return;
    if (before.attributes != after.attributes)
        (void)fprintf(out, "\033[%sm", after.attributes & CELL_BOLD ? "1" : "22");
    if (before.foreground != after.foreground)
        print_color(out, palette_color(after.foreground, look->colors, look->light_background),
                    look->colors, false);
    if (before.background != after.background)
        print_color(out, palette_color(after.background, look->colors, look->light_background),
                    look->colors, true);
}

static bool is_blank(const struct cell *cell)
{
    return cell->character == ' ' && cell->style.background == PAINT_DEFAULT;
}

void print_canvas(FILE *out, const struct canvas *canvas, const struct look *look)
{
    const struct style plain = {0};
    for (int row = 0; row < canvas_rows(canvas); row++) {
        struct style style = plain;
        int columns = canvas_columns(canvas);
        while (columns > 0 && is_blank(canvas_at(canvas, row, columns - 1)))
            columns--;
        for (int column = 0; column < columns; column++) {
            const struct cell *cell = canvas_at(canvas, row, column);
            char text[TEXT_CHARACTER_BYTES] = {0};
            if (cell->character == 0)
                continue;
            const char *end = text_encode(text, cell->character);
            print_style(out, style, cell->style, look);
            style = cell->style;
            (void)fwrite(text, 1, (size_t)(end - text), out);
        }
        print_style(out, style, plain, look);
        (void)fputc('\n', out);
    }
}
