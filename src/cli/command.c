// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

static const struct command *const COMMANDS[] = {
    /* clang-format off */
    &COMMAND_DASHBOARD,
    &COMMAND_TRAIN,
    &COMMAND_EVALUATE,
    &COMMAND_PREDICT,
    &COMMAND_IMPORT,
    &COMMAND_WATCH,
    &COMMAND_RUNS,
    &COMMAND_EXPORT,
    &COMMAND_BENCH,
    &COMMAND_COMPLETION,
    &COMMAND_CONFIG,
    /* clang-format on */
};

const struct command *command_at(size_t number)
{
    return number < sizeof COMMANDS / sizeof *COMMANDS ? COMMANDS[number] : NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *command;
    for (size_t number = 0; (command = command_at(number)); number++) {
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

int command_fail(const struct error *err)
{
    char line[ERROR_MESSAGE_SIZE];
    memcpy(line, err->message, sizeof line);
    /* One line, and nothing that a terminal would obey, whatever was given on the command line. */
    for (char *byte = line; *byte; byte++)
        if ((unsigned char)*byte < ' ' || *byte == 0x7F)
            *byte = '?';
    (void)fprintf(stderr, "%s: %s\n", PACKAGE_NAME, line);
    return err->code == ERROR_USAGE ? STATUS_USAGE : STATUS_FAILED;
}
