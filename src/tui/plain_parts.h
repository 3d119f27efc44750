// SPDX-License-Identifier: MIT
/* The parts of plain.c: the loop there, what keys do in plain_keys.c. Main thread only. */
#ifndef FMNIST_TUI_PLAIN_PARTS_H
#define FMNIST_TUI_PLAIN_PARTS_H

#include <stdbool.h>
#include <stdio.h>

#include "tui/editor.h"
#include "tui/keeping.h"
#include "tui/rescue.h"
#include "tui/scene.h"
#include "tui/sentences.h"
#include "tui/signals.h"
#include "tui/steering.h"

/* What is being typed. */
enum line { LINE_NONE, LINE_COMMAND, LINE_FILTER, LINE_KINDS };

struct plain {
    struct session session;
    FILE *out;
    const struct snapshot *snapshot; /* the newest, with a reference */
    struct signals *signals;
    struct steering steering;
    struct sentences sentences;
    struct rescue rescue; /* puts the terminal's settings back */
    bool terminal;        /* stdin is one */
    bool input_ended;     /* no more keys */
    enum request asked;   /* a question is open: REQUEST_QUIT or REQUEST_RESTART */
    enum line line;       /* into this: */
    struct editor editor;
    struct editor_lines lines[LINE_KINDS];
    struct scene scene; /* which evaluation and which images are looked at; nothing else of it */
    struct sentences_wish wish;
    struct observation observed; /* that was asked for last */
    struct keeping keeping;
    double interrupted_at; /* clock_seconds() */
    bool done;
    int end_signal;
};

/* Has the loop end; by the signal, unless that is 0. */
void plain_end(struct plain *plain, int end_signal);

/* Tells the steering's notice, if there is one, as a sentence: from a capital to a full stop. */
void plain_tell_notice(struct plain *plain);

/* Asks, unless there is nothing to lose. */
void plain_ask_quit(struct plain *plain);

/* Takes a key. Line ends separate those that were sent line by line. */
void plain_press(struct plain *plain, char key);

#endif
