// SPDX-License-Identifier: MIT
/*
 * Messages in Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding/),
 * as far as TensorBoard's events need it. A message is a buffer that fields are appended to.
 */
#ifndef FMNIST_EXPORT_PROTOBUF_H
#define FMNIST_EXPORT_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

#include "export/buffer.h"

/* Append field number `field`, 1 to 15: an integer or enum, a float, a double, text, bytes, a
 * message. The message may be empty. */
void protobuf_add_integer(struct buffer *message, unsigned field, uint64_t value);
void protobuf_add_float(struct buffer *message, unsigned field, float value);
void protobuf_add_double(struct buffer *message, unsigned field, double value);
void protobuf_add_text(struct buffer *message, unsigned field, const char *text);
void protobuf_add_bytes(struct buffer *message, unsigned field, const void *bytes, size_t size);
void protobuf_add_message(struct buffer *message, unsigned field, const struct buffer *inner);

#endif
