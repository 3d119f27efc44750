// SPDX-License-Identifier: MIT
#include "data/content.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    CONTENT_PIECE = 64 * 1024,     /* bytes of input held at a time */
    CONTENT_RATIO = 1032,          /* deflate never expands its input by more */
    CONTENT_GZIP_WINDOW = 15 + 16, /* inflateInit2(): largest window, gzip wrapper */
};

struct content {
    const char *name;
    int file;              /* -1 where the input is in memory */
    const uint8_t *memory; /* what is left of it, where file is -1 */
    uint64_t size;         /* of the input, bytes */
    uint64_t taken;        /* bytes of the input that passed through `next` */
    uint64_t position;     /* bytes of content given */
    bool gzip;
    bool ended; /* the gzip stream is over and was right */
    z_stream stream;
    struct sha256_ctx hash;
    const uint8_t *next; /* input not yet used: `available` bytes */
    size_t available;
    uint8_t piece[CONTENT_PIECE];
};

static voidpf zlib_allocate(voidpf context, uInt items, uInt size)
{
    (void)context;
    return calloc(items, size);
}

static void zlib_free(voidpf context, voidpf block)
{
    (void)context;
    free(block);
}

/* Reads the next piece of the file into `piece`; *got is 0 at its end. */
static bool read_piece(struct content *content, size_t *got, struct error *err)
{
    ssize_t count;
    do {
        count = read(content->file, content->piece, sizeof content->piece);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        error_set_errno(err, errno, "%s: cannot read", content->name);
        return false;
    }
    *got = (size_t)count;
    content->next = content->piece;
    return true;
}

/* Makes at least one byte of input available where there is one left. */
static bool refill(struct content *content, struct error *err)
{
    if (content->available > 0)
        return true;
    size_t got = 0;
    if (content->file >= 0) {
        if (!read_piece(content, &got, err))
            return false;
    } else {
        uint64_t left = content->size - content->taken;
        got = left < CONTENT_PIECE ? (size_t)left : CONTENT_PIECE;
        content->next = content->memory;
        content->memory += got;
    }
    content->available = got;
    content->taken += got;
    return true;
}

/* Looks at the first bytes and prepares to decompress where they are gzip's. */
static bool detect(struct content *content, struct error *err)
{
    if (!refill(content, err))
        return false;
    if (content->available == 0) {
        error_set(err, ERROR_FORMAT, "%s: the file is empty", content->name);
        return false;
    }
    if (content->available < 2 || content->next[0] != 0x1F || content->next[1] != 0x8B)
        return true;
    content->stream.zalloc = zlib_allocate;
    content->stream.zfree = zlib_free;
    if (inflateInit2(&content->stream, CONTENT_GZIP_WINDOW) != Z_OK) {
        error_set(err, ERROR_MEMORY, "%s: no memory to decompress it", content->name);
        return false;
    }
    content->gzip = true;
    return true;
}

static struct content *content_create(const char *name, struct error *err)
{
    struct content *content = calloc(1, sizeof *content);
    if (!content) {
        error_set(err, ERROR_MEMORY, "%s: no memory to read it", name);
        return NULL;
    }
    content->name = name;
    content->file = -1;
    sha256_init(&content->hash);
    return content;
}

/* Opens the file and checks that it is one. O_NONBLOCK: opening a FIFO must not wait. */
static bool open_file(struct content *content, struct error *err)
{
    const char *path = content->name;
    struct stat status;
    content->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (content->file < 0 || fstat(content->file, &status) != 0) {
        error_set_errno(err, errno, "%s: cannot open", path);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(err, ERROR_FORMAT, "%s: %s, not a file", path,
                  S_ISDIR(status.st_mode) ? "is a directory" : "is a device or pipe");
        return false;
    }
    content->size = (uint64_t)status.st_size;
    return true;
}

struct content *content_open(const char *path, struct error *err)
{
    struct content *content = content_create(path, err);
    if (content && (!open_file(content, err) || !detect(content, err))) {
        content_close(content);
        return NULL;
    }
    return content;
}

struct content *content_over(const void *bytes, size_t size, const char *name, struct error *err)
{
    struct content *content = content_create(name, err);
    if (!content)
        return NULL;
    content->memory = bytes;
    content->size = size;
    if (!detect(content, err)) {
        content_close(content);
        return NULL;
    }
    return content;
}

void content_close(struct content *content)
{
    if (!content)
        return;
    if (content->gzip)
        (void)inflateEnd(&content->stream);
    if (content->file >= 0)
        (void)close(content->file);
    free(content);
}

/* Checks that nothing follows the gzip stream that just ended. */
static bool end_gzip(struct content *content, struct error *err)
{
    if (!refill(content, err))
        return false;
    if (content->available > 0) {
        error_set(err, ERROR_FORMAT, "%s: more bytes follow the end of the gzip stream",
                  content->name);
        return false;
    }
    content->ended = true;
    return true;
}

/* Says what inflate() found wrong. */
static bool fail_gzip(const struct content *content, int status, struct error *err)
{
    const char *reason = content->stream.msg ? content->stream.msg : "invalid data";
    if (status == Z_MEM_ERROR)
        error_set(err, ERROR_MEMORY, "%s: no memory to decompress it", content->name);
    else
        error_set(err, ERROR_FORMAT, "%s: the gzip stream is damaged: %s", content->name, reason);
    return false;
}

/* Decompresses once into at most `size` bytes (below 4 GiB); *got may be 0. */
static bool inflate_some(struct content *content, uint8_t *bytes, size_t size, size_t *got,
                         struct error *err)
{
    z_stream *stream = &content->stream;
    if (!refill(content, err))
        return false;
    if (content->available == 0) {
        error_set(err, ERROR_FORMAT, "%s: the gzip stream is cut short", content->name);
        return false;
    }
    stream->next_in = (z_const Bytef *)content->next;
    stream->avail_in = (uInt)content->available;
    stream->next_out = bytes;
    stream->avail_out = (uInt)size;
    int status = inflate(stream, Z_NO_FLUSH);
    content->next = stream->next_in;
    content->available = stream->avail_in;
    *got = size - stream->avail_out;
    if (status == Z_STREAM_END)
        return end_gzip(content, err);
    return status == Z_OK || status == Z_BUF_ERROR || fail_gzip(content, status, err);
}

static bool copy_some(struct content *content, uint8_t *bytes, size_t size, size_t *got,
                      struct error *err)
{
    if (!refill(content, err))
        return false;
    *got = content->available < size ? content->available : size;
    memcpy(bytes, content->next, *got);
    content->next += *got;
    content->available -= *got;
    content->ended = *got == 0;
    return true;
}

bool content_read(struct content *content, void *bytes, size_t size, size_t *got, struct error *err)
{
    uint8_t *start = bytes;
    *got = 0;
    while (*got < size && !content->ended) {
        size_t left = size - *got < CONTENT_PIECE ? size - *got : CONTENT_PIECE;
        size_t more = 0;
        if (!(content->gzip ? inflate_some : copy_some)(content, start + *got, left, &more, err))
            return false;
        sha256_update(&content->hash, more, start + *got);
        *got += more;
        content->position += more;
    }
    return true;
}

uint64_t content_limit(const struct content *content)
{
    if (!content->gzip)
        return content->size;
    return content->size > UINT64_MAX / CONTENT_RATIO ? UINT64_MAX : content->size * CONTENT_RATIO;
}

uint64_t content_position(const struct content *content)
{
    return content->position;
}

double content_fraction(const struct content *content)
{
    uint64_t used = content->taken - content->available;
    return used < content->size ? (double)used / (double)content->size : 1;
}

void content_sha256(struct content *content, uint8_t digest[IDX_SHA256_SIZE])
{
    sha256_digest(&content->hash, IDX_SHA256_SIZE, digest);
}
