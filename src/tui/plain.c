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
#include "tui/filter_words.h"
#include "tui/keeping.h"
#include "tui/keys.h"
#include "tui/scene.h"
#include "tui/sentences.h"
#include "tui/signals.h"
#include "tui/steering.h"

static const double INTERRUPT_SECONDS = 2; /* between two Ctrl-C that quit without asking */

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
    struct scene scene; /* which images are looked at; nothing else of it */
    struct keeping keeping;
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
    size_t length = strlen(notice);
    if (length > 0)
        (void)fprintf(plain->out, "%c%s%s\n", toupper((unsigned char)*notice), notice + 1,
                      notice[length - 1] == '.' ? "" : ".");
    steering_notice(&plain->steering, REQUEST_NONE, "%s", "");
}

static void tell_saved(struct plain *plain)
{
    char text[STEERING_NOTICE_SIZE];
    if (!keeping_update(&plain->keeping, plain->snapshot, text, sizeof text))
        return;
    steering_notice(&plain->steering, REQUEST_NONE, "%s", text);
    tell_notice(plain);
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
    if (plain->snapshot->state == TRAINER_FAILED)
        end(plain, 0);
    if (plain->input_ended && plain->snapshot->state == TRAINER_FINISHED)
        end(plain, 0);
}

static void ask_quit(struct plain *plain)
{
    const struct learner_snapshot *learner = &plain->snapshot->learners[plain->snapshot->active];
    if (!steering_unfinished(plain->snapshot)) {
        end(plain, 0);
        return;
    }
    plain->asked = REQUEST_QUIT;
    if (*learner->record.run)
        (void)fprintf(plain->out, "Quit? Run %s is kept, and --resume goes on with it. y or n.\n",
                      learner->record.run);
    else
        (void)fputs("Quit? What was learnt is not kept. y or n.\n", plain->out);
}

static void ask_restart(struct plain *plain)
{
    plain->asked = REQUEST_RESTART;
    (void)fputs("Restart? The steps made are lost. y or n.\n", plain->out);
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

static const char *line_name(const struct plain *plain)
{
    return plain->line == LINE_COMMAND ? "Command" : "Filter";
}

static void open_line(struct plain *plain, enum line line, const char *text)
{
    plain->line = line;
    plain->editor = (struct editor){.cursor = 0};
    editor_set(&plain->editor, text);
    (void)fprintf(plain->out, "%s: %s", line_name(plain), plain->editor.text);
}

static void act(struct plain *plain, enum request request)
{
    switch (request) {
    case REQUEST_QUIT:
        ask_quit(plain);
        return;
    case REQUEST_RESTART:
        ask_restart(plain);
        return;
    case REQUEST_HELP:
        sentences_keys(plain->out);
        return;
    case REQUEST_COMMAND:
        open_line(plain, LINE_COMMAND, "");
        return;
    case REQUEST_FILTER:
        open_line(plain, LINE_FILTER, plain->terminal ? plain->scene.filter.text : "");
        return;
    case REQUEST_VIEW_1:
        sentences_progress(plain->snapshot, plain->out);
        return;
    case REQUEST_VIEW_2:
        sentences_confusions(plain->snapshot, plain->out);
        return;
    case REQUEST_VIEW_3:
        sentences_mistakes(&plain->scene, plain->out);
        return;
    case REQUEST_SAVE:
        keeping_ask(&plain->keeping, plain->snapshot);
        (void)steering_act(&plain->steering, request, plain->snapshot);
        tell_notice(plain);
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
    (void)fputc('\n', plain->out);
    if (plain->line == LINE_COMMAND) {
        console_hint(plain->editor.text, hint);
        (void)fprintf(plain->out, "%s.\n", hint);
    } else {
        sentences_filters(plain->out);
    }
    (void)fprintf(plain->out, "%s: %s", line_name(plain), plain->editor.text);
}

static void complete(struct plain *plain)
{
    if (plain->line == LINE_COMMAND)
        console_complete(&plain->editor);
    else
        filter_complete(&plain->editor, plain->snapshot->dataset);
}

static void run_command(struct plain *plain)
{
    enum request request = console_run(plain->editor.text, &plain->steering, plain->snapshot);
    if (request != REQUEST_NONE)
        act(plain, request);
    tell_notice(plain);
}

/* Tells which mistakes are so; a filter that makes no sense stays open on a terminal. */
static void set_filter(struct plain *plain)
{
    struct error err = {0};
    char text[EDITOR_SIZE];
    memcpy(text, plain->editor.text, sizeof text);
    if (scene_set_filter(&plain->scene, text, &err)) {
        sentences_mistakes(&plain->scene, plain->out);
        return;
    }
    (void)fprintf(plain->out, "%c%s.\n", toupper((unsigned char)*err.message), err.message + 1);
    if (plain->terminal)
        open_line(plain, LINE_FILTER, text);
}

static void accept(struct plain *plain)
{
    enum line line = plain->line;
    plain->line = LINE_NONE;
    (void)fputc('\n', plain->out);
    if (line == LINE_COMMAND)
        run_command(plain);
    else
        set_filter(plain);
}

/* A key for the line; those that would move within it do nothing. */
static void type(struct plain *plain, char key)
{
    char before[EDITOR_SIZE];
    if (key < ' ' && !strchr("\n\r\t\b\033\025\027", key))
        return;
    memcpy(before, plain->editor.text, sizeof before);
    bool enter = key == '\n' || key == '\r';
    switch (editor_press(&plain->editor, &plain->lines[plain->line],
                         enter ? KEYS_ENTER : (uint32_t)(unsigned char)key)) {
    case EDITOR_ACCEPTED:
        accept(plain);
        return;
    case EDITOR_LEFT:
        (void)fprintf(plain->out, "\nNo %s.\n",
                      plain->line == LINE_COMMAND ? "command" : "other filter");
        plain->line = LINE_NONE;
        return;
    case EDITOR_COMPLETE:
        complete(plain);
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
    if (plain->line != LINE_NONE)
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
        ask_quit(plain);
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
