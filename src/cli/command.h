// SPDX-License-Identifier: MIT
/* What the program can be told to do: one file and one line in the table a command. */
#ifndef FMNIST_CLI_COMMAND_H
#define FMNIST_CLI_COMMAND_H

#include "cli/options.h"

/* Exit statuses of the program. */
enum status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    STATUS_SIGNAL = 128, /* plus the signal that ended a training without screens */
};

/* How many arguments a command takes that takes any number. */
enum { COMMAND_ARGUMENTS_ANY = 1 << 20 };

struct command {
    const char *name;
    const char *summary;   /* for --help */
    const char *arguments; /* after the options, as in --help: "CHECKPOINT IMAGE..."; or NULL */
    size_t least, most;    /* how many of them; words such as `list` count, too */
    const char *options;   /* the names of those it takes, with blanks between */
    bool settings;         /* it takes all options that may be settings, too */

    /* Runs it and returns the exit status; messages have been written. */
    int (*run)(const struct options *options);
};

extern const struct command COMMAND_BENCH;
extern const struct command COMMAND_COMPLETION;
extern const struct command COMMAND_CONFIG;
extern const struct command COMMAND_DASHBOARD;
extern const struct command COMMAND_EVALUATE;
extern const struct command COMMAND_IMPORT;
extern const struct command COMMAND_PREDICT;
extern const struct command COMMAND_EXPORT;
extern const struct command COMMAND_RUNS;
extern const struct command COMMAND_TRAIN;
extern const struct command COMMAND_WATCH;

/* The command of that number or name; NULL where there is none. */
const struct command *command_at(size_t number);
const struct command *command_find(const char *name);

/* Writes the program's name and the error to stderr, as one line; returns the exit status for it.
 */
int command_fail(const struct error *err);

#endif
