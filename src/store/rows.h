// SPDX-License-Identifier: MIT
/* A list that grows while a query is read. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

struct rows {
    size_t size; /* of an item */
    void *items;
    size_t count;
    bool failed; /* memory was short */
};

/* One more item, all zero; NULL with `err` set where memory is short. */
void *rows_append(struct rows *rows, struct error *err);

/* Gives the items to the caller, to free(), and sets *count; NULL and 0 where `good` is false. */
void *rows_end(struct rows *rows, bool good, size_t *count);

#endif
