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

enum { OPTIONS_MAX = 64, OPTIONS_KEEP = 2, OPTIONS_KEEP_MAX = 10000 };

/* A part of the data. */
enum options_split { OPTIONS_TEST, OPTIONS_VALIDATION, OPTIONS_TRAINING };

struct options {
    const struct command *command; /* NULL where none was named */
    char *const *arguments;        /* the words after the command, as many as it takes */
    size_t argument_count;
    struct trainer_settings trainer;
    struct app_settings app;
    bool model_given, threads_given;
    size_t rounds;               /* bench */
    const char *store_directory; /* NULL: the user's */
    bool no_store;
    const char *run_name; /* NULL: none */
    size_t keep;          /* checkpoints beside the best and the last */
    bool resume;
    const char *resume_run;   /* NULL: the newest */
    enum options_split split; /* evaluate */
    size_t worst;             /* mistakes that it shows */
    bool invert;              /* predict */
    bool names;               /* runs */
    bool force;               /* runs, export */
    bool steer;               /* watch */
    bool json;
    const char *output; /* export: a file, or a folder */
    bool csv, html, tensorboard;
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
