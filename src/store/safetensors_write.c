// SPDX-License-Identifier: MIT
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/memory.h"
#include "fmnist/store/safetensors.h"
#include "store/atomic_file.h"
#include "store/safetensors_format.h"

enum { PIECE = 64 * 1024 }; /* bytes converted at a time: a multiple of every element */

struct piece {
    const void *values;
    enum safetensors_type type;
    size_t bytes;
};

struct safetensors_draft {
    struct piece *pieces; /* in the payload's order */
    size_t count;
    unsigned char *start; /* the header with its length before it, `size` bytes */
    size_t size;
    char hash[SAFETENSORS_HASH_SIZE];
};

/* Wide elements come first, so that all are aligned, then by name: the order of Python's package.
 */
static int compare_tensors(const void *a, const void *b)
{
    const struct safetensors_tensor *left = a, *right = b;
    if (left->type != right->type)
        return left->type > right->type ? -1 : 1;
    return strcmp(left->name, right->name);
}

static bool fail(const char *what, const char *name, const char *reason, struct error *err)
{
    char printable[SAFETENSORS_PRINTABLE_SIZE];
    error_set(err, ERROR_FORMAT, "%s \"%s\" %s", what, safetensors_printable(name, printable),
              reason);
    return false;
}

/* Adds a new value, which it takes over, to an object. */
static bool add(json_t *object, const char *what, const char *name, json_t *value,
                struct error *err)
{
    if (value && json_object_get(object, name)) {
        json_decref(value);
        return fail(what, name, "comes twice, or has a name that is taken", err);
    }
    if (json_object_set_new(object, name, value) == 0)
        return true;
    (void)fail(what, name, "cannot be described: no memory, or text that is not UTF-8", err);
    if (err)
        err->code = ERROR_MEMORY;
    return false;
}

/* The facts, the first of them a hash whose digits are to come. */
static bool add_facts(json_t *root, const struct safetensors_fact *facts, size_t count,
                      struct error *err)
{
    char digits[SAFETENSORS_HASH_SIZE] = {0};
    memset(digits, '0', SAFETENSORS_HASH_DIGITS);
    json_t *object = json_object();
    if (!add(root, "fact", "__metadata__", object, err) ||
        !add(object, "fact", "sha256", json_string(digits), err))
        return false;
    for (size_t fact = 0; fact < count; fact++)
        if (!add(object, "fact", facts[fact].key, json_string(facts[fact].value), err))
            return false;
    return true;
}

/* Appends a size to an array; false without memory. */
static bool append(json_t *array, size_t size)
{
    return json_array_append_new(array, json_integer((json_int_t)size)) == 0;
}

/* The JSON of a tensor, or NULL without memory. */
static json_t *describe_tensor(const struct safetensors_tensor *tensor, size_t start, size_t end)
{
    json_t *object = json_object(), *shape = json_array(), *offsets = json_array();
    bool good = append(offsets, start) && append(offsets, end);
    for (size_t axis = 0; axis < tensor->rank; axis++)
        good = good && append(shape, tensor->sizes[axis]);
    json_t *type = json_string(safetensors_type_name(tensor->type));
    good = json_object_set_new(object, "dtype", type) == 0 && good;
    good = json_object_set_new(object, "shape", shape) == 0 && good;
    good = json_object_set_new(object, "data_offsets", offsets) == 0 && good;
    if (good)
        return object;
    json_decref(object);
    return NULL;
}

/* Adds a tensor whose payload begins at *offset, and moves that to its end. */
static bool add_tensor(json_t *root, const struct safetensors_tensor *tensor, size_t *offset,
                       struct piece *piece, struct error *err)
{
    assert(tensor->rank <= SAFETENSORS_RANK_MAX && safetensors_type_name(tensor->type));
    size_t start = *offset;
    *piece = (struct piece){.values = tensor->values, .type = tensor->type};
    if (!safetensors_bytes(tensor->type, tensor->rank, tensor->sizes, &piece->bytes) ||
        !size_add(start, piece->bytes, offset) || *offset > INT64_MAX)
        return fail("tensor", tensor->name, "is too large", err);
    json_t *object = describe_tensor(tensor, start, *offset);
    return add(root, "tensor", tensor->name, object, err);
}

/* Turns the description into the file's first bytes: length, text, spaces. Not with json_dumps(),
 * which may leave something out where memory ends. */
static bool set_start(struct safetensors_draft *draft, const json_t *root, struct error *err)
{
    size_t length = json_dumpb(root, NULL, 0, JSON_COMPACT);
    size_t padded = (length + SAFETENSORS_PREFIX - 1) / SAFETENSORS_PREFIX * SAFETENSORS_PREFIX;
    if (padded > SAFETENSORS_HEADER_MAX) {
        error_set(err, ERROR_FORMAT, "the header of a safetensors file would take %zu bytes",
                  padded);
        return false;
    }
    draft->size = SAFETENSORS_PREFIX + padded;
    draft->start = length > 0 ? malloc(draft->size) : NULL;
    if (!draft->start) {
        error_set(err, ERROR_MEMORY, "no memory for the header of a safetensors file");
        return false;
    }
    for (size_t byte = 0; byte < SAFETENSORS_PREFIX; byte++)
        draft->start[byte] = (unsigned char)((uint64_t)padded >> (8 * byte));
    memset(draft->start + SAFETENSORS_PREFIX, ' ', padded);
    char *text = (char *)draft->start + SAFETENSORS_PREFIX;
    if (json_dumpb(root, text, padded, JSON_COMPACT) == length)
        return true;
    error_set(err, ERROR_MEMORY, "no memory for the header of a safetensors file");
    return false;
}

static bool describe(struct safetensors_draft *draft, const struct safetensors_tensor *tensors,
                     const struct safetensors_fact *facts, size_t fact_count, struct error *err)
{
    size_t offset = 0;
    json_t *root = json_object();
    bool good = add_facts(root, facts, fact_count, err);
    for (size_t tensor = 0; good && tensor < draft->count; tensor++)
        good = add_tensor(root, &tensors[tensor], &offset, &draft->pieces[tensor], err);
    good = good && set_start(draft, root, err);
    json_decref(root);
    return good;
}

/* Gives the payload, as it is in the file, to `take`, piece by piece, until that says no. */
static bool pass_payload(const struct safetensors_draft *draft,
                         bool (*take)(void *context, const void *bytes, size_t size,
                                      struct error *err),
                         void *context, struct error *err)
{
    unsigned char *buffer = memory_array(PIECE, 1, err);
    bool good = buffer != NULL;
    for (size_t number = 0; good && number < draft->count; number++) {
        const struct piece *piece = &draft->pieces[number];
        const unsigned char *values = piece->values;
        for (size_t done = 0; good && done < piece->bytes;) {
            size_t size = piece->bytes - done < PIECE ? piece->bytes - done : PIECE;
            safetensors_convert(piece->type, buffer, values + done, size);
            good = take(context, buffer, size, err);
            done += size;
        }
    }
    free(buffer);
    return good;
}

static bool take_hash(void *context, const void *bytes, size_t size, struct error *err)
{
    (void)err;
    sha256_update(context, size, bytes);
    return true;
}

static bool take_write(void *context, const void *bytes, size_t size, struct error *err)
{
    return atomic_file_write(context, bytes, size, err);
}

/* Puts the file's hash in its place in the header. */
static bool set_hash(struct safetensors_draft *draft, struct error *err)
{
    struct sha256_ctx hash;
    safetensors_hash_begin(&hash, draft->start, draft->size);
    if (!pass_payload(draft, take_hash, &hash, err))
        return false;
    safetensors_hash_end(&hash, draft->hash);
    memcpy(draft->start + SAFETENSORS_PREFIX + SAFETENSORS_HASHED_LENGTH, draft->hash,
           SAFETENSORS_HASH_DIGITS);
    return true;
}

struct safetensors_draft *safetensors_prepare(const struct safetensors_tensor *tensors,
                                              size_t tensor_count,
                                              const struct safetensors_fact *facts,
                                              size_t fact_count, struct error *err)
{
    struct safetensors_draft *draft = memory_array(1, sizeof *draft, err);
    struct safetensors_tensor *sorted =
        draft ? memory_array(tensor_count, sizeof *sorted, err) : NULL;
    struct piece *pieces = sorted ? memory_array(tensor_count, sizeof *pieces, err) : NULL;
    bool good = pieces != NULL;
    if (good) {
        draft->pieces = pieces;
        draft->count = tensor_count;
        if (tensor_count > 0)
            memcpy(sorted, tensors, tensor_count * sizeof *sorted);
        qsort(sorted, tensor_count, sizeof *sorted, compare_tensors);
        good = describe(draft, sorted, facts, fact_count, err) && set_hash(draft, err);
    }
    free(sorted);
    if (good)
        return draft;
    safetensors_draft_destroy(draft);
    return NULL;
}

const char *safetensors_draft_hash(const struct safetensors_draft *draft)
{
    return draft->hash;
}

bool safetensors_write(const struct safetensors_draft *draft, const char *path, struct error *err)
{
    struct atomic_file *file = atomic_file_create(path, err);
    if (!file)
        return false;
    if (atomic_file_write(file, draft->start, draft->size, err) &&
        pass_payload(draft, take_write, file, err))
        return atomic_file_commit(file, err);
    atomic_file_discard(file);
    return false;
}

void safetensors_draft_destroy(struct safetensors_draft *draft)
{
    if (!draft)
        return;
    free(draft->start);
    free(draft->pieces);
    free(draft);
}
