// SPDX-License-Identifier: MIT
#include "tui/plain.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/plain_parts.h"

static const double INTERRUPT_SECONDS = 2; /* between two Ctrl-C that quit without asking */

/* Keys without Enter and without echo; signals as always. */
static void take_keys(struct plain *plain)
{
    struct termios settings = plain->rescue.before;
    settings.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    if (plain->terminal)
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

static void leave_keys(const struct plain *plain)
{
    if (plain->terminal)
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &plain->rescue.before);
}

static void tell_saved(struct plain *plain)
{
    char text[STEERING_NOTICE_SIZE];
    if (!keeping_update(&plain->keeping, plain->snapshot, text, sizeof text))
        return;
    steering_notice(&plain->steering, REQUEST_NONE, "%s", text);
    plain_tell_notice(plain);
}

/* Asks for the answers that the key 3 tells of, where they are not all known anyway. */
static void observe(struct plain *plain)
{
    struct observation wish = {0};
    scene_ask_answers(&plain->scene, &wish);
    if (!observation_equal(&wish, &plain->observed) &&
        session_send(plain->session,
                     (struct run_command){.kind = RUN_OBSERVE, .observation = wish}))
        plain->observed = wish;
}

static void update(struct plain *plain)
{
    session_acknowledge(plain->session);
    snapshot_release(plain->snapshot);
    plain->snapshot = session_snapshot(plain->session);
    scene_update(&plain->scene, plain->snapshot);
    steering_update(&plain->steering, plain->snapshot);
    sentences_update(&plain->sentences, plain->snapshot, plain->out);
    tell_saved(plain);
    observe(plain);
    if (plain->snapshot->state == TRAINER_FAILED)
        plain_end(plain, 0);
    if (plain->input_ended && plain->snapshot->state == TRAINER_FINISHED)
        plain_end(plain, 0);
}

static void read_keys(struct plain *plain)
{
    char keys[64];
    ssize_t size = read(STDIN_FILENO, keys, sizeof keys);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size <= 0 && plain->terminal)
        plain_end(plain, SIGHUP);
    if (size <= 0) {
        plain->input_ended = true;
        update(plain);
    }
    for (ssize_t index = 0; index < size && !plain->done; index++)
        plain_press(plain, keys[index]);
    observe(plain);
}

static void interrupt(struct plain *plain)
{
    double now = clock_seconds();
    if (!plain->terminal || now - plain->interrupted_at < INTERRUPT_SECONDS)
        plain_end(plain, plain->terminal ? 0 : SIGINT);
    else
        plain_ask_quit(plain);
    plain->interrupted_at = now;
}

static void take_signals(struct plain *plain)
{
    struct signal_events events = signals_take(plain->signals);
    if (events.end == SIGINT)
        interrupt(plain);
    else if (events.end)
        plain_end(plain, events.end);
    else if (events.suspend) {
        leave_keys(plain);
        signals_suspend(plain->signals, false);
        take_keys(plain);
    } else if (events.continued) {
        take_keys(plain);
    }
}

static bool turn(struct plain *plain, struct error *err)
{
    struct pollfd polled[] = {
        {.fd = plain->input_ended ? -1 : STDIN_FILENO, .events = POLLIN},
        {.fd = signals_descriptor(plain->signals), .events = POLLIN},
        {.fd = session_descriptor(plain->session), .events = POLLIN},
    };
    if (fflush(plain->out) != 0) {
        error_set_errno(err, errno, "cannot write to standard output");
        return false;
    }
    if (poll(polled, sizeof polled / sizeof *polled, -1) < 0) {
        if (errno == EINTR)
            return true;
        error_set_errno(err, errno, "cannot wait for keys");
        return false;
    }
    if (polled[1].revents)
        take_signals(plain);
    if (polled[2].revents && !plain->done)
        update(plain);
    if (polled[0].revents && !plain->done)
        read_keys(plain);
    return true;
}

bool plain_run(struct session session, FILE *out, struct app_result *result, struct error *err)
{
    struct plain plain = {
        .session = session,
        .out = out,
        .steering = {.session = session},
        .rescue = {.terminal = -1, .log = -1, .standard_output = -1, .standard_error = -1},
        .interrupted_at = -INFINITY,
    };
    plain.signals = signals_create(err);
    if (!plain.signals)
        return false;
    if (tcgetattr(STDIN_FILENO, &plain.rescue.before) == 0) {
        plain.terminal = true;
        plain.rescue.terminal = STDIN_FILENO;
        signals_set_rescue(plain.signals, &plain.rescue);
    }
    take_keys(&plain);
    (void)fputs("Press question mark for the keys.\n", out);
    bool good = true;
    update(&plain);
    while (good && !plain.done)
        good = turn(&plain, err);
    leave_keys(&plain);
    signals_set_rescue(plain.signals, NULL);
    signals_destroy(plain.signals);
    snapshot_release(plain.snapshot);
    *result = (struct app_result){.signal = plain.end_signal};
    return good;
}
