// SPDX-License-Identifier: MIT
/* What reading and writing safetensors files share. */
#ifndef STORE_SAFETENSORS_FORMAT_H
#define STORE_SAFETENSORS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include <nettle/sha2.h>

#include "fmnist/base/error.h"
#include "fmnist/store/safetensors.h"

/* How the header of a file with a hash begins; the digits follow. */
#define SAFETENSORS_HASHED "{\"__metadata__\":{\"sha256\":\""

enum {
    SAFETENSORS_PREFIX = 8, /* bytes of the header's length */
    SAFETENSORS_HASH_DIGITS = SAFETENSORS_HASH_SIZE - 1,
    SAFETENSORS_HASHED_LENGTH = sizeof SAFETENSORS_HASHED - 1,
    SAFETENSORS_PRINTABLE_SIZE = 64,
};

/* The name of a type in files, or NULL where `type` is none; bytes of an element. */
const char *safetensors_type_name(enum safetensors_type type);
size_t safetensors_type_size(enum safetensors_type type);

/* Finds the type of that name; false where there is none. */
bool safetensors_type_find(const char *name, enum safetensors_type *type);

/* Sets *bytes to what a tensor's payload takes; false where that overflows. */
bool safetensors_bytes(enum safetensors_type type, size_t rank, const size_t *sizes, size_t *bytes);

/* Copies `bytes` bytes of elements of a type from the host's byte order to little-endian, or back.
 */
void safetensors_convert(enum safetensors_type type, void *to, const void *from, size_t bytes);

/* Begins the SHA-256 of a file with its first `size` bytes, length and header, the digits of the
 * hash in it taken as "0"; the payload is added with sha256_update(). */
void safetensors_hash_begin(struct sha256_ctx *hash, const unsigned char *start, size_t size);

/* Writes the hash as hexadecimal digits. */
void safetensors_hash_end(struct sha256_ctx *hash, char digits[SAFETENSORS_HASH_SIZE]);

/* A text out of a file, cut, and without what a terminal would obey. */
const char *safetensors_printable(const char *text, char printable[SAFETENSORS_PRINTABLE_SIZE]);

#endif
