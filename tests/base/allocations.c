// SPDX-License-Identifier: MIT
#include "allocations.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNCOUNTED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNCOUNTED
#endif

static atomic_size_t allocations;
static atomic_size_t failing; /* the count at which one fails; 0: none */

size_t allocations_count(void)
{
    return atomic_load(&allocations);
}

void allocations_fail(size_t number)
{
    atomic_store(&failing, number > 0 ? allocations_count() + number : 0);
}

#ifdef UNCOUNTED

bool allocations_are_counted(void)
{
    return false;
}

#else

/* What dlsym() itself asks for while it looks for the C library's functions; never given back. */
enum { EARLY_BYTES = 1 << 14, EARLY_ALIGNMENT = 16 };

static _Alignas(EARLY_ALIGNMENT) unsigned char early[EARLY_BYTES];
static size_t early_used;
static bool looking;

struct allocator {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
    int (*posix_memalign)(void **block, size_t alignment, size_t size);
    void *(*aligned_alloc)(size_t alignment, size_t size);
};

static struct allocator real;

bool allocations_are_counted(void)
{
    return true;
}

/* ISO C has no conversion from the pointer that dlsym() returns. */
static void look_up(void *function, const char *name)
{
    void *address = dlsym(RTLD_NEXT, name);
    memcpy(function, &address, sizeof address);
}

/* Before main() there is one thread, and the first call comes before that. */
static bool ready(void)
{
    if (real.free || looking)
        return !looking;
    looking = true;
    look_up(&real.malloc, "malloc");
    look_up(&real.calloc, "calloc");
    look_up(&real.realloc, "realloc");
    look_up(&real.posix_memalign, "posix_memalign");
    look_up(&real.aligned_alloc, "aligned_alloc");
    look_up(&real.free, "free");
    looking = false;
    return true;
}

static void *early_block(size_t size)
{
    size_t rounded = (size + EARLY_ALIGNMENT - 1) / EARLY_ALIGNMENT * EARLY_ALIGNMENT;
    if (rounded < size || rounded > EARLY_BYTES - early_used)
        return NULL;
    early_used += rounded;
    return early + early_used - rounded;
}

static bool is_early(const void *block)
{
    return (uintptr_t)block - (uintptr_t)early < EARLY_BYTES;
}

/* Counts an allocation; false where it has to fail. */
static bool count(void)
{
    size_t number = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;
    if (number != atomic_load_explicit(&failing, memory_order_relaxed))
        return true;
    errno = ENOMEM;
    return false;
}

void *malloc(size_t size)
{
    if (!count())
        return NULL;
    return ready() ? real.malloc(size) : early_block(size);
}

void *calloc(size_t items, size_t size)
{
    if (!count())
        return NULL;
    return ready() ? real.calloc(items, size) : early_block(items * size);
}

void *realloc(void *block, size_t size)
{
    if (!count())
        return NULL;
    if (ready() && !is_early(block))
        return real.realloc(block, size);
    void *copy = ready() ? real.malloc(size) : early_block(size);
    size_t left = block ? (size_t)(early + EARLY_BYTES - (unsigned char *)block) : 0;
    if (copy && block)
        memcpy(copy, block, size < left ? size : left);
    return copy;
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!count())
        return ENOMEM;
    return ready() ? real.posix_memalign(block, alignment, size) : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    if (!count())
        return NULL;
    return ready() ? real.aligned_alloc(alignment, size) : NULL;
}

void free(void *block)
{
    if (block && !is_early(block) && ready())
        real.free(block);
}

#endif
