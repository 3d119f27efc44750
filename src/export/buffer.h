// SPDX-License-Identifier: MIT
/*
 * Bytes in memory that grow at their end, as text or binary. Where memory runs short a buffer is
 * marked and takes no more, so that callers check once, at the end. (A stream from open_memstream()
 * does not tell of that in glibc.)
 */
#ifndef FMNIST_EXPORT_BUFFER_H
#define FMNIST_EXPORT_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zeroed one is empty. */
struct buffer {
    uint8_t *bytes;
    size_t size, capacity;
    bool failed; /* memory was short */
};

void buffer_add(struct buffer *buffer, const void *bytes, size_t size);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_character(struct buffer *buffer, char character);
void buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_print_list(struct buffer *buffer, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Empties it; its memory is kept for what comes next, and the mark stays. */
void buffer_clear(struct buffer *buffer);

/* Frees what it holds. */
void buffer_free(struct buffer *buffer);

#endif
