// SPDX-License-Identifier: MIT
/* From a run to files: each is made in memory and then written as a whole or not at all. */
#ifndef FMNIST_EXPORT_FOLDER_H
#define FMNIST_EXPORT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "export/buffer.h"
#include "export/run.h"

enum { EXPORT_PATH_SIZE = 4096 };

/* A file to be: its name, which may begin with folders, and who writes which part of the run. */
struct export_file {
    const char *path;
    bool (*write)(struct buffer *out, const struct export_run *run, int part, struct error *err);
    int part;
};

/* Makes the file's content, for the caller to buffer_free(). False with `err` set, and nothing to
 * free, where memory is short. */
bool export_render(const struct export_file *file, const struct export_run *run,
                   struct buffer *content, struct error *err);

/* Writes the files into `directory` ("" for the current one); folders that are missing are made.
 * `replace`: files of those names may be there; otherwise nothing is written where one is. What is
 * a pipe or a device is written to. False with `err` set where that happens or a file cannot be
 * written. */
bool export_folder(const char *directory, const struct export_file *files, size_t count,
                   bool replace, const struct export_run *run, struct error *err);

#endif
