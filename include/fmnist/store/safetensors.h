// SPDX-License-Identifier: MIT
/*
 * Tensors in files of the safetensors format (https://github.com/huggingface/safetensors), as the
 * Python package of that name and PyTorch read and write them:
 *
 *     8 bytes    length of the header, little-endian
 *     header     JSON: {"__metadata__": {KEY: TEXT, ...},
 *                       NAME: {"dtype": "F32", "shape": [6, 1, 5, 5], "data_offsets": [0, 600]},
 * ...} followed by spaces up to a multiple of 8 payload    the tensors in row-major order,
 * little-endian, without holes
 *
 * Files that are written here have a first fact "sha256": the SHA-256 of the whole file, with the
 * fact's own 64 digits taken as "0".
 *
 * Nothing that is read is trusted. Any thread; an object is used by one at a time.
 */
#ifndef FMNIST_STORE_SAFETENSORS_H
#define FMNIST_STORE_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

/* In the order in which Python's package sorts the payload, the last first. */
enum safetensors_type {
    SAFETENSORS_U8,
    SAFETENSORS_I32,
    SAFETENSORS_F32,
    SAFETENSORS_F64,
    SAFETENSORS_I64,
};

enum {
    SAFETENSORS_RANK_MAX = 8,
    SAFETENSORS_HEADER_MAX = 1 << 20, /* bytes, written and read */
    SAFETENSORS_HASH_SIZE = 65,       /* hexadecimal, with the 0 at its end */
};

struct safetensors_tensor {
    const char *name;
    enum safetensors_type type;
    size_t rank;
    size_t sizes[SAFETENSORS_RANK_MAX];
    const void *values; /* to be written, in the host's byte order; NULL in what was read */
};

struct safetensors_fact {
    const char *key, *value; /* UTF-8 */
};

/* A file about to be written: its header is ready and its hash known. */
struct safetensors_draft;

/* Prepares a file of tensors (in any order) and facts. The values must stay as they are until it is
 * written; all else is copied. NULL with `err` set where memory is short, a name or key comes twice
 * or is reserved ("__metadata__", "sha256"), text is not UTF-8 or sizes overflow. */
struct safetensors_draft *safetensors_prepare(const struct safetensors_tensor *tensors,
                                              size_t tensor_count,
                                              const struct safetensors_fact *facts,
                                              size_t fact_count, struct error *err);

/* The fact "sha256" of the file to be. */
const char *safetensors_draft_hash(const struct safetensors_draft *draft);

/* Writes the file as a whole or leaves the old one; may be called again. False with `err` set, code
 * ERROR_FULL where the disk has no room. */
bool safetensors_write(const struct safetensors_draft *draft, const char *path, struct error *err);
void safetensors_draft_destroy(struct safetensors_draft *draft);

/* What a file holds, all in memory. */
struct safetensors;

/* Reads a regular file whose payload has at most `payload_max` bytes and checks it in all respects;
 * its hash, too, where it has one. NULL with `err` set: one line with the path, the tensor if it is
 * about one, and what is wrong. */
struct safetensors *safetensors_open(const char *path, size_t payload_max, struct error *err);
void safetensors_close(struct safetensors *file);

/* The tensors in the order of their payload; strings are valid until the file is closed. */
size_t safetensors_count(const struct safetensors *file);
struct safetensors_tensor safetensors_tensor_at(const struct safetensors *file, size_t index);

/* The text of a fact; NULL where the file has none of that key. */
const char *safetensors_fact(const struct safetensors *file, const char *key);

/* The file's hash, which has been checked; NULL where it has none. */
const char *safetensors_hash(const struct safetensors *file);

/* Copies the tensor of that name to `values`, in the host's byte order. False with `err` set where
 * there is none or it has not exactly that type and those sizes. */
bool safetensors_read_tensor(const struct safetensors *file, const char *name,
                             enum safetensors_type type, size_t rank, const size_t *sizes,
                             void *values, struct error *err);

#endif
