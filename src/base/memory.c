// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

struct arena {
    void *mapped; /* what the system gave, with room to align `base` */
    size_t mapped_size;
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

/* Few large pages instead of many small ones, where the system has them. */
static void ask_for_huge_pages(void *base, size_t size)
{
#ifdef MADV_HUGEPAGE
    (void)madvise(base, size, MADV_HUGEPAGE);
#else
    (void)base;
    (void)size;
#endif
}

/* Fresh pages: they are zero, and take no memory before they are written. */
static void *map_pages(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

struct arena *arena_create(size_t bytes, struct error *err)
{
    struct arena *arena = calloc(1, sizeof *arena);
    size_t alignment = bytes < HUGE_PAGE ? ARENA_ALIGNMENT : HUGE_PAGE;
    if (arena && size_add(bytes, alignment, &arena->mapped_size))
        arena->mapped = map_pages(arena->mapped_size);
    if (!arena || !arena->mapped) {
        error_set(err, ERROR_MEMORY, "no memory for %zu bytes", bytes);
        free(arena);
        return NULL;
    }
    ask_for_huge_pages(arena->mapped, arena->mapped_size);
    arena->base = arena->mapped;
    arena->base += (alignment - (uintptr_t)arena->mapped % alignment) % alignment;
    arena->size = bytes;
    return arena;
}

struct arena *arena_adopt(void *pages, size_t bytes, struct error *err)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena) {
        error_set(err, ERROR_MEMORY, "no memory for %zu bytes", bytes);
        (void)munmap(pages, bytes);
        return NULL;
    }
    ask_for_huge_pages(pages, bytes);
    *arena = (struct arena){.mapped = pages, .mapped_size = bytes, .base = pages, .size = bytes};
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    (void)munmap(arena->mapped, arena->mapped_size);
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
