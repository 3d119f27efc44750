// SPDX-License-Identifier: MIT
/*
 * Memory: sizes are multiplied and added with checks, arrays are allocated from counts, and what
 * lives as long as a network comes from an arena whose size was planned before.
 */
#ifndef FMNIST_BASE_MEMORY_H
#define FMNIST_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/base/error.h"

/* Sets *product to a * b and returns true, or returns false where that overflows. */
bool size_multiply(size_t a, size_t b, size_t *product);

/* Sets *sum to a + b and returns true, or returns false where that overflows. */
bool size_add(size_t a, size_t b, size_t *sum);

/* Returns count * size zeroed bytes for the caller to free(), or NULL with `err` set. A count of
 * zero gives a pointer that can be freed. */
void *memory_array(size_t count, size_t size, struct error *err);

/* A block of zeroed memory from which aligned pieces are cut, freed as one. Not for sharing between
 * threads while pieces are cut. */
struct arena;

enum { ARENA_ALIGNMENT = 64 }; /* a cache line, and the widest vector */

/* Returns an arena of `bytes` bytes, or NULL with `err` set. */
struct arena *arena_create(size_t bytes, struct error *err);

/* The same of pages that munmap() gives back, which it takes over. */
struct arena *arena_adopt(void *pages, size_t bytes, struct error *err);
void arena_destroy(struct arena *arena);

/* Adds what a piece of count * size bytes takes in an arena, alignment included, to *bytes; false
 * where that overflows. */
bool arena_plan(size_t count, size_t size, size_t *bytes);

/* Cuts a piece; NULL where the arena, as planned, has no room for it. */
void *arena_cut(struct arena *arena, size_t count, size_t size);

#endif
