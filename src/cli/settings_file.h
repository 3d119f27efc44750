// SPDX-License-Identifier: MIT
/*
 * The file of settings in memory: $XDG_CONFIG_HOME/fmnist-tui/config, lines NAME = VALUE. Empty
 * lines count for nothing, and `#` at the beginning of a word begins a comment.
 */
#ifndef FMNIST_CLI_SETTINGS_FILE_H
#define FMNIST_CLI_SETTINGS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

enum { SETTINGS_FILE_MAX = 1 << 16 }; /* bytes */

struct settings_file;

struct settings_line {
    const char *name, *value; /* the file's */
    size_t number;            /* from 1 */
};

/* Sets *file to the user's file, to be freed, or to NULL where there is none or no home directory.
 * False with `err` set where it cannot be read, is not a regular file, is too large, or contains a
 * NUL byte. */
bool settings_file_open(struct settings_file **file, struct error *err);
void settings_file_free(struct settings_file *file);

const char *settings_file_path(const struct settings_file *file);

/* The next line with a setting. False at the end, and with `err` set (ERROR_USAGE, file and line
 * named) at a line that is none. */
bool settings_file_next(struct settings_file *file, struct settings_line *line, struct error *err);

#endif
