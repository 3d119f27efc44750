// SPDX-License-Identifier: MIT
#include "export/event_file.h"

#include "export/crc32c.h"

/* Field numbers of the messages. */
enum {
    EVENT_WALL_TIME = 1,
    EVENT_STEP = 2,
    EVENT_FILE_VERSION = 3,
    EVENT_SUMMARY = 5,
    SUMMARY_VALUE = 1,
    VALUE_TAG = 1,
    VALUE_SIMPLE = 2,
    VALUE_IMAGE = 4,
    VALUE_TENSOR = 8,
    VALUE_METADATA = 9,
    METADATA_PLUGIN_DATA = 1,
    METADATA_DISPLAY_NAME = 2,
    METADATA_DESCRIPTION = 3,
    METADATA_DATA_CLASS = 4,
    PLUGIN_NAME = 1,
    PLUGIN_CONTENT = 2,
    IMAGE_HEIGHT = 1,
    IMAGE_WIDTH = 2,
    IMAGE_COLORSPACE = 3, /* samples a pixel */
    IMAGE_ENCODED = 4,
    TENSOR_TYPE = 1,
    TENSOR_SHAPE = 2,
    TENSOR_FLOATS = 5,
    TENSOR_STRINGS = 8,
};

/* DT_FLOAT and DT_STRING. */
enum { TYPE_FLOAT = 1, TYPE_STRING = 7 };

/* Appends what the plugin has to know of a tag to the value: name, content, and class of data
 * (DATA_CLASS_SCALAR 1, _TENSOR 2, _BLOB_SEQUENCE 3). */
static void add_metadata(struct event_file *file, enum event_plugin plugin, const char *tag,
                         const char *description, const struct buffer *content)
{
    static const char *const names[] = {"scalars", "images", "text", "hparams"};
    static const unsigned classes[] = {1, 3, 2, 2};
    buffer_clear(&file->inner);
    protobuf_add_text(&file->inner, PLUGIN_NAME, names[plugin]);
    if (content)
        protobuf_add_message(&file->inner, PLUGIN_CONTENT, content);
    buffer_clear(&file->metadata);
    protobuf_add_message(&file->metadata, METADATA_PLUGIN_DATA, &file->inner);
    protobuf_add_text(&file->metadata, METADATA_DISPLAY_NAME, tag);
    if (description)
        protobuf_add_text(&file->metadata, METADATA_DESCRIPTION, description);
    protobuf_add_integer(&file->metadata, METADATA_DATA_CLASS, classes[plugin]);
    protobuf_add_message(&file->value, VALUE_METADATA, &file->metadata);
}

static void begin_value(struct event_file *file, const char *tag)
{
    buffer_clear(&file->value);
    protobuf_add_text(&file->value, VALUE_TAG, tag);
}

static void end_value(struct event_file *file)
{
    protobuf_add_message(&file->summary, SUMMARY_VALUE, &file->value);
}

/* Little-endian, as all of a TFRecord. */
static void write_number(struct event_file *file, uint64_t number, size_t size)
{
    unsigned char bytes[sizeof number] = {0};
    for (size_t byte = 0; byte < size; byte++)
        bytes[byte] = (unsigned char)(number >> 8 * byte);
    buffer_add(file->out, bytes, size);
}

/* Rotated and moved, so that data that holds CRCs has no CRC like its own. */
static void write_crc(struct event_file *file, const void *bytes, size_t size)
{
    uint32_t crc = crc32c(bytes, size);
    write_number(file, (uint32_t)((crc >> 15 | crc << 17) + 0xA282EAD8U), sizeof crc);
}

static void write_record(struct event_file *file)
{
    const struct buffer *event = &file->event;
    unsigned char length[8];
    for (size_t byte = 0; byte < sizeof length; byte++)
        length[byte] = (unsigned char)((uint64_t)event->size >> 8 * byte);
    write_number(file, event->size, sizeof length);
    write_crc(file, length, sizeof length);
    buffer_add(file->out, event->bytes, event->size);
    write_crc(file, event->bytes, event->size);
}

void event_file_begin(struct event_file *file, struct buffer *out, double seconds)
{
    *file = (struct event_file){.out = out};
    protobuf_add_double(&file->event, EVENT_WALL_TIME, seconds);
    protobuf_add_text(&file->event, EVENT_FILE_VERSION, "brain.Event:2");
    write_record(file);
}

void event_begin(struct event_file *file, double seconds, uint64_t step)
{
    buffer_clear(&file->event);
    buffer_clear(&file->summary);
    protobuf_add_double(&file->event, EVENT_WALL_TIME, seconds);
    protobuf_add_integer(&file->event, EVENT_STEP, step);
}

void event_end(struct event_file *file)
{
    protobuf_add_message(&file->event, EVENT_SUMMARY, &file->summary);
    write_record(file);
}

void event_add_scalar(struct event_file *file, const char *tag, const char *description,
                      float value)
{
    begin_value(file, tag);
    protobuf_add_float(&file->value, VALUE_SIMPLE, value);
    if (description)
        add_metadata(file, EVENT_SCALARS, tag, description, NULL);
    end_value(file);
}

void event_add_image(struct event_file *file, const char *tag, const char *description,
                     const struct event_image *image)
{
    begin_value(file, tag);
    buffer_clear(&file->inner);
    protobuf_add_integer(&file->inner, IMAGE_HEIGHT, image->height);
    protobuf_add_integer(&file->inner, IMAGE_WIDTH, image->width);
    protobuf_add_integer(&file->inner, IMAGE_COLORSPACE, image->color ? 3 : 1);
    protobuf_add_bytes(&file->inner, IMAGE_ENCODED, image->bytes, image->size);
    protobuf_add_message(&file->value, VALUE_IMAGE, &file->inner);
    if (description)
        add_metadata(file, EVENT_IMAGES, tag, description, NULL);
    end_value(file);
}

void event_add_text(struct event_file *file, const char *tag, const struct buffer *markdown)
{
    begin_value(file, tag);
    buffer_clear(&file->inner);
    protobuf_add_integer(&file->inner, TENSOR_TYPE, TYPE_STRING);
    protobuf_add_bytes(&file->inner, TENSOR_SHAPE, NULL, 0);
    protobuf_add_message(&file->inner, TENSOR_STRINGS, markdown);
    protobuf_add_message(&file->value, VALUE_TENSOR, &file->inner);
    add_metadata(file, EVENT_TEXT, tag, NULL, NULL);
    end_value(file);
}

void event_add_hparams(struct event_file *file, const char *tag, const struct buffer *content)
{
    static const unsigned char zero[sizeof(float)] = {0};
    begin_value(file, tag);
    buffer_clear(&file->inner); /* a tensor without meaning, which has to be there */
    protobuf_add_integer(&file->inner, TENSOR_TYPE, TYPE_FLOAT);
    protobuf_add_bytes(&file->inner, TENSOR_SHAPE, NULL, 0);
    protobuf_add_bytes(&file->inner, TENSOR_FLOATS, zero, sizeof zero);
    protobuf_add_message(&file->value, VALUE_TENSOR, &file->inner);
    add_metadata(file, EVENT_HPARAMS, tag, NULL, content);
    end_value(file);
}

void event_file_end(struct event_file *file)
{
    if (file->event.failed)
        file->out->failed = true;
    buffer_free(&file->event);
    buffer_free(&file->summary);
    buffer_free(&file->value);
    buffer_free(&file->metadata);
    buffer_free(&file->inner);
}
