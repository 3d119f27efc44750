// SPDX-License-Identifier: MIT
#include "cli/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/select.h>

static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};

/* The signal that came. A handler can reach nothing but file-level variables. It may run on a
 * thread that OpenBLAS started as it was loaded, while signals are blocked here. */
static atomic_int interrupted_by;

static void interrupt_handle(int number)
{
    atomic_store(&interrupted_by, number);
}

static sigset_t interrupt_set(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index++)
        sigaddset(&set, SIGNALS[index]);
    return set;
}

void interrupt_begin(void)
{
    sigset_t set = interrupt_set();
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index++) {
        struct sigaction before, action = {.sa_handler = interrupt_handle};
        action.sa_mask = set;
        /* What the parent had ignored (nohup) stays so. */
        if (sigaction(SIGNALS[index], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(SIGNALS[index], &action, NULL);
    }
}

/* Lets a second signal do what it does by default. */
static void interrupt_end(void)
{
    sigset_t set = interrupt_set();
    for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index++) {
        struct sigaction before, action = {.sa_handler = SIG_DFL};
        if (sigaction(SIGNALS[index], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(SIGNALS[index], &action, NULL);
    }
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

bool interrupt_wait(int descriptor, int *signal_number, struct error *err)
{
    sigset_t open;
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(descriptor, &readable);
    sigprocmask(SIG_BLOCK, NULL, &open);
    for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index++)
        sigdelset(&open, SIGNALS[index]);
    int ready = pselect(descriptor + 1, &readable, NULL, NULL, NULL, &open);
    int failure = errno;
    /* A signal may have come even where the descriptor is ready. */
    *signal_number = atomic_exchange(&interrupted_by, 0);
    if (*signal_number) {
        interrupt_end();
        return true;
    }
    if (ready >= 0 || failure == EINTR)
        return true;
    error_set_errno(err, failure, "cannot wait for the training");
    return false;
}
