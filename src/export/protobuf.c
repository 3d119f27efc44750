// SPDX-License-Identifier: MIT
#include "export/protobuf.h"

#include <string.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64_BITS = 1, WIRE_LENGTH = 2, WIRE_32_BITS = 5 };

/* Seven bits a byte, the lowest first; the top bit says that more follow. */
static void append_varint(struct buffer *message, uint64_t value)
{
    uint8_t bytes[10];
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[size++] = (uint8_t)(value | 0x80);
    bytes[size++] = (uint8_t)value;
    buffer_add(message, bytes, size);
}

static void append_key(struct buffer *message, unsigned field, enum wire_type type)
{
    append_varint(message, (uint64_t)field << 3 | (unsigned)type);
}

/* The lowest `size` bytes of a number, little-endian. */
static void append_fixed(struct buffer *message, uint64_t bits, size_t size)
{
    uint8_t bytes[sizeof bits];
    for (size_t byte = 0; byte < size; byte++)
        bytes[byte] = (uint8_t)(bits >> 8 * byte);
    buffer_add(message, bytes, size);
}

void protobuf_add_integer(struct buffer *message, unsigned field, uint64_t value)
{
    append_key(message, field, WIRE_VARINT);
    append_varint(message, value);
}

void protobuf_add_float(struct buffer *message, unsigned field, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    append_key(message, field, WIRE_32_BITS);
    append_fixed(message, bits, sizeof bits);
}

void protobuf_add_double(struct buffer *message, unsigned field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    append_key(message, field, WIRE_64_BITS);
    append_fixed(message, bits, sizeof bits);
}

void protobuf_add_bytes(struct buffer *message, unsigned field, const void *bytes, size_t size)
{
    append_key(message, field, WIRE_LENGTH);
    append_varint(message, size);
    buffer_add(message, bytes, size);
}

void protobuf_add_text(struct buffer *message, unsigned field, const char *text)
{
    protobuf_add_bytes(message, field, text, strlen(text));
}

void protobuf_add_message(struct buffer *message, unsigned field, const struct buffer *inner)
{
    if (inner->failed)
        message->failed = true;
    protobuf_add_bytes(message, field, inner->bytes, inner->size);
}
