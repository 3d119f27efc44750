// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena {
    unsigned char *base;
    size_t size;
    size_t used;
};

bool size_multiply(size_t a, size_t b, size_t *product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

bool size_add(size_t a, size_t b, size_t *sum)
{
    if (a > SIZE_MAX - b)
        return false;
    *sum = a + b;
    return true;
}

void *memory_array(size_t count, size_t size, struct error *err)
{
    void *block = calloc(count ? count : 1, size ? size : 1);
    if (!block)
        error_set(err, ERROR_MEMORY, "no memory for %zu items of %zu bytes", count, size);
    return block;
}

struct arena *arena_create(size_t bytes, struct error *err)
{
    size_t size = bytes ? bytes : ARENA_ALIGNMENT;
    struct arena *arena = malloc(sizeof *arena);
    void *base = NULL;
    if (!arena || posix_memalign(&base, ARENA_ALIGNMENT, size) != 0) {
        error_set(err, ERROR_MEMORY, "no memory for %zu bytes", size);
        free(arena);
        return NULL;
    }
    memset(base, 0, size);
    *arena = (struct arena){.base = base, .size = size};
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    free(arena->base);
    free(arena);
}

/* Rounds the bytes of a piece up to the alignment; false where that overflows. */
static bool arena_piece(size_t count, size_t size, size_t *bytes)
{
    size_t product;
    if (!size_multiply(count, size, &product) || !size_add(product, ARENA_ALIGNMENT - 1, &product))
        return false;
    *bytes = product / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    return true;
}

bool arena_plan(size_t count, size_t size, size_t *bytes)
{
    size_t piece;
    return arena_piece(count, size, &piece) && size_add(*bytes, piece, bytes);
}

void *arena_cut(struct arena *arena, size_t count, size_t size)
{
    size_t piece;
    if (!arena_piece(count, size, &piece) || piece > arena->size - arena->used)
        return NULL;
    void *start = arena->base + arena->used;
    arena->used += piece;
    return start;
}
