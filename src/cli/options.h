// SPDX-License-Identifier: MIT
/* What the user asked for, from the command line and the environment. */
#ifndef FMNIST_CLI_OPTIONS_H
#define FMNIST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"
#include "fmnist/train/trainer.h"
#include "tui/app.h"

struct options {
    const struct command *command; /* NULL where none was named */
    char *const *arguments;        /* the words after the command, as many as it takes */
    size_t argument_count;
    struct trainer_settings trainer;
    struct app_settings app;
    bool model_given, threads_given;
    size_t rounds; /* bench */
    bool json;
    bool plain;
    bool help, version, test_card;
};

/* Fills in the defaults and what the arguments say (argv[0] is passed over; strings stay argv's,
 * whose order changes). False with `err` set for arguments that make no sense (ERROR_USAGE) or that
 * this machine cannot follow. Takes what no option says from the environment. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);

#endif
