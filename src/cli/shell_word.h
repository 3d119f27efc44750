// SPDX-License-Identifier: MIT
/* Commands that are shown to be typed. */
#ifndef FMNIST_CLI_SHELL_WORD_H
#define FMNIST_CLI_SHELL_WORD_H

#include <stdio.h>

/* Writes a word so that a shell takes it as it is. */
void shell_word_write(FILE *out, const char *word);

/* Writes " --NAME WORD"; nothing where `word` is NULL. */
void shell_word_option(FILE *out, const char *name, const char *word);

#endif
