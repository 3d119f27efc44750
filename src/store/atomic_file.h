// SPDX-License-Identifier: MIT
/*
 * Writes a file so that whoever looks, even after a crash or a power failure, finds the old one
 * whole or the new one whole. The bytes go to a temporary file in the same folder, are synced to
 * the disk, and take the target's name only then; last the folder is synced.
 *
 * Whoever writes a temporary file holds a lock (flock) on it, which ends with the process. So
 * what a killed process left can be told from what another one is writing just now, on this
 * machine and from within any container. Used by one thread at a time.
 */
#ifndef STORE_ATOMIC_FILE_H
#define STORE_ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

struct atomic_file;

/* Begins to write the file `path`. NULL with `err` set where it cannot be written, where this
 * process is writing it already, or where memory is short. */
struct atomic_file *atomic_file_create(const char *path, struct error *err);

/* Appends `size` bytes. After a failure the only use for the file is atomic_file_discard(); code
 * ERROR_FULL says that there is no room now. */
bool atomic_file_write(struct atomic_file *file, const void *bytes, size_t size, struct error *err);

/* Makes what was written the file `path`, and frees `file` in any case. After a failure the old
 * file is there unchanged, but for one case, which the message tells: the new one took its place,
 * but the folder could not be synced, so that a power failure might still bring the old one back.
 */
bool atomic_file_commit(struct atomic_file *file, struct error *err);

/* Gives up: removes the temporary file, leaves the old one, frees `file`. NULL is allowed. */
void atomic_file_discard(struct atomic_file *file);

/* Removes the temporary files in a folder whose writers are gone; *removed, where not NULL, is how
 * many. False with `err` set where the folder cannot be read or such a file not be removed. */
bool atomic_file_clean(const char *directory, size_t *removed, struct error *err);

#endif
