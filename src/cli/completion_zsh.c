// SPDX-License-Identifier: MIT
#include "cli/completion.h"

#include <string.h>

/* Writes the text between single quotes, where only they are special; `special` gets a backslash.
 */
static void write_text(FILE *out, const char *text, const char *special)
{
    for (; *text; text++) {
        if (strchr(special, *text))
            (void)fputc('\\', out);
        if (*text == '\'')
            (void)fputs("'\\''", out);
        else
            (void)fputc(*text, out);
    }
}

/* ":DIR:_files -/", the message and what offers the words. */
static void write_action(FILE *out, const struct completion *completion)
{
    static const char *const ACTIONS[] = {[COMPLETION_ANYTHING] = " ",
                                          [COMPLETION_DIRECTORY] = "_files -/",
                                          [COMPLETION_FILE] = "_files",
                                          [COMPLETION_RUN] = "_fmnist_tui_run",
                                          [COMPLETION_CHECKPOINT] = "_fmnist_tui_checkpoint",
                                          [COMPLETION_WORDS] = ""};
    (void)fprintf(out, ":%s:%s", completion->name, ACTIONS[completion->kind]);
    if (completion->kind == COMPLETION_WORDS)
        (void)fprintf(out, "(%s)", completion->words);
}

/* A line such as '(-m --model)'{-m+,--model=}'[network to train]:NAME:(lenet alexnet)'. */
static void write_option(FILE *out, const struct option *option)
{
    struct completion completion;
    const char *letter = option->argument ? "+" : "", *name = option->optional   ? "=-"
                                                              : option->argument ? "="
                                                                                 : "";
    if (option->letter)
        (void)fprintf(out, "            '(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name,
                      option->letter, letter, option->name, name);
    else
        (void)fprintf(out, "            '--%s%s[", option->name, name);
    write_text(out, option->help, "[]");
    (void)fputc(']', out);
    if (option->argument) {
        completion_of_option(option, &completion);
        if (option->optional)
            (void)fputc(':', out);
        write_action(out, &completion);
    }
    (void)fputs("' \\\n", out);
}

static void write_options(FILE *out, const struct command *command)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++)
        if (option_belongs(option, command))
            write_option(out, option);
}

static void write_command(FILE *out, const struct command *command)
{
    struct completion completion;
    (void)fprintf(out, "    %s)\n        _arguments -s -S \\\n", command->name);
    write_options(out, command);
    for (size_t place = 0; completion_of_argument(command, place, &completion); place++) {
        if (completion.repeats)
            (void)fputs("            '*", out);
        else
            (void)fprintf(out, "            '%zu", place + 1);
        write_action(out, &completion);
        (void)fputs("' \\\n", out);
    }
    (void)fputs("            && return\n        ;;\n", out);
}

void completion_write_zsh(FILE *out)
{
    const struct command *command;
    (void)fputs(
        "#compdef fmnist-tui\n"
        "# Completion for zsh, made by: fmnist-tui completion zsh\n\n"
        "_fmnist_tui_run() {\n"
        "    local -a names expl store\n"
        "    [[ -n $opt_args[--store] ]] && store=(--store ${(Q)${(Q)opt_args[--store]}})\n"
        "    names=(${(f)\"$(_call_program runs $service runs list --names ${(q)store} "
        "2>/dev/null)\"})\n"
        "    _wanted runs expl run compadd -a names\n"
        "}\n\n"
        "_fmnist_tui_checkpoint() {\n"
        "    _alternative 'runs:run:_fmnist_tui_run' 'files:file:_files -g \"*.safetensors\"'\n"
        "}\n\n"
        "_fmnist_tui_command() {\n"
        "    local -a commands=(\n",
        out);
    for (size_t number = 0; (command = command_at(number)); number++) {
        (void)fprintf(out, "        '%s:", command->name);
        write_text(out, command->summary, "");
        (void)fputs("'\n", out);
    }
    (void)fputs("    )\n"
                "    _describe command commands\n"
                "}\n\n"
                "_fmnist_tui() {\n"
                "    local curcontext=$curcontext state line\n"
                "    typeset -A opt_args\n"
                "    _arguments -s -S -C \\\n",
                out);
    write_options(out, &COMMAND_DASHBOARD);
    (void)fputs("            '(-): :_fmnist_tui_command' \\\n"
                "            '(-)*:: :->rest' \\\n"
                "            && return\n"
                "    case $words[1] in\n",
                out);
    for (size_t number = 0; (command = command_at(number)); number++)
        write_command(out, command);
    (void)fputs("    esac\n    return 1\n}\n\n_fmnist_tui \"$@\"\n", out);
}
