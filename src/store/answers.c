// SPDX-License-Identifier: MIT
#include "store/answers.h"

#include <stdlib.h>

#include <zlib.h>

#include "base/memory.h"
#include "store/bytes.h"

enum {
    FLOAT_BYTES = 4,
    IMAGE_BYTES = 4 + 2 + 2 + 1 + 1 + DATASET_CLASSES * FLOAT_BYTES,
    MEMORY_LEVEL = 8,    /* zlib's default, which compressBound() is for */
    COUNT_MAX = 1 << 24, /* images; far more than any data set has */
};

/* Writes the bytes of floats as planes: those of the exponents are much alike. */
static void put_planes(unsigned char **at, const float *numbers, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        uint32_t bits;
        memcpy(&bits, &numbers[index], sizeof bits);
        for (size_t plane = 0; plane < FLOAT_BYTES; plane++)
            (*at)[plane * count + index] = (unsigned char)(bits >> 8 * plane & 0xff);
    }
    *at += FLOAT_BYTES * count;
}

static void get_planes(const unsigned char **at, float *numbers, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        uint32_t bits = 0;
        for (size_t plane = 0; plane < FLOAT_BYTES; plane++)
            bits |= (uint32_t)(*at)[plane * count + index] << 8 * plane;
        memcpy(&numbers[index], &bits, sizeof bits);
    }
    *at += FLOAT_BYTES * count;
}

static void put_answers(unsigned char *at, const struct evaluation *evaluation)
{
    size_t count = evaluation->count;
    for (size_t place = 0; place < count; place++)
        put_u32(&at, evaluation->images[place]);
    for (size_t place = 0; place < count; place++)
        put_u16(&at, evaluation->wrong_since[place]);
    for (size_t place = 0; place < count; place++)
        put_u16(&at, evaluation->forgotten[place]);
    memcpy(at, evaluation->labels, count);
    memcpy(at + count, evaluation->predicted, count);
    at += 2 * count;
    put_planes(&at, evaluation->probabilities, count * DATASET_CLASSES);
}

/* Compresses what is alike in neighbours only: most bytes are as good as random, and to look for
 * more would take five times as long. */
static bool deflate_bytes(const unsigned char *plain, size_t size, unsigned char *packed,
                          size_t *packed_size)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS, MEMORY_LEVEL, Z_RLE) != Z_OK)
        return false;
    stream.next_in = (unsigned char *)(uintptr_t)plain; /* which is only read */
    stream.avail_in = (uInt)size;
    stream.next_out = packed;
    stream.avail_out = (uInt)*packed_size;
    int result = deflate(&stream, Z_FINISH);
    *packed_size = stream.total_out;
    (void)deflateEnd(&stream);
    return result == Z_STREAM_END;
}

/* Compresses to new memory. */
static void *compress_bytes(const unsigned char *plain, size_t size, size_t *packed_size,
                            struct error *err)
{
    *packed_size = compressBound((uLong)size);
    unsigned char *packed = memory_array(*packed_size, 1, err);
    if (!packed)
        return NULL;
    if (deflate_bytes(plain, size, packed, packed_size))
        return packed;
    error_set(err, ERROR_MEMORY, "no memory to compress answers");
    free(packed);
    return NULL;
}

void *answers_pack(const struct evaluation *evaluation, size_t *size, struct error *err)
{
    unsigned char *plain = memory_array(evaluation->count, IMAGE_BYTES, err);
    if (!plain)
        return NULL;
    put_answers(plain, evaluation);
    void *packed = compress_bytes(plain, evaluation->count * IMAGE_BYTES, size, err);
    free(plain);
    return packed;
}

/* Arrays for what was packed. */
struct answers {
    uint32_t *images;
    uint16_t *wrong_since, *forgotten;
    float *probabilities;
};

static bool answers_allocate(struct answers *answers, size_t count, struct error *err)
{
    answers->images = memory_array(count, sizeof *answers->images, err);
    answers->wrong_since = memory_array(count, sizeof *answers->wrong_since, err);
    answers->forgotten = memory_array(count, sizeof *answers->forgotten, err);
    answers->probabilities =
        memory_array(count, DATASET_CLASSES * sizeof *answers->probabilities, err);
    return answers->images && answers->wrong_since && answers->forgotten && answers->probabilities;
}

static void answers_free(struct answers *answers)
{
    free(answers->images);
    free(answers->wrong_since);
    free(answers->forgotten);
    free(answers->probabilities);
}

/* Makes an evaluation of them. */
static const struct evaluation *answers_take(struct answers *answers, struct evaluation kept,
                                             const unsigned char *at, struct error *err)
{
    size_t count = kept.count;
    for (size_t place = 0; place < count; place++)
        answers->images[place] = get_u32(&at);
    for (size_t place = 0; place < count; place++)
        answers->wrong_since[place] = get_u16(&at);
    for (size_t place = 0; place < count; place++)
        answers->forgotten[place] = get_u16(&at);
    kept.images = answers->images;
    kept.wrong_since = answers->wrong_since;
    kept.forgotten = answers->forgotten;
    kept.labels = at;
    kept.predicted = at + count;
    at += 2 * count;
    get_planes(&at, answers->probabilities, count * DATASET_CLASSES);
    kept.probabilities = answers->probabilities;
    return evaluation_restore(&kept, err);
}

/* Undoes the compression; exactly `size` bytes must come out. */
static unsigned char *expand_bytes(const void *packed, size_t packed_size, size_t size,
                                   struct error *err)
{
    uLongf length = (uLongf)size;
    unsigned char *plain = memory_array(size, 1, err);
    if (!plain)
        return NULL;
    int result = uncompress(plain, &length, packed, (uLong)packed_size);
    if (result == Z_OK && length == size)
        return plain;
    if (result == Z_MEM_ERROR)
        error_set(err, ERROR_MEMORY, "no memory to expand answers");
    else
        error_set(err, ERROR_FORMAT, "the answers of an evaluation are damaged");
    free(plain);
    return NULL;
}

const struct evaluation *answers_unpack(const struct evaluation *kept, const void *bytes,
                                        size_t size, struct error *err)
{
    struct answers answers = {0};
    const struct evaluation *evaluation = NULL;
    if (kept->count == 0 || kept->count > COUNT_MAX) {
        error_set(err, ERROR_FORMAT, "an evaluation of %zu images", kept->count);
        return NULL;
    }
    unsigned char *plain = expand_bytes(bytes, size, kept->count * IMAGE_BYTES, err);
    if (plain && answers_allocate(&answers, kept->count, err))
        evaluation = answers_take(&answers, *kept, plain, err);
    answers_free(&answers);
    free(plain);
    return evaluation;
}
