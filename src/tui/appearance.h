// SPDX-License-Identifier: MIT
/*
 * How the program looks on this terminal: which characters and how many colours, from what the
 * command line says, else from what the user chose the last time, else from what the terminal has;
 * and the keys that change it. Main thread only.
 */
#ifndef FMNIST_TUI_APPEARANCE_H
#define FMNIST_TUI_APPEARANCE_H

#include "tui/app.h"
#include "tui/look.h"
#include "tui/preferences.h"
#include "tui/screen.h"

enum { APPEARANCE_NOTICE_SIZE = 200 };

struct appearance {
    struct preferences chosen; /* by the user, on the screen */
    unsigned automatic;        /* the glyphs where nobody chose any */
};

/* How to open the screen. */
struct screen_settings appearance_begin(struct appearance *appearance,
                                        const struct app_settings *settings);

/* What drawing has to know of the screen once it is open. */
struct look appearance_look(struct appearance *appearance, const struct app_settings *settings,
                            const struct screen *screen);

/* ASCII, or what else there is; the next lower number of colours, after none the most. They write
 * what came of it, and what kept it from being remembered; nothing where it can be seen. */
void appearance_switch_glyphs(struct appearance *appearance, const struct screen *screen,
                              struct look *look, char notice[APPEARANCE_NOTICE_SIZE]);
void appearance_switch_colors(struct appearance *appearance, struct screen *screen,
                              struct look *look, char notice[APPEARANCE_NOTICE_SIZE]);

#endif
