// SPDX-License-Identifier: MIT
#include "fmnist/data/idx.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/content.h"

enum {
    IDX_MAGIC_SIZE = 4,
    IDX_TYPE_BYTE = 8,
    IDX_STEP = 1024 * 1024, /* bytes between two reports of progress */
};

/* One reading: where from, what it is called, whom to tell. */
struct reading {
    struct content *content;
    const char *name;
    idx_progress progress;
    void *context;
};

static bool fail_short(const struct reading *reading, uint64_t expected, struct error *err)
{
    error_set(err, ERROR_FORMAT,
              "%s: cut short: %" PRIu64 " bytes expected, content ends after %" PRIu64,
              reading->name, expected, content_position(reading->content));
    return false;
}

/* Reads exactly `size` bytes of the header. */
static bool read_header(struct reading *reading, uint8_t *bytes, size_t size, struct error *err)
{
    size_t got;
    uint64_t expected = content_position(reading->content) + size;
    if (!content_read(reading->content, bytes, size, &got, err))
        return false;
    return got == size || fail_short(reading, expected, err);
}

static bool read_magic(struct reading *reading, size_t rank, struct error *err)
{
    uint8_t magic[IDX_MAGIC_SIZE];
    if (!read_header(reading, magic, sizeof magic, err))
        return false;
    if (magic[0] != 0 || magic[1] != 0 || magic[2] != IDX_TYPE_BYTE) {
        error_set(err, ERROR_FORMAT, "%s: not an IDX file of bytes: it begins with %02x %02x %02x",
                  reading->name, magic[0], magic[1], magic[2]);
        return false;
    }
    if (magic[3] != rank) {
        error_set(err, ERROR_FORMAT, "%s: the array has rank %u, rank %zu expected", reading->name,
                  magic[3], rank);
        return false;
    }
    return true;
}

/* Reads the sizes; *payload becomes their product. */
static bool read_sizes(struct reading *reading, struct idx *idx, size_t *payload, struct error *err)
{
    *payload = 1;
    for (size_t axis = 0; axis < idx->rank; axis++) {
        uint8_t digits[4];
        if (!read_header(reading, digits, sizeof digits, err))
            return false;
        uint32_t size = (uint32_t)digits[0] << 24 | (uint32_t)digits[1] << 16 |
                        (uint32_t)digits[2] << 8 | digits[3];
        idx->sizes[axis] = size;
        if (size == 0 || !size_multiply(*payload, size, payload)) {
            error_set(err, ERROR_FORMAT, "%s: %s", reading->name,
                      size == 0 ? "the array has no items" : "the array is too large");
            return false;
        }
    }
    if (idx->sizes[0] > IDX_COUNT_MAX) {
        error_set(err, ERROR_FORMAT, "%s: %zu items; more than %d are not supported", reading->name,
                  idx->sizes[0], IDX_COUNT_MAX);
        return false;
    }
    return true;
}

/* Refuses, before memory is asked for, a header that promises more than the file can hold. */
static bool check_limit(const struct reading *reading, size_t payload, struct error *err)
{
    uint64_t limit = content_limit(reading->content);
    uint64_t expected = content_position(reading->content) + payload;
    if (expected <= limit)
        return true;
    error_set(err, ERROR_FORMAT,
              "%s: cut short: %" PRIu64 " bytes expected, the file holds at most %" PRIu64,
              reading->name, expected, limit);
    return false;
}

static bool read_payload(struct reading *reading, uint8_t *bytes, size_t payload, struct error *err)
{
    uint64_t expected = content_position(reading->content) + payload;
    for (size_t done = 0; done < payload;) {
        size_t got, step = payload - done < IDX_STEP ? payload - done : IDX_STEP;
        if (!content_read(reading->content, bytes + done, step, &got, err))
            return false;
        if (got < step)
            return fail_short(reading, expected, err);
        done += got;
        if (reading->progress)
            reading->progress(reading->context, content_fraction(reading->content));
    }
    return true;
}

/* Reads past the payload: the content must end here, and with gzip its checksum is due. */
static bool read_end(struct reading *reading, struct error *err)
{
    uint8_t byte;
    size_t got;
    uint64_t expected = content_position(reading->content);
    if (!content_read(reading->content, &byte, 1, &got, err))
        return false;
    if (got == 0)
        return true;
    error_set(err, ERROR_FORMAT, "%s: too long: its header says %" PRIu64 " bytes, more follow",
              reading->name, expected);
    return false;
}

static bool read_array(struct reading *reading, size_t rank, struct idx *idx, struct error *err)
{
    size_t payload;
    idx->rank = rank;
    if (!read_magic(reading, rank, err) || !read_sizes(reading, idx, &payload, err) ||
        !check_limit(reading, payload, err))
        return false;
    idx->bytes = malloc(payload);
    if (!idx->bytes) {
        error_set(err, ERROR_MEMORY, "%s: no memory for %zu bytes", reading->name, payload);
        return false;
    }
    if (!read_payload(reading, idx->bytes, payload, err) || !read_end(reading, err))
        return false;
    content_sha256(reading->content, idx->sha256);
    return true;
}

/* Reads and closes the content; leaves `idx` empty on failure. */
static bool read_and_close(struct reading *reading, size_t rank, struct idx *idx, struct error *err)
{
    *idx = (struct idx){0};
    if (!reading->content)
        return false;
    assert(rank >= 1 && rank <= IDX_RANK_MAX);
    bool good = read_array(reading, rank, idx, err);
    content_close(reading->content);
    if (!good)
        idx_free(idx);
    return good;
}

bool idx_read(const char *path, size_t rank, idx_progress progress, void *context, struct idx *idx,
              struct error *err)
{
    struct reading reading = {
        .content = content_open(path, err), .name = path, .progress = progress, .context = context};
    return read_and_close(&reading, rank, idx, err);
}

bool idx_parse(const void *bytes, size_t size, const char *name, size_t rank, struct idx *idx,
               struct error *err)
{
    struct reading reading = {.content = content_over(bytes, size, name, err), .name = name};
    return read_and_close(&reading, rank, idx, err);
}

void idx_free(struct idx *idx)
{
    free(idx->bytes);
    *idx = (struct idx){0};
}
