// SPDX-License-Identifier: MIT
#include "base/thread.h"

#include <signal.h>
#include <stddef.h>

static const int CRASH_SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

int thread_start(pthread_t *thread, void *(*body)(void *argument), void *argument)
{
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t index = 0; index < sizeof CRASH_SIGNALS / sizeof *CRASH_SIGNALS; index++)
        sigdelset(&blocked, CRASH_SIGNALS[index]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before); /* a new thread inherits it */
    int result = pthread_create(thread, NULL, body, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}
