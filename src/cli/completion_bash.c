// SPDX-License-Identifier: MIT
#include "cli/completion.h"

static void write_offer(FILE *out, const struct completion *completion)
{
    static const char *const KINDS[] = {[COMPLETION_ANYTHING] = "nothing",
                                        [COMPLETION_DIRECTORY] = "directory",
                                        [COMPLETION_FILE] = "file",
                                        [COMPLETION_RUN] = "run",
                                        [COMPLETION_CHECKPOINT] = "checkpoint",
                                        [COMPLETION_WORDS] = "words"};
    (void)fprintf(out, "_fmnist_tui_offer %s", KINDS[completion->kind]);
    if (completion->kind == COMPLETION_WORDS)
        (void)fprintf(out, " '%s'", completion->words);
}

/* The value of the option $1. */
static void write_values(FILE *out)
{
    const struct option *option;
    (void)fputs("# Offers values of the option $1.\n_fmnist_tui_value() {\n    case $1 in\n", out);
    for (size_t number = 0; (option = option_at(number)); number++) {
        struct completion completion;
        if (!option->argument)
            continue;
        (void)fputs("    ", out);
        if (option->letter)
            (void)fprintf(out, "-%c | ", option->letter);
        (void)fprintf(out, "--%s) ", option->name);
        completion_of_option(option, &completion);
        write_offer(out, &completion);
        (void)fputs(" ;;\n", out);
    }
    (void)fputs("    esac\n}\n\n", out);
}

static void write_command_options(FILE *out, const struct command *command)
{
    const struct option *option;
    const char *blank = "";
    (void)fprintf(out, "    %s%s) _fmnist_tui_offer words '",
                  command == &COMMAND_DASHBOARD ? "'' | " : "", command->name);
    for (size_t number = 0; (option = option_at(number)); number++)
        if (option_belongs(option, command)) {
            (void)fprintf(out, "%s--%s", blank, option->name);
            blank = " ";
        }
    (void)fputs("' ;;\n", out);
}

static void write_options(FILE *out)
{
    const struct command *command;
    (void)fputs("# Offers options of the command $1.\n_fmnist_tui_option() {\n    case $1 in\n",
                out);
    for (size_t number = 0; (command = command_at(number)); number++)
        write_command_options(out, command);
    (void)fputs("    esac\n}\n\n", out);
}

static void write_arguments(FILE *out)
{
    const struct command *command;
    struct completion completion;
    (void)fputs("# Offers what argument $2 of the command $1 may be, counted from 0.\n"
                "_fmnist_tui_argument() {\n    case $1:$2 in\n",
                out);
    for (size_t number = 0; (command = command_at(number)); number++)
        for (size_t place = 0; completion_of_argument(command, place, &completion); place++) {
            if (completion.repeats)
                (void)fprintf(out, "    %s:*) ", command->name);
            else
                (void)fprintf(out, "    %s:%zu) ", command->name, place);
            write_offer(out, &completion);
            (void)fputs(" ;;\n", out);
        }
    (void)fputs("    esac\n}\n\n", out);
}

/* The function that bash calls: it finds out what the word under the cursor is. */
static void write_main(FILE *out)
{
    const struct command *command;
    const struct option *option;
    (void)fputs("_fmnist_tui() {\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' only_words='' word\n"
                "    local -i index position=0\n"
                "    local -a store=()\n" /* the runs of which are meant */
                "    local takes=' ",
                out);
    for (size_t number = 0; (option = option_at(number)); number++) {
        if (!option->argument || option->optional)
            continue;
        if (option->letter)
            (void)fprintf(out, "-%c ", option->letter);
        (void)fprintf(out, "--%s ", option->name);
    }
    (void)fputs("'\n"
                "    COMPREPLY=()\n"
                "    for ((index = 1; index < COMP_CWORD; index++)); do\n"
                "        word=${COMP_WORDS[index]}\n"
                "        if [[ $word == '=' ]]; then\n"
                "            option=${option:-${COMP_WORDS[index - 1]}}\n"
                "        elif [[ $option ]]; then\n"
                "            word=${word//[\\\\\\'\\\"]/}\n"
                "            [[ $option == --store ]] && store=(--store \"${word/#'~/'/$HOME/}\")\n"
                "            option=''\n"
                "        elif [[ ! $only_words && $word == -- ]]; then\n"
                "            only_words=yes\n"
                "        elif [[ ! $only_words && $word == -?* ]]; then\n"
                "            [[ $takes == *\" $word \"* ]] && option=$word\n"
                "        elif [[ ! $command ]]; then\n"
                "            command=$word\n"
                "        else\n"
                "            position+=1\n"
                "        fi\n"
                "    done\n"
                "    if [[ $cur == '=' ]]; then\n"
                "        cur=''\n"
                "        option=${option:-${COMP_WORDS[COMP_CWORD - 1]}}\n"
                "    fi\n"
                "    if [[ $option ]]; then\n"
                "        _fmnist_tui_value \"$option\"\n"
                "    elif [[ ! $only_words && $cur == -* ]]; then\n"
                "        _fmnist_tui_option \"$command\"\n"
                "    elif [[ $command ]]; then\n"
                "        _fmnist_tui_argument \"$command\" $position\n"
                "    else\n"
                "        _fmnist_tui_offer words '",
                out);
    for (size_t number = 0; (command = command_at(number)); number++)
        (void)fprintf(out, "%s%s", number ? " " : "", command->name);
    (void)fputs("'\n    fi\n}\n\ncomplete -F _fmnist_tui fmnist-tui\n", out);
}

void completion_write_bash(FILE *out)
{
    (void)fputs(
        "# Completion for bash, made by: fmnist-tui completion bash\n"
        "# shellcheck shell=bash\n\n"
        "# Offers those of the words $2, files, directories or runs that fit.\n"
        "_fmnist_tui_offer() {\n"
        "    local name\n"
        "    case $1 in\n"
        "    words) mapfile -t COMPREPLY < <(compgen -W \"$2\" -- \"$cur\") ;;\n"
        "    file)\n"
        "        compopt -o filenames\n"
        "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
        "        ;;\n"
        "    directory)\n"
        "        compopt -o filenames\n"
        "        mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
        "        ;;\n"
        "    run)\n"
        "        while IFS= read -r name; do\n"
        "            printf -v name %q \"$name\"\n"
        "            [[ $name == \"$cur\"* ]] && COMPREPLY+=(\"$name\")\n"
        "        done < <(\"${COMP_WORDS[0]}\" runs list --names \"${store[@]}\" 2>/dev/null)\n"
        "        ;;\n"
        "    checkpoint)\n"
        "        compopt -o filenames\n" /* readline quotes the names, then */
        "        mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"\n"
        "            compgen -f -X '!*.safetensors' -- \"$cur\")\n"
        "        while IFS= read -r name; do\n"
        "            [[ $name == \"$cur\"* || $(printf %q \"$name\") == \"$cur\"* ]] &&\n"
        "                COMPREPLY+=(\"$name\")\n"
        "        done < <(\"${COMP_WORDS[0]}\" runs list --names \"${store[@]}\" 2>/dev/null)\n"
        "        ;;\n"
        "    esac\n"
        "}\n\n",
        out);
    write_values(out);
    write_options(out);
    write_arguments(out);
    write_main(out);
}
