// SPDX-License-Identifier: MIT
/* The header of a safetensors file, parsed and checked against the size of the payload. */
#ifndef STORE_SAFETENSORS_HEADER_H
#define STORE_SAFETENSORS_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "fmnist/base/error.h"
#include "fmnist/store/safetensors.h"

struct safetensors_entry {
    struct safetensors_tensor tensor; /* its name belongs to the header's `root` */
    size_t start, end;                /* of its bytes in the payload */
};

struct safetensors_header {
    json_t *root;
    struct safetensors_entry *entries; /* in the order of the payload, which they cover exactly */
    size_t count;
};

/* Parses `size` bytes of text. False with `err` set, and nothing to free, where anything is not as
 * the format has it; the message begins with the path. */
bool safetensors_header_parse(struct safetensors_header *header, const char *text, size_t size,
                              size_t payload, const char *path, struct error *err);
void safetensors_header_free(struct safetensors_header *header);

/* The text of a fact, or NULL. */
const char *safetensors_header_fact(const struct safetensors_header *header, const char *key);

#endif
