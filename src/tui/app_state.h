// SPDX-License-Identifier: MIT
/*
 * What belongs to the program with screens, for the two files that make it up: app.c, which waits
 * for something to happen, and app_keys.c, which acts on keys. Main thread.
 */
#ifndef FMNIST_TUI_APP_STATE_H
#define FMNIST_TUI_APP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/app.h"
#include "tui/appearance.h"
#include "tui/frame.h"
#include "tui/keeping.h"
#include "tui/screen.h"
#include "tui/signals.h"
#include "tui/steering.h"

struct app {
    struct session session;
    const struct snapshot *snapshot; /* the newest, with a reference */
    struct signals *signals;
    struct screen *screen;
    struct canvas *canvas; /* as large as the screen */
    struct frame frame;
    struct appearance appearance;
    struct steering steering;
    struct keeping keeping;
    char failure[ERROR_MESSAGE_SIZE]; /* the trainer's notice that was shown last */
    bool hinted;                      /* the hint about unknown keys was given, */
    bool hinted_sequence;             /* and that about unknown sequences */
    struct observation observed;      /* what the trainer was last told to look at */
    double interrupted_at;            /* clock_seconds() of the last Ctrl-C */
    int empty_reads;
    bool dirty;  /* something changed since the last frame */
    bool urgent; /* and a key changed it: no waiting for the next frame's time */
    double drawn_at;
    double refreshed_at; /* clock_seconds() of a view's last look for news */
    bool done;
    int end_signal; /* the reason, where it is a signal */
    int64_t resume; /* the run to go on with after it; 0: none */
};

/* Acts on a key; false with `err` set where the screen is lost. */
bool app_press(struct app *app, uint32_t key, struct error *err);

/* Ends the program after this turn. */
void app_end(struct app *app, int end_signal);

/* Tells the trainer what the shown view needs to see, where that has changed. */
void app_observe(struct app *app);

/* Pauses the training, gives the terminal back, stops; and the same backwards once continued. */
bool app_suspend(struct app *app, bool whole_group, struct error *err);

#endif
