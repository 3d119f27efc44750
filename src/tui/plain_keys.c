// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <string.h>

#include "tui/console.h"
#include "tui/filter_words.h"
#include "tui/keys.h"
#include "tui/plain_parts.h"

void plain_end(struct plain *plain, int end_signal)
{
    plain->done = true;
    plain->end_signal = end_signal;
}

void plain_tell_notice(struct plain *plain)
{
    const char *notice = plain->steering.notice;
    size_t length = strlen(notice);
    if (length > 0)
        (void)fprintf(plain->out, "%c%s%s\n", toupper((unsigned char)*notice), notice + 1,
                      notice[length - 1] == '.' ? "" : ".");
    steering_notice(&plain->steering, REQUEST_NONE, "%s", "");
}

void plain_ask_quit(struct plain *plain)
{
    const struct learner_snapshot *learner = &plain->snapshot->learners[plain->snapshot->active];
    if (!steering_unfinished(plain->snapshot)) {
        plain_end(plain, 0);
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
        plain_end(plain, 0);
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

/* Goes to another evaluation and tells what came of it. */
static void look_elsewhere(struct plain *plain, enum request request)
{
    plain->scene.notice = NULL;
    (void)scene_act(&plain->scene, request);
    if (plain->scene.notice) {
        steering_notice(&plain->steering, REQUEST_NONE, "%s", plain->scene.notice);
        plain_tell_notice(plain);
        return;
    }
    sentences_evaluation(&plain->scene, plain->out);
}

static void act(struct plain *plain, enum request request)
{
    switch (request) {
    case REQUEST_QUIT:
        plain_ask_quit(plain);
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
    case REQUEST_EPOCH_BACK:
    case REQUEST_EPOCH_FORWARD:
    case REQUEST_LAST:
    case REQUEST_PART:
        look_elsewhere(plain, request);
        return;
    case REQUEST_ORDER:
        plain->wish.order = (plain->wish.order + 1) % ALBUM_ORDERS;
        sentences_mistakes(&plain->scene, &plain->wish, plain->out);
        return;
    case REQUEST_ALL:
        plain->wish.all = !plain->wish.all;
        sentences_mistakes(&plain->scene, &plain->wish, plain->out);
        return;
    case REQUEST_VIEW_1:
        sentences_progress(plain->snapshot, plain->out);
        return;
    case REQUEST_VIEW_2:
        sentences_confusions(&plain->scene, plain->out);
        return;
    case REQUEST_VIEW_3:
        sentences_mistakes(&plain->scene, &plain->wish, plain->out);
        return;
    case REQUEST_SAVE:
        keeping_ask(&plain->keeping, plain->snapshot);
        (void)steering_act(&plain->steering, request, plain->snapshot);
        plain_tell_notice(plain);
        return;
    default:
        if (!steering_act(&plain->steering, request, plain->snapshot))
            (void)fputs("This key does nothing. Question mark: the keys.\n", plain->out);
        plain_tell_notice(plain);
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
    plain_tell_notice(plain);
}

/* Tells which mistakes are so; a filter that makes no sense stays open on a terminal. */
static void set_filter(struct plain *plain)
{
    struct error err = {0};
    char text[EDITOR_SIZE];
    memcpy(text, plain->editor.text, sizeof text);
    if (scene_set_filter(&plain->scene, text, &err)) {
        sentences_mistakes(&plain->scene, &plain->wish, plain->out);
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

void plain_press(struct plain *plain, char key)
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
