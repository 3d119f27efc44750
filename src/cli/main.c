// SPDX-License-Identifier: MIT
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/usage.h"
#include "cli/version.h"
#include "tui/test_card.h"

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
    if (options->test_card)
        test_card_write(stdout, &options->app);
    else if (options->help)
        usage_write(stdout, options->command);
    else
        version_write(stdout, options->trainer.isa);
    return STATUS_DONE;
}

#ifdef RLIMIT_AS
/* As OpenBLAS is loaded it starts threads, one a CPU, each of which maps 128 MiB or tries to for
 * ever; later it ends them or waits for ever. Only the environment can prevent that: where address
 * space is limited, the program starts itself again with a better one. */
static void prevent_blas_threads(char **argv)
{
    struct rlimit limit;
    const char *threads = getenv("OPENBLAS_NUM_THREADS");
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        (threads && strcmp(threads, "1") == 0) || setenv("OPENBLAS_NUM_THREADS", "1", 1) != 0)
        return;
    (void)execv("/proc/self/exe", argv); /* where there is none, it may go well as it is */
}
#else
static void prevent_blas_threads(char **argv)
{
    (void)argv;
}
#endif

int main(int argc, char **argv)
{
    struct error err = {0};
    struct options options;
    prevent_blas_threads(argv);
#ifdef SIGXFSZ
    (void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error as any other */
#endif
    (void)setlocale(LC_CTYPE, ""); /* characters only: numbers look the same everywhere */
    if (!options_parse(&options, argc, argv, &err))
        return command_fail(&err);
    bool information = options.help || options.version || options.test_card;
    if (!options.command && options.plain && !information)
        options.command = &COMMAND_DASHBOARD;
    else if (!options.command && !information)
        options.command = default_command();
    int status = information ? print_information(&options) : options.command->run(&options);
    options_free(&options);
    return close_output(status);
}
