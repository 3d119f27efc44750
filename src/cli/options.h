// SPDX-License-Identifier: MIT
/*
 * The command line: one table of options makes parsing and --help, and is compared with the man
 * page by a test.
 */
#ifndef FMNIST_CLI_OPTIONS_H
#define FMNIST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "fmnist/base/error.h"
#include "fmnist/train/trainer.h"
#include "tui/app.h"

/* What the user asked for. */
struct options {
    const struct command *command; /* the dashboard's where none was named */
    struct trainer_settings trainer;
    struct app_settings app;
    bool isa_given; /* trainer.isa is what the user wants */
    bool model_given, threads_given;
    size_t rounds; /* bench */
    bool json;
    bool plain;
    bool help, version, test_card;
};

/* Fills in the defaults and what the arguments say (argv[0] is passed over; strings stay argv's).
 * False with `err` set for arguments that make no sense (ERROR_USAGE) or that this machine cannot
 * follow. Takes what no option says from the environment. */
bool options_parse(struct options *options, int argc, char *const *argv, struct error *err);

/* Writes the text of --help. */
void options_write_help(FILE *out);

#endif
