// SPDX-License-Identifier: MIT
/*
 * The keys: one table from keys to requests, from which the help is made too, so that it cannot go
 * stale, and the few of them that the key bar shows. Needs no terminal.
 */
#ifndef FMNIST_TUI_KEYS_H
#define FMNIST_TUI_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/request.h"

/* A key as screen_read_key() gives it: a Unicode character (control characters included), or one
 * of these, which lie above all of Unicode. */
enum {
    KEYS_NONE = 0,
    KEYS_ESCAPE = 27,
    KEYS_UP = 0x200000,
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_HOME,
    KEYS_END,
    KEYS_BACKSPACE,
    KEYS_ENTER,
    KEYS_BACK_TAB,
    KEYS_F1,
    KEYS_F2, /* to F7, one after the other */
    KEYS_F7 = KEYS_F2 + 5,
    KEYS_F10,
    KEYS_OTHER,    /* a key with a name that means nothing here */
    KEYS_SEQUENCE, /* an escape sequence that means nothing here */
    KEYS_PASTE,    /* the start of pasted text, which is passed over */
    KEYS_CLICK,    /* of the mouse's first button; screen_mouse() says where */
    KEYS_WHEEL_UP,
    KEYS_WHEEL_DOWN,
    KEYS_CELL,  /* a click on a cell of the matrix; */
    KEYS_IMAGE, /* on an image, */
    KEYS_RUN,   /* on a stored run, */
    KEYS_CHART, /* on a chart, over which the wheel zooms */
    KEYS_CHART_WHEEL_UP,
    KEYS_CHART_WHEEL_DOWN,
    KEYS_IGNORED, /* something that nobody pressed */
};

#define KEYS_CONTROL(letter) ((letter)&0x1F)

enum { KEYS_PER_BINDING = 4 };

struct key_binding {
    enum request request;
    uint32_t keys[KEYS_PER_BINDING]; /* KEYS_NONE fills up */
    const char *names;               /* for people: "Space, p" */
    const char *help;                /* one line: what it does */
};

/* The table, in the order of the help; NULL past its end. */
const struct key_binding *keys_binding(size_t index);

/* The request that a key stands for, REQUEST_NONE for an unknown one. */
enum request keys_request(uint32_t key);

/* Whose keys they are: of a run that obeys, of the replay of one, or of one that is only watched.
 */
enum keys_bar { KEYS_BAR_STEERED, KEYS_BAR_REPLAYED, KEYS_BAR_WATCHED };

/* Draws the key bar into row `row`: as many whole items as fit, the most important ones, and none
 * that would do nothing. */
void keys_draw_bar(struct canvas *canvas, int row, enum keys_bar kind);

#endif
