// SPDX-License-Identifier: MIT
/*
 * Signals that end a training without screens: SIGINT, SIGTERM and SIGHUP. The first one is
 * reported by interrupt_wait(), a second one ends the process as if nobody had asked. Main thread
 * only.
 */
#ifndef FMNIST_CLI_INTERRUPT_H
#define FMNIST_CLI_INTERRUPT_H

#include <stdbool.h>

#include "fmnist/base/error.h"

/* From now on the signals are reported. */
void interrupt_begin(void);

/* Sleeps until the descriptor is readable (*signal_number is 0 then) or one of the signals comes; a
 * signal that another thread took is reported when the descriptor is readable next. False with
 * `err` set where the system cannot. */
bool interrupt_wait(int descriptor, int *signal_number, struct error *err);

#endif
