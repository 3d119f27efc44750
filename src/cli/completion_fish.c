// SPDX-License-Identifier: MIT
#include "cli/completion.h"

/* The end of a line: what the word may be. `value`: it is an option's. */
static void write_offer(FILE *out, const struct completion *completion, bool value)
{
    enum completion_kind kind = completion->kind;
    bool files = kind == COMPLETION_FILE || kind == COMPLETION_CHECKPOINT;
    if (value)
        (void)fputs(files ? " -r -F" : " -x", out);
    else if (files)
        (void)fputs(" -F", out);
    if (kind == COMPLETION_DIRECTORY)
        (void)fputs(" -a '(__fish_complete_directories)'", out);
    else if (kind == COMPLETION_RUN || kind == COMPLETION_CHECKPOINT)
        (void)fputs(" -a '(__fmnist_tui_runs)'", out);
    else if (kind == COMPLETION_WORDS)
        (void)fprintf(out, " -a '%s'", completion->words);
}

static void write_description(FILE *out, const char *text)
{
    (void)fputs(" -d '", out);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            (void)fputc('\\', out);
        (void)fputc(*text, out);
    }
    (void)fputs("'\n", out);
}

static void write_option(FILE *out, const struct option *option)
{
    const struct command *command;
    struct completion completion;
    (void)fputs("complete -c fmnist-tui -n '__fmnist_tui_command", out);
    for (size_t number = 0; (command = command_at(number)); number++)
        if (option_belongs(option, command))
            (void)fprintf(out, "%s %s", command == &COMMAND_DASHBOARD ? " \"\"" : "",
                          command->name);
    (void)fprintf(out, "' -l %s", option->name);
    if (option->letter)
        (void)fprintf(out, " -s %c", option->letter);
    if (option->argument) {
        completion_of_option(option, &completion);
        write_offer(out, &completion, !option->optional);
    }
    write_description(out, option->help);
}

static void write_command(FILE *out, const struct command *command)
{
    struct completion completion;
    (void)fprintf(out, "complete -c fmnist-tui -n '__fmnist_tui_command \"\"' -a %s",
                  command->name);
    write_description(out, command->summary);
    for (size_t place = 0; completion_of_argument(command, place, &completion); place++) {
        (void)fprintf(out, "complete -c fmnist-tui -n '__fmnist_tui_argument %s %zu%s'",
                      command->name, place, completion.repeats ? " on" : "");
        write_offer(out, &completion, false);
        (void)fputc('\n', out);
    }
}

static void write_words(FILE *out)
{
    const struct option *option;
    (void)fputs("# The words before the cursor that are neither options nor their values.\n"
                "function __fmnist_tui_words\n"
                "    set -l option\n"
                "    set -l only_words\n"
                "    for word in (commandline -opc)[2..-1]\n"
                "        if test -n \"$option\"\n"
                "            set option\n"
                "        else if test -n \"$only_words\"\n"
                "            printf '%s\\n' $word\n"
                "        else if test \"$word\" = --\n"
                "            set only_words yes\n"
                "        else if string match -qr -- '^-.' $word\n"
                "            contains -- $word",
                out);
    for (size_t number = 0; (option = option_at(number)); number++) {
        if (!option->argument || option->optional)
            continue;
        if (option->letter)
            (void)fprintf(out, " -%c", option->letter);
        (void)fprintf(out, " --%s", option->name);
    }
    (void)fputs("\n"
                "            and set option $word\n"
                "        else\n"
                "            printf '%s\\n' $word\n"
                "        end\n"
                "    end\n"
                "end\n\n",
                out);
}

void completion_write_fish(FILE *out)
{
    const struct command *command;
    const struct option *option;
    (void)fputs("# Completion for fish, made by: fmnist-tui completion fish\n\n", out);
    write_words(out);
    (void)fputs(
        "# Whether the command is one of those given; \"\" stands for none.\n"
        "function __fmnist_tui_command\n"
        "    set -l words (__fmnist_tui_words)\n"
        "    contains -- \"$words[1]\" $argv\n"
        "end\n\n"
        "# Whether the next word is the argument of that number, or, with `on`, a later one.\n"
        "function __fmnist_tui_argument --argument-names command number on\n"
        "    set -l words (__fmnist_tui_words)\n"
        "    test \"$words[1]\" = $command\n"
        "    or return\n"
        "    set -l next (math (count $words) - 1)\n"
        "    test $next -eq $number\n"
        "    or test -n \"$on\" -a $next -gt $number\n"
        "end\n\n"
        "function __fmnist_tui_runs\n"
        "    set -l words (commandline -opc)\n"
        "    set -l program $words[1]\n"
        "    set -l store\n"
        "    while set -q words[2]\n"
        "        set -e words[1]\n"
        "        if string match -q -- '--store=*' $words[1]\n"
        "            set store $words[1]\n"
        "        else if test \"$words[1]\" = --store; and set -q words[2]\n"
        "            set store --store=$words[2]\n"
        "        end\n"
        "    end\n"
        "    $program runs list --names $store 2>/dev/null\n"
        "end\n\n"
        "complete -c fmnist-tui -f\n",
        out);
    for (size_t number = 0; (command = command_at(number)); number++)
        write_command(out, command);
    for (size_t number = 0; (option = option_at(number)); number++)
        write_option(out, option);
}
