// SPDX-License-Identifier: MIT
/* Scripts that complete the words of a command line, made from the tables of commands and options:
 * `fmnist-tui completion SHELL` writes one. */
#ifndef FMNIST_CLI_COMPLETION_H
#define FMNIST_CLI_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/option.h"

/* What a word may be. */
enum completion_kind {
    COMPLETION_ANYTHING, /* nothing can be offered */
    COMPLETION_DIRECTORY,
    COMPLETION_FILE,
    COMPLETION_RUN,        /* what `runs list --names` prints, a line each */
    COMPLETION_CHECKPOINT, /* a run or a file of weights */
    COMPLETION_WORDS,
};

enum { COMPLETION_SIZE = 128 };

struct completion {
    enum completion_kind kind;
    char words[COMPLETION_SIZE]; /* of COMPLETION_WORDS, with blanks between */
    char name[COMPLETION_SIZE];  /* as in --help: "DIR" */
    bool repeats;                /* an argument that stands for all that follow, too */
};

/* What the option's argument may be; the option takes one. */
void completion_of_option(const struct option *option, struct completion *completion);

/* What the command's argument of that number may be; false where it takes fewer. */
bool completion_of_argument(const struct command *command, size_t number,
                            struct completion *completion);

void completion_write_bash(FILE *out);
void completion_write_zsh(FILE *out);
void completion_write_fish(FILE *out);

#endif
