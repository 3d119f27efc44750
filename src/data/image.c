// SPDX-License-Identifier: MIT
#include "fmnist/data/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "data/image_format.h"

enum {
    /* The largest image in P5 with 16 bits, and its header. */
    FILE_SIZE_MAX = 2 * IMAGE_SIDE_MAX * IMAGE_SIDE_MAX + 65536,
    FIRST_SIZE = 65536,
};

/* What was read of a file so far. */
struct content {
    uint8_t *bytes;
    size_t size, capacity;
};

bool image_allocate(const struct image_source *source, size_t height, size_t width,
                    struct image *image, struct error *err)
{
    if (height == 0 || width == 0 || height > IMAGE_SIDE_MAX || width > IMAGE_SIDE_MAX) {
        error_set(err, ERROR_FORMAT, "%s: an image of %zux%zu pixels; 1x1 to %dx%d can be read",
                  source->name, width, height, IMAGE_SIDE_MAX, IMAGE_SIDE_MAX);
        return false;
    }
    *image = (struct image){height, width, memory_array(height * width, 1, err)};
    return image->pixels != NULL;
}

void image_free(struct image *image)
{
    free(image->pixels);
    *image = (struct image){0};
}

bool image_parse(const void *bytes, size_t size, const char *name, uint8_t background,
                 struct image *image, struct error *err)
{
    const struct image_source source = {bytes, size, name, background};
    *image = (struct image){0};
    if (image_source_is_png(&source))
        return image_parse_png(&source, image, err);
    if (image_source_is_pgm(&source))
        return image_parse_pgm(&source, image, err);
    error_set(err, ERROR_FORMAT, "%s: %s", name,
              size == 0 ? "empty file; PNG or PGM expected"
                        : "neither PNG nor PGM; convert it to one of them first");
    return false;
}

/* Makes room for more, twice as much each time. */
static bool grow(struct content *content, struct error *err)
{
    size_t capacity = content->capacity ? 2 * content->capacity : FIRST_SIZE;
    if (capacity > FILE_SIZE_MAX)
        capacity = FILE_SIZE_MAX + 1;
    uint8_t *bytes = realloc(content->bytes, capacity);
    if (!bytes) {
        error_set(err, ERROR_MEMORY, "no memory to read it");
        return false;
    }
    content->bytes = bytes;
    content->capacity = capacity;
    return true;
}

/* Reads to the end, whatever kind of file it is. */
static bool read_all(int descriptor, struct content *content, struct error *err)
{
    for (;;) {
        if (content->size == content->capacity && !grow(content, err))
            return false;
        ssize_t got =
            read(descriptor, content->bytes + content->size, content->capacity - content->size);
        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            error_set_errno(err, errno, "cannot read it");
            return false;
        }
        content->size += (size_t)got;
        if (content->size > FILE_SIZE_MAX) {
            error_set(err, ERROR_FORMAT, "too large; files of up to %d MiB are read",
                      FILE_SIZE_MAX >> 20);
            return false;
        }
    }
}

static bool read_path(const char *path, struct content *content, struct error *err)
{
    bool standard = strcmp(path, "-") == 0;
    int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        error_set_errno(err, errno, "cannot open it");
        return false;
    }
    bool good = read_all(descriptor, content, err);
    if (!standard)
        (void)close(descriptor);
    return good;
}

bool image_read(const char *path, uint8_t background, struct image *image, struct error *err)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct content content = {0};
    bool good = read_path(path, &content, err);
    if (good)
        good = image_parse(content.bytes, content.size, name, background, image, err);
    else
        error_prefix(err, "%s", name);
    free(content.bytes);
    return good;
}

void image_invert(struct image *image)
{
    for (size_t pixel = 0; pixel < image->height * image->width; pixel++)
        image->pixels[pixel] = (uint8_t)(UINT8_MAX - image->pixels[pixel]);
}

/* A sum over pixels. */
struct tally {
    uint64_t sum, count;
};

static void tally_add(struct tally *tally, uint8_t pixel)
{
    tally->sum += pixel;
    tally->count++;
}

/* Mean brightness, 0 to 1. */
static double tally_mean(const struct tally *tally)
{
    return tally->count ? (double)tally->sum / (double)tally->count / UINT8_MAX : 0;
}

/* Whether a place is in the middle half of a side. */
static bool is_middle(size_t place, size_t side)
{
    return 4 * place >= side && 4 * (place + 1) <= 3 * side;
}

double image_contrast(const struct image *image)
{
    struct tally middle = {0}, edge = {0};
    size_t height = image->height, width = image->width;
    size_t shorter = height < width ? height : width;
    size_t rim = (shorter + DATASET_WIDTH - 1) / DATASET_WIDTH;
    for (size_t row = 0; row < height; row++) {
        for (size_t column = 0; column < width; column++) {
            uint8_t pixel = image->pixels[row * width + column];
            if (row < rim || column < rim || row + rim >= height || column + rim >= width)
                tally_add(&edge, pixel);
            else if (is_middle(row, height) && is_middle(column, width))
                tally_add(&middle, pixel);
        }
    }
    return middle.count ? tally_mean(&middle) - tally_mean(&edge) : 0;
}

bool image_is_blank(const struct image *image)
{
    for (size_t pixel = 1; pixel < image->height * image->width; pixel++)
        if (image->pixels[pixel] != image->pixels[0])
            return false;
    return true;
}
