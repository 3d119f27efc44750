// SPDX-License-Identifier: MIT
#include "tui/test_card.h"

#include <langinfo.h>
#include <stdlib.h>

#include "tui/look.h"
#include "tui/palette.h"
#include "tui/print.h"
#include "tui/screen.h"

static const struct {
    const char *name, *text;
} SAMPLES[] = {
    {"ASCII lines", "+-+ |.| '-' o * !"},
    {"ASCII inks", " . : ; - + = o % # 0 @"},
    {"lines", "\342\224\214\342\224\200\342\224\254\342\224\200\342\224\220 "
              "\342\224\202 \342\224\224\342\224\200\342\224\264\342\224\200\342\224\230"},
    {"blocks", "\342\226\200\342\226\204\342\226\210 \342\226\221\342\226\222\342\226\223 "
               "\342\226\201\342\226\202\342\226\203\342\226\204\342\226\205\342\226\206"
               "\342\226\207 \342\226\217\342\226\216\342\226\215\342\226\214\342\226\213"
               "\342\226\212\342\226\211"},
    {"braille", "\342\240\201\342\240\203\342\240\207\342\241\207\342\243\207\342\243\247"
                "\342\243\267\342\243\277"},
    {"marks", "\342\227\217 \342\230\205 \342\226\266 \342\200\226 \342\206\222 \302\261 \303\227 "
              "\302\267"},
};

static const struct {
    const char *name;
    enum paint first;
    int count;
} PAINTS[] = {
    {"training", PAINT_TRAIN, 1},
    {"validation", PAINT_VALIDATION, 1},
    {"best", PAINT_BEST, 1},
    {"other model", PAINT_GHOST, 1},
    {"good", PAINT_GOOD, 1},
    {"warning", PAINT_WARNING, 1},
    {"bad", PAINT_BAD, 1},
    {"accent", PAINT_ACCENT, 1},
    {"faint", PAINT_FAINT, 1},
    {"heat", PAINT_HEAT, PAINT_HEATS},
    {"greys", PAINT_GREY, PAINT_GREYS},
};

static void write_variable(FILE *out, const char *name)
{
    const char *value = getenv(name);
    (void)fprintf(out, "%-12s %s\n", name, value ? value : "(not set)");
}

static const char *yes_or_no(bool yes)
{
    return yes ? "yes" : "no";
}

static const char *answer(bool asked, bool yes, const char *if_yes, const char *if_no)
{
    if (!asked)
        return "no answer";
    return yes ? if_yes : if_no;
}

/* What only an open screen knows. */
struct findings {
    int rows, columns, colors;
    bool utf8, light, mouse;
    struct inquiry inquiry;
};

static void write_glyphs(FILE *out, const struct inquiry *inquiry)
{
    static const struct {
        enum glyph_set set;
        const char *name;
    } sets[] = {{GLYPHS_LINES, "lines"},
                {GLYPHS_BLOCKS, "blocks"},
                {GLYPHS_BRAILLE, "braille"},
                {GLYPHS_SIGNS, "marks"}};
    (void)fprintf(out, "%-12s %s", "glyphs",
                  answer(inquiry->answered, inquiry->glyphs == GLYPHS_UTF8, "one column each",
                         "two columns, not used:"));
    for (size_t index = 0; index < sizeof sets / sizeof *sets; index++)
        if (!(inquiry->glyphs & (unsigned)sets[index].set))
            (void)fprintf(out, " %s", sets[index].name);
    (void)fputc('\n', out);
}

static void write_findings(FILE *out, const struct findings *found)
{
    (void)fprintf(out, "%-12s %dx%d\n", "size", found->columns, found->rows);
    if (found->colors == LOOK_TRUE_COLOR)
        (void)fprintf(out, "%-12s 24 bits\n", "colours");
    else
        (void)fprintf(out, "%-12s %d\n", "colours", found->colors);
    (void)fprintf(out, "%-12s %s (%s)\n", "background", found->light ? "light" : "dark",
                  answer(found->inquiry.background_known, true, "it said so", ""));
    write_glyphs(out, &found->inquiry);
    (void)fprintf(out, "%-12s %s\n", "frames",
                  found->inquiry.frames ? "shown at once" : "as they come");
    (void)fprintf(out, "%-12s %s\n", "mouse", yes_or_no(found->mouse));
}

static void write_colors(FILE *out, const struct findings *found)
{
    for (size_t index = 0; index < sizeof PAINTS / sizeof *PAINTS && found->colors > 0; index++) {
        (void)fprintf(out, "%-12s ", PAINTS[index].name);
        for (int number = 0; number < PAINTS[index].count; number++) {
            enum paint paint = (enum paint)((int)PAINTS[index].first + number);
            print_color(out, palette_color(paint, found->colors, found->light), found->colors,
                        false);
            (void)fputs("##", out);
        }
        (void)fputs("\033[39m\n", out);
    }
}

static void write_samples(FILE *out, bool utf8)
{
    size_t count = sizeof SAMPLES / sizeof *SAMPLES;
    for (size_t index = 0; index < (utf8 ? count : 2); index++)
        (void)fprintf(out, "%-12s %s|\n", SAMPLES[index].name, SAMPLES[index].text);
}

/* Opens the screen just to look; false with `err` set where there is none. */
static bool find_out(const struct app_settings *settings, struct findings *found, struct error *err)
{
    struct screen *screen = screen_open(&settings->screen, err);
    if (!screen)
        return false;
    *found = (struct findings){.rows = screen_rows(screen),
                               .columns = screen_columns(screen),
                               .colors = screen_colors(screen),
                               .utf8 = screen_is_utf8(screen),
                               .light = screen_light_background(screen),
                               .mouse = screen_has_mouse(screen),
                               .inquiry = *screen_inquiry(screen)};
    screen_close(screen);
    return true;
}

void test_card_write(FILE *out, const struct app_settings *settings)
{
    static const char *const variables[] = {"TERM", "COLORTERM", "COLORFGBG", "NO_COLOR"};
    struct findings found = {0};
    struct error err = {0};
    bool screen = find_out(settings, &found, &err);
    (void)fprintf(out, "%s\n", PACKAGE_STRING);
    for (size_t index = 0; index < sizeof variables / sizeof *variables; index++)
        write_variable(out, variables[index]);
    (void)fprintf(out, "%-12s %s\n", "characters", nl_langinfo(CODESET));
    if (screen)
        write_findings(out, &found);
    else
        (void)fprintf(out, "%-12s none: %s\n", "screen", err.message);
    write_samples(out, found.utf8);
    write_colors(out, &found);
}
