// SPDX-License-Identifier: MIT
/*
 * The content of a file, or of a block of memory, as a stream: decompressed where it is gzip (told
 * by its first bytes, not its name) and hashed as it passes. Only a piece of the input is in memory
 * at a time. Used by one thread at a time.
 */
#ifndef DATA_CONTENT_H
#define DATA_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"
#include "fmnist/data/idx.h"

struct content;

/* Opens a file. NULL with `err` set (message begins with the path) where it is missing, empty,
 * unreadable or no regular file. `path` must outlive the content. */
struct content *content_open(const char *path, struct error *err);

/* The same over `size` bytes in memory, which must outlive the content; `name` is for messages. */
struct content *content_over(const void *bytes, size_t size, const char *name, struct error *err);
void content_close(struct content *content);

/* Reads up to `size` bytes; *got is less only where the content ends. At the end of gzip content
 * its checksum has been checked and nothing follows it. False with `err` set otherwise. */
bool content_read(struct content *content, void *bytes, size_t size, size_t *got,
                  struct error *err);

/* How many bytes the content can have at most, decompressed: exact for plain content. */
uint64_t content_limit(const struct content *content);

/* How many bytes content_read() has given so far. */
uint64_t content_position(const struct content *content);

/* The share of the input that was read, 0 to 1. */
double content_fraction(const struct content *content);

/* Writes the SHA-256 of all that was read; once, after the last read. */
void content_sha256(struct content *content, uint8_t digest[IDX_SHA256_SIZE]);

#endif
