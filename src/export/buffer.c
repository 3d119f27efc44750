// SPDX-License-Identifier: MIT
#include "export/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 256 };

/* Makes room for `size` more bytes; false, and the buffer is marked, where there is none. */
static bool reserve(struct buffer *buffer, size_t size)
{
    size_t needed, capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
    if (buffer->failed || !size_add(buffer->size, size, &needed)) {
        buffer->failed = true;
        return false;
    }
    if (needed <= buffer->capacity)
        return true;
    while (capacity < needed)
        if (!size_multiply(capacity, 2, &capacity))
            capacity = needed;
    uint8_t *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
    if (size == 0 || !reserve(buffer, size))
        return;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_character(struct buffer *buffer, char character)
{
    buffer_add(buffer, &character, 1);
}

/* Prints where there is room already; else makes room for what it takes and prints again. (Also
 * printing may be short of memory.) */
void buffer_print_list(struct buffer *buffer, const char *format, va_list args)
{
    for (;;) {
        size_t room = buffer->capacity - buffer->size;
        char *end = room > 0 ? (char *)buffer->bytes + buffer->size : NULL;
        va_list again;
        va_copy(again, args);
        int length = vsnprintf(end, room, format, again);
        va_end(again);
        if (length < 0 || buffer->failed) {
            buffer->failed = true;
            return;
        }
        if ((size_t)length < room) {
            buffer->size += (size_t)length;
            return;
        }
        if (!reserve(buffer, (size_t)length + 1))
            return;
    }
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buffer_print_list(buffer, format, args);
    va_end(args);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
