// SPDX-License-Identifier: MIT
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/version.h"

/* The command where none was named: screens, unless there is nothing to show them on. */
static const struct command *default_command(void)
{
    const char *type = getenv("TERM");
    bool screens = isatty(STDOUT_FILENO) && type && *type && strcmp(type, "dumb") != 0;
    return screens ? &COMMAND_DASHBOARD : &COMMAND_TRAIN;
}

/* What was written must have arrived: a full disk is an error. */
static int close_output(int status)
{
    struct error err;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    error_set_errno(&err, errno, "cannot write to standard output");
    return status == STATUS_DONE ? command_fail(&err) : status;
}

static int print_information(const struct options *options)
{
    if (options->help)
        options_write_help(stdout);
    else
        version_write(stdout, options->trainer.isa);
    return close_output(STATUS_DONE);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct options options;
    (void)setlocale(LC_CTYPE, ""); /* characters only: numbers look the same everywhere */
    if (!options_parse(&options, argc, argv, &err))
        return command_fail(&err);
    if (options.help || options.version)
        return print_information(&options);
    if (!options.command)
        options.command = default_command();
    return close_output(options.command->run(&options));
}
