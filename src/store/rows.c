// SPDX-License-Identifier: MIT
#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* There is room for a power of two of items. */
static bool make_room(struct rows *rows, struct error *err)
{
    size_t bytes;
    if ((rows->count & (rows->count - 1)) != 0)
        return true;
    size_t room = rows->count > 0 ? 2 * rows->count : 1;
    void *more = size_multiply(room, rows->size, &bytes) ? realloc(rows->items, bytes) : NULL;
    rows->failed = !more;
    if (more)
        rows->items = more;
    else
        error_set(err, ERROR_MEMORY, "no memory for %zu items of %zu bytes", room, rows->size);
    return more;
}

void *rows_append(struct rows *rows, struct error *err)
{
    if (!make_room(rows, err))
        return NULL;
    char *item = (char *)rows->items + rows->count++ * rows->size;
    memset(item, 0, rows->size);
    return item;
}

void *rows_end(struct rows *rows, bool good, size_t *count)
{
    void *items = rows->items;
    *count = good ? rows->count : 0;
    *rows = (struct rows){0};
    if (good)
        return items;
    free(items);
    return NULL;
}
