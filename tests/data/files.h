// SPDX-License-Identifier: MIT
/* Files to read in tests, good and bad ones, in a directory of their own. All fail the test where
 * something cannot be made. */
#ifndef FMNIST_TESTS_DATA_FILES_H
#define FMNIST_TESTS_DATA_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILES_PATH_SIZE = 512 };

struct files {
    char directory[FILES_PATH_SIZE];
};

/* An empty directory; and its end, with all that is in it. */
void files_create(struct files *files);
void files_destroy(struct files *files);

/* A directory in another one, which its creator also ends first. */
void files_create_in(struct files *files, const struct files *parent, const char *name);

/* "DIRECTORY/NAME", in a buffer of the caller's. */
const char *files_path(const struct files *files, const char *name, char path[FILES_PATH_SIZE]);

/* Writes a file, as it is or compressed by gzip. */
void files_write(const struct files *files, const char *name, const void *bytes, size_t size);
void files_write_gzip(const struct files *files, const char *name, const void *bytes, size_t size);

/* Writes a good data set: `train` and `test` images of 28x28 pixels; pixel p of image i is
 * (7 i + p) mod 256, its label i mod 10. */
void files_write_dataset(const struct files *files, size_t train, size_t test);

/* Writes NAME as an array with the header's sizes (`rank` of them) and `payload` bytes, each
 * `value`. */
void files_write_array(const struct files *files, const char *name, size_t rank,
                       const uint32_t *sizes, size_t payload, uint8_t value);

#endif
