// SPDX-License-Identifier: MIT
#include "store/safetensors_format.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

static const struct {
    const char *name;
    size_t size;
} TYPES[] = {
    [SAFETENSORS_F32] = {"F32", 4}, [SAFETENSORS_F64] = {"F64", 8}, [SAFETENSORS_I32] = {"I32", 4},
    [SAFETENSORS_I64] = {"I64", 8}, [SAFETENSORS_U8] = {"U8", 1},
};

enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES };

const char *safetensors_type_name(enum safetensors_type type)
{
    return (size_t)type < TYPE_COUNT ? TYPES[type].name : NULL;
}

size_t safetensors_type_size(enum safetensors_type type)
{
    return TYPES[type].size;
}

bool safetensors_type_find(const char *name, enum safetensors_type *type)
{
    for (size_t number = 0; number < TYPE_COUNT; number++)
        if (strcmp(TYPES[number].name, name) == 0) {
            *type = (enum safetensors_type)number;
            return true;
        }
    return false;
}

bool safetensors_bytes(enum safetensors_type type, size_t rank, const size_t *sizes, size_t *bytes)
{
    *bytes = TYPES[type].size;
    for (size_t axis = 0; axis < rank; axis++)
        if (!size_multiply(*bytes, sizes[axis], bytes))
            return false;
    return true;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
void safetensors_convert(enum safetensors_type type, void *to, const void *from, size_t bytes)
{
    (void)type;
    if (bytes > 0)
        memcpy(to, from, bytes);
}
#else
void safetensors_convert(enum safetensors_type type, void *to, const void *from, size_t bytes)
{
    size_t size = TYPES[type].size;
    const unsigned char *source = from;
    unsigned char *target = to;
    for (size_t start = 0; start < bytes; start += size)
        for (size_t byte = 0; byte < size; byte++)
            target[start + byte] = source[start + size - 1 - byte];
}
#endif

void safetensors_hash_begin(struct sha256_ctx *hash, const unsigned char *start, size_t size)
{
    static const uint8_t zeros[SAFETENSORS_HASH_DIGITS + 1] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    size_t before = SAFETENSORS_PREFIX + SAFETENSORS_HASHED_LENGTH;
    size_t after = before + SAFETENSORS_HASH_DIGITS;
    assert(size > after);
    sha256_init(hash);
    sha256_update(hash, before, start);
    sha256_update(hash, SAFETENSORS_HASH_DIGITS, zeros);
    sha256_update(hash, size - after, start + after);
}

void safetensors_hash_end(struct sha256_ctx *hash, char digits[SAFETENSORS_HASH_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(hash, sizeof digest, digest);
    for (size_t byte = 0; byte < sizeof digest; byte++) {
        digits[2 * byte] = "0123456789abcdef"[digest[byte] >> 4];
        digits[2 * byte + 1] = "0123456789abcdef"[digest[byte] & 15];
    }
    digits[SAFETENSORS_HASH_DIGITS] = '\0';
}

const char *safetensors_printable(const char *text, char printable[SAFETENSORS_PRINTABLE_SIZE])
{
    size_t length = 0;
    for (; length < SAFETENSORS_PRINTABLE_SIZE - 1 && text[length]; length++)
        printable[length] = text[length] >= ' ' && text[length] <= '~' ? text[length] : '?';
    printable[length] = '\0';
    return printable;
}
