// SPDX-License-Identifier: MIT
#include "tui/appearance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The command line's word, or else the user's. */
static enum app_glyphs wanted_glyphs(const struct appearance *appearance,
                                     const struct app_settings *settings)
{
    return settings->glyphs != APP_GLYPHS_AUTO ? settings->glyphs : appearance->chosen.glyphs;
}

struct screen_settings appearance_begin(struct appearance *appearance,
                                        const struct app_settings *settings)
{
    appearance->chosen = preferences_read();
    struct screen_settings wish = settings->screen;
    if (wish.colors == SCREEN_COLORS_AUTO && !screen_colors_refused())
        wish.colors = appearance->chosen.colors;
    wish.ascii = wanted_glyphs(appearance, settings) == APP_GLYPHS_ASCII;
    return wish;
}

struct look appearance_look(struct appearance *appearance, const struct app_settings *settings,
                            const struct screen *screen)
{
    const char *terminal = getenv("TERM");
    bool linux_console = terminal && strcmp(terminal, "linux") == 0;
    appearance->automatic =
        screen_is_utf8(screen) && !linux_console ? screen_glyphs(screen) : GLYPHS_ASCII;
    enum app_glyphs wanted = wanted_glyphs(appearance, settings);
    struct look look = {.glyphs = appearance->automatic,
                        .colors = screen_colors(screen),
                        .reverse = screen_has_reverse(screen),
                        .light_background = screen_light_background(screen)};
    if (wanted == APP_GLYPHS_ASCII)
        look.glyphs = GLYPHS_ASCII;
    else if (wanted == APP_GLYPHS_UTF8 && screen_is_utf8(screen))
        look.glyphs = GLYPHS_UTF8;
    return look;
}

/* Keeps the choice for the next start; where that fails, says so behind what is in the notice. */
static void keep(const struct appearance *appearance, char notice[APPEARANCE_NOTICE_SIZE])
{
    struct error err = {0};
    size_t length = strlen(notice);
    if (!preferences_write(&appearance->chosen, &err))
        (void)snprintf(notice + length, APPEARANCE_NOTICE_SIZE - length,
                       "%swill not be remembered: %s", length > 0 ? "; " : "", err.message);
}

void appearance_switch_glyphs(struct appearance *appearance, const struct screen *screen,
                              struct look *look, char notice[APPEARANCE_NOTICE_SIZE])
{
    unsigned offered = appearance->automatic != GLYPHS_ASCII ? appearance->automatic : GLYPHS_UTF8;
    notice[0] = '\0';
    if (!screen_is_utf8(screen)) {
        (void)snprintf(notice, APPEARANCE_NOTICE_SIZE, "the locale is not UTF-8: ASCII only");
        return;
    }
    look->glyphs = look->glyphs == GLYPHS_ASCII ? offered : GLYPHS_ASCII;
    if (look->glyphs == appearance->automatic)
        appearance->chosen.glyphs = APP_GLYPHS_AUTO;
    else
        appearance->chosen.glyphs =
            look->glyphs == GLYPHS_ASCII ? APP_GLYPHS_ASCII : APP_GLYPHS_UTF8;
    keep(appearance, notice);
}

void appearance_switch_colors(struct appearance *appearance, struct screen *screen,
                              struct look *look, char notice[APPEARANCE_NOTICE_SIZE])
{
    bool most = look->colors == 0; /* after none come as many as there are */
    screen_switch_colors(screen);
    look->colors = screen_colors(screen);
    if (look->colors == 0)
        (void)snprintf(notice, APPEARANCE_NOTICE_SIZE, "no colours");
    else if (look->colors == LOOK_TRUE_COLOR)
        (void)snprintf(notice, APPEARANCE_NOTICE_SIZE, "colours of 24 bits");
    else
        (void)snprintf(notice, APPEARANCE_NOTICE_SIZE, "%d colours%s", look->colors,
                       look->colors == 8 ? " (the fewest)" : "");
    appearance->chosen.colors = most ? SCREEN_COLORS_AUTO : look->colors;
    keep(appearance, notice);
}
