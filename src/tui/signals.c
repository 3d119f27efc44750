// SPDX-License-Identifier: MIT
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static const int EVENT_SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
static const int CRASH_SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

enum {
    EVENT_COUNT = sizeof EVENT_SIGNALS / sizeof EVENT_SIGNALS[0],
    CRASH_COUNT = sizeof CRASH_SIGNALS / sizeof CRASH_SIGNALS[0],
    CRASH_STACK_SIZE = 65536, /* bytes; a stack overflow leaves none of its own */
};

struct signals {
    int read_end, write_end; /* the pipe; neither end ever blocks */
    const struct rescue *_Atomic rescue;
    struct sigaction before_events[EVENT_COUNT];
    struct sigaction before_crashes[CRASH_COUNT];
    stack_t before_stack;
    void *crash_stack;
};

/* Neither constant nor local, since a signal handler gets no argument through which it could be
 * told what to do. Lock-free, as C11 asks of objects that handlers touch. Set while a struct
 * signals exists. */
static struct signals *_Atomic handler_state;

static void handle_event(int number)
{
    int saved = errno;
    struct signals *signals = atomic_load(&handler_state);
    unsigned char byte = (unsigned char)number;
    if (signals) {
        /* A full pipe holds events enough. */
        ssize_t written = write(signals->write_end, &byte, 1);
        (void)written;
    }
    errno = saved;
}

static void say(int number)
{
    static const char *const texts[CRASH_COUNT] = {
        "fmnist-tui: crashed: bad memory access\n", "fmnist-tui: crashed: bus error\n",
        "fmnist-tui: crashed: arithmetic error\n", "fmnist-tui: crashed: illegal instruction\n",
        "fmnist-tui: crashed: aborted\n"};
    for (size_t index = 0; index < CRASH_COUNT; index++)
        if (CRASH_SIGNALS[index] == number) {
            ssize_t written = write(STDERR_FILENO, texts[index], strlen(texts[index]));
            (void)written;
        }
}

/* Restores the terminal, then lets the signal take the course it had before: a fault that the
 * kernel reported is met again when the handler returns, any other signal is sent again. */
static void handle_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    struct signals *signals = atomic_load(&handler_state);
    if (!signals)
        return;
    const struct rescue *rescue = atomic_exchange(&signals->rescue, NULL);
    if (rescue) {
        rescue_terminal(rescue);
        say(number);
    }
    for (size_t index = 0; index < CRASH_COUNT; index++)
        (void)sigaction(CRASH_SIGNALS[index], &signals->before_crashes[index], NULL);
    if (info->si_code <= 0 || number == SIGABRT)
        (void)raise(number);
}

static bool set_nonblocking(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
}

static bool open_pipe(struct signals *signals, struct error *err)
{
    int ends[2];
    if (pipe(ends) != 0) {
        error_set_errno(err, errno, "cannot make a pipe for signals");
        return false;
    }
    signals->read_end = ends[0];
    signals->write_end = ends[1];
    if (set_nonblocking(ends[0]) && set_nonblocking(ends[1]))
        return true;
    error_set_errno(err, errno, "cannot set up the pipe for signals");
    return false;
}

/* Handles one event signal, unless the parent had it ignored. */
static void install_event(const struct signals *signals, size_t index)
{
    if (signals->before_events[index].sa_handler == SIG_IGN)
        return;
    struct sigaction action = {.sa_handler = handle_event, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    (void)sigaction(EVENT_SIGNALS[index], &action, NULL);
}

static void install(struct signals *signals)
{
    for (size_t index = 0; index < EVENT_COUNT; index++) {
        (void)sigaction(EVENT_SIGNALS[index], NULL, &signals->before_events[index]);
        install_event(signals, index);
    }
    stack_t stack = {.ss_sp = signals->crash_stack, .ss_size = CRASH_STACK_SIZE};
    (void)sigaltstack(&stack, &signals->before_stack);
    struct sigaction action = {.sa_sigaction = handle_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t index = 0; index < CRASH_COUNT; index++)
        (void)sigaction(CRASH_SIGNALS[index], &action, &signals->before_crashes[index]);
}

struct signals *signals_create(struct error *err)
{
    struct signals *signals = memory_array(1, sizeof *signals, err);
    if (!signals)
        return NULL;
    signals->read_end = signals->write_end = -1;
    signals->crash_stack = memory_array(1, CRASH_STACK_SIZE, err);
    if (!signals->crash_stack || !open_pipe(signals, err)) {
        if (signals->read_end >= 0) {
            (void)close(signals->read_end);
            (void)close(signals->write_end);
        }
        free(signals->crash_stack);
        free(signals);
        return NULL;
    }
    atomic_store(&handler_state, signals);
    install(signals);
    return signals;
}

void signals_destroy(struct signals *signals)
{
    if (!signals)
        return;
    for (size_t index = 0; index < CRASH_COUNT; index++)
        (void)sigaction(CRASH_SIGNALS[index], &signals->before_crashes[index], NULL);
    for (size_t index = 0; index < EVENT_COUNT; index++)
        (void)sigaction(EVENT_SIGNALS[index], &signals->before_events[index], NULL);
    (void)sigaltstack(&signals->before_stack, NULL);
    atomic_store(&handler_state, NULL);
    (void)close(signals->read_end);
    (void)close(signals->write_end);
    free(signals->crash_stack);
    free(signals);
}

void signals_set_rescue(struct signals *signals, const struct rescue *rescue)
{
    atomic_store(&signals->rescue, rescue);
}

int signals_descriptor(const struct signals *signals)
{
    return signals->read_end;
}

static void add_event(struct signal_events *events, int number)
{
    switch (number) {
    case SIGWINCH:
        events->resized = true;
        break;
    case SIGTSTP:
        events->suspend = true;
        break;
    case SIGCONT:
        events->continued = true;
        break;
    default:
        events->end = number;
        break;
    }
}

struct signal_events signals_take(struct signals *signals)
{
    struct signal_events events = {0};
    unsigned char bytes[64];
    ssize_t length;
    while ((length = read(signals->read_end, bytes, sizeof bytes)) > 0)
        for (ssize_t index = 0; index < length; index++)
            add_event(&events, bytes[index]);
    return events;
}

void signals_suspend(struct signals *signals, bool whole_group)
{
    const struct sigaction ordinary = {.sa_handler = SIG_DFL};
    for (size_t index = 0; index < EVENT_COUNT; index++) {
        if (EVENT_SIGNALS[index] != SIGTSTP && EVENT_SIGNALS[index] != SIGCONT)
            continue;
        if (signals->before_events[index].sa_handler != SIG_IGN)
            (void)sigaction(EVENT_SIGNALS[index], &ordinary, NULL);
    }
    (void)kill(whole_group ? 0 : getpid(), SIGTSTP);
    for (size_t index = 0; index < EVENT_COUNT; index++)
        if (EVENT_SIGNALS[index] == SIGTSTP || EVENT_SIGNALS[index] == SIGCONT)
            install_event(signals, index);
}
