// SPDX-License-Identifier: MIT
/*
 * Signals as events for the main loop: the handlers write a byte into a pipe whose other end the
 * loop polls. A crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) gives the terminal back at once
 * and then takes its course.
 *
 * Main thread only, and one at a time in a process, because a process has one set of handlers. All
 * other threads keep signals blocked, but for those of a crash (base/thread.h).
 */
#ifndef FMNIST_TUI_SIGNALS_H
#define FMNIST_TUI_SIGNALS_H

#include <stdbool.h>

#include "fmnist/base/error.h"
#include "tui/rescue.h"

/* What came in since the last look. */
struct signal_events {
    int end;        /* SIGINT, SIGTERM, SIGHUP or SIGQUIT; 0: none */
    bool resized;   /* SIGWINCH */
    bool suspend;   /* SIGTSTP */
    bool continued; /* SIGCONT */
};

struct signals;

/* Installs the handlers; NULL with `err` set on failure. Signals that the parent had ignored
 * (nohup) stay ignored. */
struct signals *signals_create(struct error *err);

/* Puts the handlers back that were there before. */
void signals_destroy(struct signals *signals);

/* Tells the crash handler how to restore the terminal; NULL: there is nothing to restore. The
 * struct must stay as it is until the next call. */
void signals_set_rescue(struct signals *signals, const struct rescue *rescue);

/* Becomes readable when there are events. */
int signals_descriptor(const struct signals *signals);
struct signal_events signals_take(struct signals *signals);

/* Stops this process, or its whole process group (as Ctrl-Z on a terminal does, so that the shell
 * sees a stopped pipeline and not only a stopped child), until SIGCONT. Returns at once where
 * nobody could continue it (an orphaned process group). */
void signals_suspend(struct signals *signals, bool whole_group);

#endif
