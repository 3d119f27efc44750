// SPDX-License-Identifier: MIT
/* PGM (https://netpbm.sourceforge.net/doc/pgm.html): "P5" or "P2", width, height and the greatest
 * value as decimal numbers, then the values: bytes, or two each, the greater first, where they
 * exceed 255 (P5); or decimal numbers (P2). A comment goes from # to the end of its line. */
#include "data/image_format.h"

enum { GREATEST_MAX = 65535 };

/* The content with the place in it. */
struct reader {
    const struct image_source *source;
    size_t at;
};

bool image_source_is_pgm(const struct image_source *source)
{
    return source->size >= 2 && source->bytes[0] == 'P' &&
           (source->bytes[1] == '2' || source->bytes[1] == '5');
}

static bool fail(const struct image_source *source, const char *what, struct error *err)
{
    error_set(err, ERROR_FORMAT, "%s: damaged PGM file: %s", source->name, what);
    return false;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* The byte at the place; 0 at the end, which stands for no part of a number or a space. */
static uint8_t next(const struct reader *reader)
{
    return reader->at < reader->source->size ? reader->source->bytes[reader->at] : 0;
}

static void skip_space(struct reader *reader)
{
    while (is_space(next(reader)) || next(reader) == '#') {
        bool comment = next(reader) == '#';
        while (comment && reader->at < reader->source->size && next(reader) != '\n' &&
               next(reader) != '\r')
            reader->at++;
        if (reader->at < reader->source->size)
            reader->at++;
    }
}

/* Reads a number from 0 to `most` after any space. */
static bool read_number(struct reader *reader, size_t most, size_t *number, struct error *err)
{
    skip_space(reader);
    if (reader->at == reader->source->size)
        return fail(reader->source, "it ends too early", err);
    if (!is_digit(next(reader)))
        return fail(reader->source, "a number is missing", err);
    *number = 0;
    for (; is_digit(next(reader)); reader->at++) {
        *number = *number * 10 + (size_t)(next(reader) - '0');
        if (*number > most)
            return fail(reader->source, "a number is too large", err);
    }
    return true;
}

static uint8_t scale(size_t value, size_t greatest)
{
    return (uint8_t)((value * UINT8_MAX + greatest / 2) / greatest);
}

static bool read_decimal(struct reader *reader, size_t greatest, struct image *image,
                         struct error *err)
{
    for (size_t pixel = 0; pixel < image->height * image->width; pixel++) {
        size_t value;
        if (!read_number(reader, greatest, &value, err))
            return false;
        image->pixels[pixel] = scale(value, greatest);
    }
    skip_space(reader);
    return reader->at == reader->source->size ||
           fail(reader->source, "something follows the image", err);
}

static bool read_binary(struct reader *reader, size_t greatest, struct image *image,
                        struct error *err)
{
    size_t width = greatest > UINT8_MAX ? 2 : 1, pixels = image->height * image->width;
    if (!is_space(next(reader)))
        return fail(reader->source, "no space after the header", err);
    const uint8_t *values = reader->source->bytes + reader->at + 1;
    size_t size = reader->source->size - reader->at - 1;
    if (size < pixels * width)
        return fail(reader->source, "it ends too early", err);
    if (size > pixels * width)
        return fail(reader->source, "something follows the image", err);
    for (size_t pixel = 0; pixel < pixels; pixel++) {
        size_t value = values[pixel * width];
        if (width == 2)
            value = value << 8 | values[pixel * width + 1];
        if (value > greatest)
            return fail(reader->source, "a number is too large", err);
        image->pixels[pixel] = scale(value, greatest);
    }
    return true;
}

bool image_parse_pgm(const struct image_source *source, struct image *image, struct error *err)
{
    struct reader reader = {source, 2};
    size_t width, height, greatest;
    if (!is_space(next(&reader)) && next(&reader) != '#')
        return fail(source, "no space after its first two letters", err);
    if (!read_number(&reader, UINT32_MAX, &width, err) ||
        !read_number(&reader, UINT32_MAX, &height, err) ||
        !read_number(&reader, GREATEST_MAX, &greatest, err))
        return false;
    if (greatest == 0)
        return fail(source, "its greatest value is 0", err);
    if (!image_allocate(source, height, width, image, err))
        return false;
    if (source->bytes[1] == '5' ? read_binary(&reader, greatest, image, err)
                                : read_decimal(&reader, greatest, image, err))
        return true;
    image_free(image);
    return false;
}
