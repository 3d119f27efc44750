// SPDX-License-Identifier: MIT
/*
 * Reader of IDX files, the format of MNIST and its relatives: two zero bytes, a type byte (8:
 * unsigned bytes), the number of dimensions, each size as a big-endian 32-bit number, the bytes. A
 * file may be plain or compressed with gzip. Nothing in the file is trusted: every size is checked
 * before use.
 */
#ifndef FMNIST_DATA_IDX_H
#define FMNIST_DATA_IDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/base/error.h"

enum { IDX_RANK_MAX = 3, IDX_SHA256_SIZE = 32, IDX_COUNT_MAX = 10 * 1000 * 1000 };

/* An array of bytes with its shape; `bytes` belongs to this struct until idx_free(). */
struct idx {
    size_t rank;
    size_t sizes[IDX_RANK_MAX]; /* outermost first: images x rows x columns */
    uint8_t *bytes;
    uint8_t sha256[IDX_SHA256_SIZE]; /* of the decompressed file, header included */
};

/* Called now and then while a file is read; `fraction` rises from 0 to 1. */
typedef void (*idx_progress)(void *context, double fraction);

/* Reads a file whose array must have `rank` dimensions. False with `err` set (message begins with
 * the path) where the file cannot be read, is cut short, is longer than its header says, is of
 * another type or rank, or has an item count over IDX_COUNT_MAX. `progress` may be NULL. */
bool idx_read(const char *path, size_t rank, idx_progress progress, void *context, struct idx *idx,
              struct error *err);

/* The same from `size` bytes in memory; `name` stands for the path in messages. */
bool idx_parse(const void *bytes, size_t size, const char *name, size_t rank, struct idx *idx,
               struct error *err);

void idx_free(struct idx *idx);

#endif
