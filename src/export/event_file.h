// SPDX-License-Identifier: MIT
/*
 * TensorBoard's event files: TFRecords (length, data, and a masked CRC-32C of either) of messages
 * of the type tensorflow.Event. Formats: tensorflow/core/lib/io/record_writer.h,
 * tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto.
 *
 * Order of calls: event_file_begin(), for each event event_begin(), event_add_...(), event_end(),
 * last event_file_end().
 */
#ifndef FMNIST_EXPORT_EVENT_FILE_H
#define FMNIST_EXPORT_EVENT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/protobuf.h"

/* What the values of a tag are. TensorBoard reads it with the first one. */
enum event_plugin { EVENT_SCALARS, EVENT_IMAGES, EVENT_TEXT, EVENT_HPARAMS };

struct event_file {
    struct buffer *out;
    struct buffer event, summary, value, metadata, inner; /* in the making */
};

/* A PNG. */
struct event_image {
    uint32_t width, height;
    bool color;
    uint8_t *bytes;
    size_t size;
};

/* Writes the first event, which names the format, at `seconds` since 1970. */
void event_file_begin(struct event_file *file, struct buffer *out, double seconds);

/* Begins an event after training step `step`. */
void event_begin(struct event_file *file, double seconds, uint64_t step);

/* Add a value to it. `description` (NULL: none) is for the first value of a tag. */
void event_add_scalar(struct event_file *file, const char *tag, const char *description,
                      float value);
void event_add_image(struct event_file *file, const char *tag, const char *description,
                     const struct event_image *image);
void event_add_text(struct event_file *file, const char *tag, const struct buffer *markdown);

/* Settings of a run for the plugin HParams: `content` is a message HParamsPluginData. */
void event_add_hparams(struct event_file *file, const char *tag, const struct buffer *content);

void event_end(struct event_file *file);

/* Frees what the file holds; where memory was short, its buffer is marked. */
void event_file_end(struct event_file *file);

#endif
