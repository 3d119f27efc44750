// SPDX-License-Identifier: MIT
#include "tui/plain.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/console.h"
#include "tui/keys.h"
#include "tui/sentences.h"
#include "tui/signals.h"
#include "tui/steering.h"

static const double INTERRUPT_SECONDS = 2; /* between two Ctrl-C that quit without asking */

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
    bool typing;          /* a command, into this line: */
    struct editor editor;
    struct editor_lines lines;
    double interrupted_at; /* clock_seconds() */
    bool done;
    int end_signal;
};

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

static void end(struct plain *plain, int end_signal)
{
    plain->done = true;
    plain->end_signal = end_signal;
}

/* A notice as a sentence: from a capital to a full stop. */
static void tell_notice(struct plain *plain)
{
    const char *notice = plain->steering.notice;
    if (*notice)
        (void)fprintf(plain->out, "%c%s.\n", toupper((unsigned char)*notice), notice + 1);
    steering_notice(&plain->steering, REQUEST_NONE, "%s", "");
}

static void update(struct plain *plain)
{
    session_acknowledge(plain->session);
    snapshot_release(plain->snapshot);
    plain->snapshot = session_snapshot(plain->session);
    steering_update(&plain->steering, plain->snapshot);
    sentences_update(&plain->sentences, plain->snapshot, plain->out);
    if (plain->snapshot->state == TRAINER_FAILED || ferror(plain->out))
        end(plain, 0);
    if (plain->input_ended && plain->snapshot->state == TRAINER_FINISHED)
        end(plain, 0);
}

static void ask(struct plain *plain, enum request request)
{
    if (request == REQUEST_QUIT && !steering_unfinished(plain->snapshot)) {
        end(plain, 0);
        return;
    }
    plain->asked = request;
    (void)fputs(request == REQUEST_QUIT ? "Quit? What was learnt is not kept. y or n.\n"
                                        : "Restart? The steps made are lost. y or n.\n",
                plain->out);
}

static void answer(struct plain *plain, char key)
{
    enum request asked = plain->asked;
    plain->asked = REQUEST_NONE;
    if (key != 'y' && key != 'Y' && !(asked == REQUEST_QUIT && key == 'q'))
        (void)fputs("Going on.\n", plain->out);
    else if (asked == REQUEST_QUIT)
        end(plain, 0);
    else
        steering_restart(&plain->steering);
}

static void tell_keys(FILE *out)
{
    static const char *const texts[] = {
        "Space or p: pause, or go on.",
        "m: train the other model; this one is parked.",
        "Full stop: train one batch, then pause.",
        "e: evaluate now.",
        "Greater than: train to the end of the epoch, then pause.",
        "Plus and minus: learning rate up and down; u takes that back.",
        "R: start this model anew.",
        "1: how far it is.",
        "2: what is most often confused.",
        "3: the surest mistakes.",
        "q: quit.",
        "Colon: type a command and Enter. The commands:",
    };
    const struct console_command *command;
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
        (void)fprintf(out, "%s\n", texts[index]);
    for (size_t index = 0; (command = console_command(index)); index++)
        (void)fprintf(out, "%s%s%s: %s.\n", command->name, command->argument ? " " : "",
                      command->argument ? command->argument : "", command->help);
}

static void act(struct plain *plain, enum request request)
{
    switch (request) {
    case REQUEST_QUIT:
    case REQUEST_RESTART:
        ask(plain, request);
        return;
    case REQUEST_HELP:
        tell_keys(plain->out);
        return;
    case REQUEST_COMMAND:
        plain->typing = true;
        plain->editor = (struct editor){.cursor = 0};
        (void)fputs("Command: ", plain->out);
        return;
    case REQUEST_VIEW_1:
        sentences_progress(plain->snapshot, plain->out);
        return;
    case REQUEST_VIEW_2:
        sentences_confusions(plain->snapshot, plain->out);
        return;
    case REQUEST_VIEW_3:
        sentences_mistakes(plain->snapshot, plain->out);
        return;
    default:
        if (!steering_act(&plain->steering, request, plain->snapshot))
            (void)fputs("This key does nothing. Question mark: the keys.\n", plain->out);
        tell_notice(plain);
    }
}

/* Shows what a key made of the line, whose text was `before` so far, where the terminal does not.
 */
static void echo(const struct plain *plain, const char *before)
{
    const char *text = plain->editor.text;
    size_t same = 0, length = strlen(before);
    while (text[same] && text[same] == before[same])
        same++;
    for (; plain->terminal && length > same; length--)
        (void)fputs("\b \b", plain->out);
    if (plain->terminal)
        (void)fputs(text + same, plain->out);
}

/* Says what the line may become, and shows it again. */
static void tell_choices(const struct plain *plain)
{
    char hint[CONSOLE_HINT_SIZE];
    console_hint(plain->editor.text, hint);
    (void)fprintf(plain->out, "\n%s.\nCommand: %s", hint, plain->editor.text);
}

/* A key for the line; those that would move within it do nothing. */
static void type(struct plain *plain, char key)
{
    char before[EDITOR_SIZE];
    if (key < ' ' && !strchr("\n\r\t\b\033\025\027", key))
        return;
    memcpy(before, plain->editor.text, sizeof before);
    bool enter = key == '\n' || key == '\r';
    switch (editor_press(&plain->editor, &plain->lines,
                         enter ? KEYS_ENTER : (uint32_t)(unsigned char)key)) {
    case EDITOR_ACCEPTED: {
        plain->typing = false;
        (void)fputc('\n', plain->out);
        enum request request = console_run(plain->editor.text, &plain->steering, plain->snapshot);
        if (request != REQUEST_NONE)
            act(plain, request);
        tell_notice(plain);
        return;
    }
    case EDITOR_LEFT:
        plain->typing = false;
        (void)fputs("\nNo command.\n", plain->out);
        return;
    case EDITOR_COMPLETE:
        console_complete(&plain->editor);
        if (strcmp(before, plain->editor.text) == 0)
            tell_choices(plain);
        break;
    default:
        break;
    }
    echo(plain, before);
}

/* Line ends separate keys that were sent line by line. */
static void press(struct plain *plain, char key)
{
    if (plain->typing)
        type(plain, key);
    else if (key == '\n' || key == '\r')
        return;
    else if (plain->asked != REQUEST_NONE)
        answer(plain, key);
    else
        act(plain, keys_request((unsigned char)key));
}

static void read_keys(struct plain *plain)
{
    char keys[64];
    ssize_t size = read(STDIN_FILENO, keys, sizeof keys);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size <= 0 && plain->terminal)
        end(plain, SIGHUP);
    if (size <= 0) {
        plain->input_ended = true;
        update(plain);
    }
    for (ssize_t index = 0; index < size && !plain->done; index++)
        press(plain, keys[index]);
}

static void interrupt(struct plain *plain)
{
    double now = clock_seconds();
    if (!plain->terminal || now - plain->interrupted_at < INTERRUPT_SECONDS)
        end(plain, plain->terminal ? 0 : SIGINT);
    else
        ask(plain, REQUEST_QUIT);
    plain->interrupted_at = now;
}

static void take_signals(struct plain *plain)
{
    struct signal_events events = signals_take(plain->signals);
    if (events.end == SIGINT)
        interrupt(plain);
    else if (events.end)
        end(plain, events.end);
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
    (void)fflush(plain->out);
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
