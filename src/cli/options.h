// SPDX-License-Identifier: MIT
/* What the user asked for, from the command line, the environment and the file of settings. */
#ifndef FMNIST_CLI_OPTIONS_H
#define FMNIST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/train/trainer.h"
#include "tui/app.h"

/* Where a value is from; a later one counts more. */
enum setting_origin {
    SETTING_DEFAULT,
    SETTING_FILE,
    SETTING_ENVIRONMENT,
    SETTING_OPTION,
};

struct setting {
    enum setting_origin origin;
    size_t line; /* in the file, from 1 */
};

enum { OPTIONS_MAX = 64 };

struct options {
    const struct command *command; /* NULL where none was named */
    char *const *arguments;        /* the words after the command, as many as it takes */
    size_t argument_count;
    struct trainer_settings trainer;
    struct app_settings app;
    bool model_given, threads_given;
    size_t rounds;     /* bench */
    const char *store; /* folder of the run store; NULL: the usual one */
    bool names, force; /* runs */
    bool steer;        /* watch */
    bool json;
    bool plain;
    bool help, version, test_card;

    struct setting settings[OPTIONS_MAX]; /* by the option's number */
    struct settings_file *file;           /* settings_file.h; NULL where there is none */
};

/* Fills in the defaults and what the arguments say (argv[0] is passed over; strings stay argv's,
 * whose order changes), then what no argument says from the environment and the file. False with
 * `err` set for what makes no sense (ERROR_USAGE) or this machine cannot follow; then there is
 * nothing to free. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
void options_free(struct options *options);

#endif
