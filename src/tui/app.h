// SPDX-License-Identifier: MIT
/*
 * The program with screens: shows a run's snapshots, turns keys into its commands, and gives
 * the terminal back as it was, however it ends. Runs on the main thread, which is the only one to
 * call ncurses. The caller has called setlocale(LC_CTYPE, "").
 *
 *     trainer = trainer_create(&settings, err);
 *     app_run(trainer, &look, &result, err);      the terminal is as before from here on
 *     snapshot = trainer_snapshot(trainer);       for the summary
 *     trainer_destroy(trainer);
 *     if (result.signal)
 *         app_raise(result.signal);
 */
#ifndef FMNIST_TUI_APP_H
#define FMNIST_TUI_APP_H

#include <stdbool.h>

#include "fmnist/base/error.h"
#include "fmnist/store/store.h"
#include "fmnist/train/session.h"
#include "tui/screen.h"

enum app_glyphs {
    APP_GLYPHS_AUTO, /* UTF-8 where the locale is, the terminal gives our characters one column,
                        and it is not the Linux console */
    APP_GLYPHS_ASCII,
    APP_GLYPHS_UTF8,
};

struct app_settings {
    enum app_glyphs glyphs;
    struct store *store;           /* of runs, for view 6, the main thread's; NULL: there is none */
    bool can_resume;               /* the caller goes on with the run that the result names */
    struct screen_settings screen; /* `ascii` follows from `glyphs` */
};

struct app_result {
    int signal;     /* that ended it, SIGHUP for a terminal that is gone; 0: the user quit */
    int64_t resume; /* the stored run that the user wants to go on with now; 0: none */
};

/* Runs until the user quits, a signal ends it, or the terminal is gone. The trainer stays the
 * caller's, and is not stopped; a trainer that failed is shown, and the caller finds the error in
 * the last snapshot. False with `err` set, before anything is written to the terminal, where stdin
 * or stdout is no terminal or TERM names none that can show screens. */
bool app_run(struct session session, const struct app_settings *settings, struct app_result *result,
             struct error *err);

/* Ends the process by the default action of that signal, so that the parent sees the true status.
 */
void app_raise(int signal_number);

#endif
