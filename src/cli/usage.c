// SPDX-License-Identifier: MIT
#include "cli/usage.h"

#include "cli/option.h"

/* A line for the option: "  -b, --batch N          images a training step (100)". */
static void write_option(FILE *out, const struct option *option)
{
    char left[40], letter[5] = "    ";
    const char *argument = option->argument ? option->argument : "";
    const char *before = option->optional ? "[=" : *argument ? " " : "";
    if (option->letter)
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    (void)snprintf(left, sizeof left, "%s--%s%s%s%s", letter, option->name, before, argument,
                   option->optional ? "]" : "");
    (void)fprintf(out, "  %-21s  %s\n", left, option->help);
}

static void write_options(FILE *out, const struct command *command)
{
    const struct option *option;
    for (size_t number = 0; (option = option_at(number)); number++)
        if (option_belongs(option, command))
            write_option(out, option);
    if (option_belongs(option_find("sample", 6), command))
        (void)fputs("\nThe data are looked for in --data, $FMNIST_DATA,\n"
                    "$XDG_DATA_HOME/fmnist-tui/data and /usr/share/datasets/fashion-mnist; without "
                    "any\n"
                    "of them the sample in the program is used. See also: man fmnist-tui.\n",
                    out);
}

static void write_program(FILE *out)
{
    const struct command *command;
    (void)fprintf(out, "Usage: %s [COMMAND] [OPTION]... [ARGUMENT]...\n", PACKAGE_NAME);
    (void)fputs("Trains LeNet-5 or AlexNet on Fashion-MNIST and shows it in the terminal.\n\n"
                "Commands, with options of their own (COMMAND --help):\n",
                out);
    for (size_t number = 0; (command = command_at(number)); number++)
        (void)fprintf(out, "  %-21s  %s\n", command->name, command->summary);
    (void)fputs("\nOptions without a command, with their defaults:\n", out);
    write_options(out, &COMMAND_DASHBOARD);
}

void usage_write(FILE *out, const struct command *command)
{
    if (!command) {
        write_program(out);
        return;
    }
    (void)fprintf(out, "Usage: %s %s [OPTION]...%s%s\n", PACKAGE_NAME, command->name,
                  command->arguments ? " " : "", command->arguments ? command->arguments : "");
    (void)fprintf(out, "%s: %s.\n\nOptions, with their defaults:\n", command->name,
                  command->summary);
    write_options(out, command);
}
