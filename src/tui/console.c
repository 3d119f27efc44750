// SPDX-License-Identifier: MIT
#include "tui/console.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/completion.h"

enum { LINE_SIZE = EDITOR_SIZE };

/* A line in two parts; both NUL-terminated, without blanks around them. */
struct line {
    char text[LINE_SIZE];
    const char *name, *argument;
};

static char *skip_blanks(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

static void parse_line(struct line *line, const char *text)
{
    (void)snprintf(line->text, sizeof line->text, "%s", text);
    size_t length = strlen(line->text);
    while (length > 0 && isspace((unsigned char)line->text[length - 1]))
        line->text[--length] = '\0';
    char *name = skip_blanks(line->text);
    while (*name == ':')
        name = skip_blanks(name + 1); /* typed out of habit */
    char *end = name + strcspn(name, " \t");
    line->name = name;
    line->argument = skip_blanks(end);
    *end = '\0';
}

/* A whole number; false with a notice where the argument is none. */
static bool read_count(struct steering *steering, const char *argument, const char *example,
                       uint64_t *count)
{
    char *end;
    errno = 0;
    *count = strtoull(argument, &end, 10);
    if (isdigit((unsigned char)*argument) && !*end && errno == 0)
        return true;
    steering_notice(steering, REQUEST_NONE, "'%.40s' is no whole number; try %s", argument,
                    example);
    return false;
}

static void run_rate(struct steering *steering, const struct snapshot *snapshot,
                     const char *argument)
{
    char *end;
    double rate = strtod(argument, &end);
    if (end == argument || *end)
        steering_notice(steering, REQUEST_NONE, "'%.40s' is no learning rate; try :lr 5e-4",
                        argument);
    else
        steering_set_rate(steering, snapshot, rate);
}

static void run_epochs(struct steering *steering, const struct snapshot *snapshot,
                       const char *argument)
{
    uint64_t count;
    if (read_count(steering, argument, ":epochs 30", &count))
        steering_set_epochs(steering, snapshot, count);
}

static void run_steps(struct steering *steering, const struct snapshot *snapshot,
                      const char *argument)
{
    uint64_t count;
    if (read_count(steering, argument, ":run 50", &count))
        steering_advance(steering, snapshot, count);
}

static void run_goto(struct steering *steering, const struct snapshot *snapshot,
                     const char *argument)
{
    uint64_t step;
    if (read_count(steering, argument, ":goto 1234", &step))
        steering_reach(steering, snapshot, step);
}

static void run_pause(struct steering *steering, const struct snapshot *snapshot,
                      const char *argument)
{
    (void)argument;
    if (steering_runs(steering, snapshot))
        (void)steering_act(steering, REQUEST_PAUSE, snapshot);
    else
        steering_notice(steering, REQUEST_NONE, "it does not train; :resume goes on");
}

static void run_resume(struct steering *steering, const struct snapshot *snapshot,
                       const char *argument)
{
    (void)argument;
    if (steering_runs(steering, snapshot))
        steering_notice(steering, REQUEST_NONE, "it trains; :pause stops it");
    else
        (void)steering_act(steering, REQUEST_PAUSE, snapshot);
}

static void run_stop(struct steering *steering, const struct snapshot *snapshot,
                     const char *argument)
{
    (void)argument;
    steering_stop(steering, snapshot);
}

static void run_model(struct steering *steering, const struct snapshot *snapshot,
                      const char *argument)
{
    (void)snapshot;
    const struct network_spec *model = network_spec_find(argument);
    if (model)
        steering_switch_to(steering, model);
    else
        steering_notice(steering, REQUEST_NONE, "'%.40s' is no model; try :model %s", argument,
                        network_spec_name(network_spec_at(0)));
}

static const char *model_choice(size_t index)
{
    return index < network_spec_count() ? network_spec_name(network_spec_at(index)) : NULL;
}

static const struct console_command COMMANDS[] = {
    {"lr", "RATE", "set the learning rate", REQUEST_NONE, run_rate, NULL},
    {"undo", NULL, "take the last change of the learning rate back", REQUEST_UNDO, NULL, NULL},
    {"epochs", "N", "make that many epochs in all", REQUEST_NONE, run_epochs, NULL},
    {"run", "N", "train N steps more, then pause", REQUEST_NONE, run_steps, NULL},
    {"goto", "STEP", "train to that step, then pause", REQUEST_NONE, run_goto, NULL},
    {"pause", NULL, "pause the training", REQUEST_NONE, run_pause, NULL},
    {"resume", NULL, "go on with the training", REQUEST_NONE, run_resume, NULL},
    {"evaluate", NULL, "evaluate on the validation images now", REQUEST_EVALUATE, NULL, NULL},
    {"model", "NAME", "train that model; this one is parked", REQUEST_NONE, run_model,
     model_choice},
    {"restart", NULL, "start this model from new weights (asks)", REQUEST_RESTART, NULL, NULL},
    {"stop", NULL, "end the training of a run that is watched", REQUEST_NONE, run_stop, NULL},
    {"help", NULL, "show keys and commands", REQUEST_HELP, NULL, NULL},
    {"quit", NULL, "quit (asks while a run is unfinished)", REQUEST_QUIT, NULL, NULL},
};

enum { COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0] };

const struct console_command *console_command(size_t index)
{
    return index < COMMAND_COUNT ? &COMMANDS[index] : NULL;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Finds a command by its name or the beginning of it; how many begin so, with the first of them in
 * *found. */
static size_t find_command(const char *name, const struct console_command **found)
{
    size_t count = 0;
    *found = NULL;
    for (size_t index = 0; index < COMMAND_COUNT; index++) {
        if (!begins_with(COMMANDS[index].name, name))
            continue;
        if (count++ == 0)
            *found = &COMMANDS[index];
        if (strcmp(COMMANDS[index].name, name) == 0) {
            *found = &COMMANDS[index];
            return 1;
        }
    }
    return count;
}

/* Appends the names of the commands that begin so, with blanks between them. */
static void list_commands(const char *beginning, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t index = 0; index < COMMAND_COUNT && used < size; index++)
        if (begins_with(COMMANDS[index].name, beginning))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "",
                                     COMMANDS[index].name);
}

/* Says what is wrong with a line; false where nothing is. */
static bool complain(struct steering *steering, const struct line *line, size_t count,
                     const struct console_command *command)
{
    char names[64];
    if (count == 0) {
        steering_notice(steering, REQUEST_NONE, "no command ':%.30s'; Tab shows them, :help too",
                        line->name);
    } else if (count > 1) {
        list_commands(line->name, names, sizeof names);
        steering_notice(steering, REQUEST_NONE, "':%.20s' may be: %s", line->name, names);
    } else if (command->argument && !*line->argument) {
        steering_notice(steering, REQUEST_NONE, ":%s needs more: :%s %s", command->name,
                        command->name, command->argument);
    } else if (!command->argument && *line->argument) {
        steering_notice(steering, REQUEST_NONE, ":%s stands alone, without '%.40s'", command->name,
                        line->argument);
    } else {
        return false;
    }
    return true;
}

enum request console_run(const char *text, struct steering *steering,
                         const struct snapshot *snapshot)
{
    struct line line = {.text = ""};
    const struct console_command *command;
    parse_line(&line, text);
    if (!*line.name)
        return REQUEST_NONE;
    size_t count = find_command(line.name, &command);
    if (complain(steering, &line, count, command))
        return REQUEST_NONE;
    if (command->run)
        command->run(steering, snapshot, line.argument);
    return command->request;
}

static const char *command_choice(size_t index)
{
    return index < COMMAND_COUNT ? COMMANDS[index].name : NULL;
}

static struct completion complete_choice(const char *(*choice)(size_t), const char *beginning)
{
    struct completion completion = {.beginning = beginning};
    const char *name;
    for (size_t index = 0; (name = choice(index)); index++)
        completion_offer(&completion, name);
    return completion;
}

void console_complete(struct editor *editor)
{
    struct line line = {.text = ""};
    const struct console_command *command;
    char text[2 * LINE_SIZE];
    parse_line(&line, editor->text);
    size_t length = strlen(editor->text);
    bool blank_behind = *line.name && editor->text[length - 1] == ' ';
    if (!*line.argument && !blank_behind) {
        struct completion name = complete_choice(command_choice, line.name);
        bool more = name.count == 1 && find_command(name.text, &command) == 1 && command->argument;
        (void)snprintf(text, sizeof text, "%s%s", name.text, more ? " " : "");
        if (name.count > 0)
            editor_set(editor, text);
    } else if (find_command(line.name, &command) == 1 && command->choice) {
        struct completion choice = complete_choice(command->choice, line.argument);
        (void)snprintf(text, sizeof text, "%s %s", command->name, choice.text);
        if (choice.count > 0)
            editor_set(editor, text);
    }
}

void console_hint(const char *text, char *hint)
{
    struct line line = {.text = ""};
    const struct console_command *command;
    parse_line(&line, text);
    size_t count = find_command(line.name, &command);
    if (count == 1)
        (void)snprintf(hint, CONSOLE_HINT_SIZE, "%s%s%s: %s", command->name,
                       command->argument ? " " : "", command->argument ? command->argument : "",
                       command->help);
    else if (count > 1)
        list_commands(line.name, hint, CONSOLE_HINT_SIZE);
    else
        (void)snprintf(hint, CONSOLE_HINT_SIZE, "no such command");
}
