// SPDX-License-Identifier: MIT
/*
 * The one table of options. Parsing, --help and the check of each option's place are made from it;
 * a command's entry names the options that it takes (command.h). Constant, for any thread.
 */
#ifndef FMNIST_CLI_OPTION_H
#define FMNIST_CLI_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"

struct option {
    const char *name;     /* without the dashes */
    char letter;          /* or 0 */
    const char *argument; /* as in --help; NULL: the option takes none */
    const char *help;
    bool optional;   /* the argument may be left out; else it stands after `=` */
    bool everywhere; /* every command takes it */
    bool setting;    /* it may stand in the environment and in the file of settings, too */

    /* The option that this one is short for, and that one's argument; or NULL. */
    const char *alias, *alias_argument;

    /* Takes the argument over (NULL where there is none); false with `err` set where it is wrong.
     */
    bool (*take)(struct options *options, const struct option *option, const char *argument,
                 struct error *err);
    /* Writes the value in force as an argument that would make it so; "" where there is none. */
    void (*show)(const struct options *options, const struct option *option, char *text,
                 size_t size);
    size_t field;   /* for both: where in struct options the value is */
    uintmax_t most; /* for take: the largest number */
    bool zero;      /* for take: 0 is a number, too */

    /* The words that it takes, by number, NULL after the last; NULL where it takes others. */
    const char *(*choice)(size_t number);
    const int *values; /* for both: what the words stand for */
};

/* Which are there; NULL after the last. */
const struct option *option_at(size_t number);
size_t option_number(const struct option *option);

/* The option whose name is the first `length` bytes of `name`, or whose letter is `letter`; NULL
 * where there is none. */
const struct option *option_find(const char *name, size_t length);
const struct option *option_find_letter(char letter);

/* Whether that option stands on the command line. */
bool option_given(const struct options *options, const char *name);

/* Whether the command takes it. */
bool option_belongs(const struct option *option, const struct command *command);

#endif
