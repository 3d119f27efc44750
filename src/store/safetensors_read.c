// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "fmnist/store/safetensors.h"
#include "store/safetensors_format.h"
#include "store/safetensors_header.h"

struct safetensors {
    char *path;
    unsigned char *payload;
    struct safetensors_header header;
    char hash[SAFETENSORS_HASH_SIZE]; /* empty where the file has none */
};

/* A file while it is being read. */
struct source {
    const char *path;
    int descriptor;
    uint64_t size;        /* of the file */
    unsigned char *start; /* length and header */
    size_t start_size;
    size_t payload;
};

/* Opens the file and checks that it is one. O_NONBLOCK: opening a FIFO must not wait. */
static bool open_source(struct source *source, struct error *err)
{
    struct stat status;
    source->descriptor = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0) {
        error_set_errno(err, errno, "%s: cannot open", source->path);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(err, ERROR_FORMAT, "%s: %s, not a file", source->path,
                  S_ISDIR(status.st_mode) ? "is a directory" : "is a device or pipe");
        return false;
    }
    source->size = (uint64_t)status.st_size;
    return true;
}

/* Reads exactly `size` bytes, which the file had when it was opened. */
static bool read_exactly(const struct source *source, unsigned char *bytes, size_t size,
                         struct error *err)
{
    while (size > 0) {
        ssize_t count = read(source->descriptor, bytes, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            error_set_errno(err, errno, "%s: cannot read", source->path);
        else if (count == 0)
            error_set(err, ERROR_FORMAT, "%s: was cut short while it was read", source->path);
        if (count <= 0)
            return false;
        bytes += count;
        size -= (size_t)count;
    }
    return true;
}

/* Reads the header's length, refusing one that cannot be. */
static bool read_length(struct source *source, struct error *err)
{
    unsigned char bytes[SAFETENSORS_PREFIX];
    uint64_t length = 0;
    if (source->size < sizeof bytes) {
        error_set(err, ERROR_FORMAT, "%s: no safetensors file: it has only %" PRIu64 " bytes",
                  source->path, source->size);
        return false;
    }
    if (!read_exactly(source, bytes, sizeof bytes, err))
        return false;
    for (size_t byte = 0; byte < sizeof bytes; byte++)
        length |= (uint64_t)bytes[byte] << (8 * byte);
    if (length > SAFETENSORS_HEADER_MAX)
        error_set(err, ERROR_FORMAT,
                  "%s: no safetensors file, or a header of %" PRIu64
                  " bytes, where %d are the most",
                  source->path, length, SAFETENSORS_HEADER_MAX);
    else if (length > source->size - sizeof bytes)
        error_set(err, ERROR_FORMAT,
                  "%s: cut short: a header of %" PRIu64 " bytes does not fit in %" PRIu64,
                  source->path, length, source->size);
    else {
        source->start_size = sizeof bytes + (size_t)length;
        source->start = malloc(source->start_size);
        if (source->start)
            memcpy(source->start, bytes, sizeof bytes);
        else
            error_set(err, ERROR_MEMORY, "%s: no memory for its header", source->path);
    }
    return source->start != NULL;
}

/* Reads and parses the header; the payload is what the file has besides. */
static bool read_header(struct source *source, size_t payload_max,
                        struct safetensors_header *header, struct error *err)
{
    if (!read_length(source, err) || !read_exactly(source, source->start + SAFETENSORS_PREFIX,
                                                   source->start_size - SAFETENSORS_PREFIX, err))
        return false;
    uint64_t payload = source->size - source->start_size;
    if (payload > payload_max) {
        error_set(err, ERROR_FORMAT,
                  "%s: %" PRIu64 " bytes of tensors, where at most %zu are expected", source->path,
                  payload, payload_max);
        return false;
    }
    source->payload = (size_t)payload;
    return safetensors_header_parse(header, (const char *)source->start + SAFETENSORS_PREFIX,
                                    source->start_size - SAFETENSORS_PREFIX, source->payload,
                                    source->path, err);
}

static bool read_payload(const struct source *source, struct safetensors *file, struct error *err)
{
    unsigned char more;
    ssize_t count;
    file->payload = malloc(source->payload ? source->payload : 1);
    if (!file->payload) {
        error_set(err, ERROR_MEMORY, "%s: no memory for %zu bytes", source->path, source->payload);
        return false;
    }
    if (!read_exactly(source, file->payload, source->payload, err))
        return false;
    do {
        count = read(source->descriptor, &more, 1);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        error_set_errno(err, errno, "%s: cannot read", source->path);
    else if (count > 0)
        error_set(err, ERROR_FORMAT, "%s: grew while it was read", source->path);
    return count == 0;
}

/* Compares the hash, where the file has one, with what was read. Of a file with such a fact in
 * another place than ours one cannot know what it is the hash of. */
static bool check_hash(const struct source *source, struct safetensors *file, struct error *err)
{
    struct sha256_ctx hash;
    const char *digits = safetensors_header_fact(&file->header, "sha256");
    if (!digits)
        return true;
    bool ours = strlen(digits) == SAFETENSORS_HASH_DIGITS &&
                source->start_size >
                    SAFETENSORS_PREFIX + SAFETENSORS_HASHED_LENGTH + SAFETENSORS_HASH_DIGITS &&
                memcmp(source->start + SAFETENSORS_PREFIX, SAFETENSORS_HASHED,
                       SAFETENSORS_HASHED_LENGTH) == 0;
    if (ours) {
        safetensors_hash_begin(&hash, source->start, source->start_size);
        sha256_update(&hash, source->payload, file->payload);
        safetensors_hash_end(&hash, file->hash);
        if (strcmp(file->hash, digits) == 0)
            return true;
    }
    error_set(err, ERROR_FORMAT,
              "%s: its SHA-256 is not the one it names: damaged, or changed by another program",
              source->path);
    return false;
}

static bool read_source(struct source *source, size_t payload_max, struct safetensors *file,
                        struct error *err)
{
    file->path = strdup(source->path);
    if (!file->path) {
        error_set(err, ERROR_MEMORY, "%s: no memory to read it", source->path);
        return false;
    }
    return open_source(source, err) && read_header(source, payload_max, &file->header, err) &&
           read_payload(source, file, err) && check_hash(source, file, err);
}

struct safetensors *safetensors_open(const char *path, size_t payload_max, struct error *err)
{
    struct source source = {.path = path, .descriptor = -1};
    struct safetensors *file = memory_array(1, sizeof *file, err);
    bool good = file && read_source(&source, payload_max, file, err);
    free(source.start);
    if (source.descriptor >= 0)
        (void)close(source.descriptor);
    if (good)
        return file;
    safetensors_close(file);
    return NULL;
}

void safetensors_close(struct safetensors *file)
{
    if (!file)
        return;
    safetensors_header_free(&file->header);
    free(file->payload);
    free(file->path);
    free(file);
}

size_t safetensors_count(const struct safetensors *file)
{
    return file->header.count;
}

struct safetensors_tensor safetensors_tensor_at(const struct safetensors *file, size_t index)
{
    return file->header.entries[index].tensor;
}

const char *safetensors_fact(const struct safetensors *file, const char *key)
{
    return safetensors_header_fact(&file->header, key);
}

const char *safetensors_hash(const struct safetensors *file)
{
    return file->hash[0] ? file->hash : NULL;
}

static const struct safetensors_entry *find(const struct safetensors *file, const char *name)
{
    for (size_t index = 0; index < file->header.count; index++)
        if (strcmp(file->header.entries[index].tensor.name, name) == 0)
            return &file->header.entries[index];
    return NULL;
}

enum { SHAPE_SIZE = 160 };

/* Writes "6 x 1 x 5 x 5"; "()" for a single number. */
static const char *format_shape(size_t rank, const size_t *sizes, char text[SHAPE_SIZE])
{
    (void)snprintf(text, SHAPE_SIZE, "()");
    for (size_t axis = 0, used = 0; axis < rank && used < SHAPE_SIZE; axis++)
        used += (size_t)snprintf(text + used, SHAPE_SIZE - used, axis == 0 ? "%zu" : " x %zu",
                                 sizes[axis]);
    return text;
}

static bool check_tensor(const struct safetensors *file, const struct safetensors_tensor *tensor,
                         const struct safetensors_tensor *expected, struct error *err)
{
    char found_shape[SHAPE_SIZE], expected_shape[SHAPE_SIZE];
    size_t bytes = expected->rank * sizeof *expected->sizes;
    if (tensor->type != expected->type)
        error_set(err, ERROR_FORMAT, "%s: tensor \"%s\" has the dtype %s, %s expected", file->path,
                  expected->name, safetensors_type_name(tensor->type),
                  safetensors_type_name(expected->type));
    else if (tensor->rank != expected->rank || memcmp(tensor->sizes, expected->sizes, bytes) != 0)
        error_set(err, ERROR_FORMAT, "%s: tensor \"%s\" has the shape %s, %s expected", file->path,
                  expected->name, format_shape(tensor->rank, tensor->sizes, found_shape),
                  format_shape(expected->rank, expected->sizes, expected_shape));
    else
        return true;
    return false;
}

bool safetensors_read_tensor(const struct safetensors *file, const char *name,
                             enum safetensors_type type, size_t rank, const size_t *sizes,
                             void *values, struct error *err)
{
    struct safetensors_tensor expected = {.name = name, .type = type, .rank = rank};
    const struct safetensors_entry *entry = find(file, name);
    if (!entry || rank > SAFETENSORS_RANK_MAX) {
        error_set(err, ERROR_FORMAT, "%s: there is no tensor \"%s\"", file->path, name);
        return false;
    }
    for (size_t axis = 0; axis < rank; axis++)
        expected.sizes[axis] = sizes[axis];
    if (!check_tensor(file, &entry->tensor, &expected, err))
        return false;
    safetensors_convert(type, values, file->payload + entry->start, entry->end - entry->start);
    return true;
}
