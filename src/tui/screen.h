// SPDX-License-Identifier: MIT
/*
 * The terminal: the only file that calls ncurses, and the only one that changes the terminal and
 * gives it back. Shows canvases, reads keys. Main thread only.
 *
 * While a screen is open, what the process or a library prints to descriptor 1, or to descriptor 2
 * where that is the terminal, is kept in a file, and comes out on descriptor 2 when it is closed.
 */
#ifndef FMNIST_TUI_SCREEN_H
#define FMNIST_TUI_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "tui/canvas.h"
#include "tui/inquiry.h"
#include "tui/rescue.h"

struct screen;

enum {
    SCREEN_COLORS_AUTO = -1,   /* what the terminal has, none with NO_COLOR set */
    SCREEN_COLORS_ALWAYS = -2, /* what the terminal has */
};

enum screen_background { SCREEN_BACKGROUND_AUTO, SCREEN_BACKGROUND_DARK, SCREEN_BACKGROUND_LIGHT };

struct screen_settings {
    int colors; /* 0, 8, 16, 256 or LOOK_TRUE_COLOR at most, or one of the above */
    enum screen_background background;
    bool ascii;    /* no other characters will be shown */
    bool no_mouse; /* leave the mouse to the terminal */
};

/* Takes over the terminal on stdin and stdout. NULL with `err` set, with nothing written, where
 * that is not possible. */
struct screen *screen_open(const struct screen_settings *settings, struct error *err);

/* Gives the terminal back as it was. */
void screen_close(struct screen *screen);

/* How to do that in a crash; belongs to the screen. */
const struct rescue *screen_rescue(const struct screen *screen);

/* What there is: colours (0, 8, 16, 256, LOOK_TRUE_COLOR), whether characters past ASCII come
 * through as UTF-8, the sets of them (look.h) to which the terminal gives one column each (all
 * unless it said otherwise), whether it has reverse video, whether the background is said to be
 * light. */
int screen_colors(const struct screen *screen);
bool screen_is_utf8(const struct screen *screen);
unsigned screen_glyphs(const struct screen *screen);
bool screen_has_reverse(const struct screen *screen);
bool screen_light_background(const struct screen *screen);

/* What the terminal told of itself at the start. */
const struct inquiry *screen_inquiry(const struct screen *screen);

/* Whether the environment asks for no colours (NO_COLOR). */
bool screen_colors_refused(void);

/* Uses the next lower number of colours from now on, after none as many as there are. */
void screen_switch_colors(struct screen *screen);

/* Takes the mouse, or leaves it to the terminal, as it is not now; false where the terminal has
 * none. */
bool screen_switch_mouse(struct screen *screen);
bool screen_has_mouse(const struct screen *screen);

/* Where the last KEYS_CLICK was. */
void screen_mouse(const struct screen *screen, int *row, int *column);

int screen_rows(const struct screen *screen);
int screen_columns(const struct screen *screen);

/* Takes over the terminal's size after it changed; false with `err` set when memory is short. */
bool screen_resize(struct screen *screen, struct error *err);

/* Shows the canvas; only cells that differ from what is there go out. */
void screen_show(struct screen *screen, const struct canvas *canvas);

/* Makes the next screen_show() clear the terminal and draw everything. */
void screen_forget(struct screen *screen);

/* Gives the terminal back for a while; takes it again, at its new size. */
void screen_suspend(struct screen *screen);
bool screen_resume(struct screen *screen, struct error *err);

/* The next key that was pressed (keys.h says how they are numbered), KEYS_NONE when there is none
 * left. Never waits for longer than it takes to tell Escape from the start of another key. */
uint32_t screen_read_key(struct screen *screen);

/* The file that keeps what is printed meanwhile, for pread() only. */
int screen_log(const struct screen *screen);

/* Descriptors to poll: keys come in at one, and either shows POLLHUP or POLLERR when the terminal
 * is gone. */
int screen_input(void);
int screen_output(const struct screen *screen);

#endif
