// SPDX-License-Identifier: MIT
#include "store/safetensors_header.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/safetensors_format.h"

static const char METADATA[] = "__metadata__";

/* One parsing: what is called how in messages. */
struct parsing {
    const char *path;
    struct error *err;
};

static bool fail(const struct parsing *parsing, const char *reason)
{
    error_set(parsing->err, ERROR_FORMAT, "%s: %s", parsing->path, reason);
    return false;
}

static bool fail_tensor(const struct parsing *parsing, const char *name, const char *reason)
{
    char printable[SAFETENSORS_PRINTABLE_SIZE];
    error_set(parsing->err, ERROR_FORMAT, "%s: tensor \"%s\": %s", parsing->path,
              safetensors_printable(name, printable), reason);
    return false;
}

static bool load(const struct parsing *parsing, const char *text, size_t size, json_t **root)
{
    json_error_t where;
    char printable[SAFETENSORS_PRINTABLE_SIZE];
    *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    if (*root)
        return json_is_object(*root) || fail(parsing, "the header is no JSON object");
    /* Without memory jansson mostly gives up without a word. */
    if (where.text[0] == '\0' || json_error_code(&where) == json_error_out_of_memory)
        error_set(parsing->err, ERROR_MEMORY, "%s: no memory for its header", parsing->path);
    else
        error_set(parsing->err, ERROR_FORMAT, "%s: the header is not valid at byte %d: %s",
                  parsing->path, where.position, safetensors_printable(where.text, printable));
    return false;
}

static bool check_facts(const struct parsing *parsing, json_t *facts)
{
    const char *key;
    json_t *value;
    if (!json_is_object(facts))
        return fail(parsing, "__metadata__ is no JSON object");
    json_object_foreach(facts, key, value)
    {
        char printable[SAFETENSORS_PRINTABLE_SIZE];
        if (json_is_string(value))
            continue;
        error_set(parsing->err, ERROR_FORMAT, "%s: the fact \"%s\" in __metadata__ is no text",
                  parsing->path, safetensors_printable(key, printable));
        return false;
    }
    return true;
}

/* Reads an integer from 0 to SIZE_MAX. */
static bool get_size(const json_t *value, size_t *size)
{
    json_int_t integer = json_integer_value(value);
    if (!json_is_integer(value) || integer < 0 || (uintmax_t)integer > SIZE_MAX)
        return false;
    *size = (size_t)integer;
    return true;
}

static bool get_type(const struct parsing *parsing, const char *name, const json_t *value,
                     enum safetensors_type *type)
{
    char printable[SAFETENSORS_PRINTABLE_SIZE];
    if (!json_is_string(value))
        return fail_tensor(parsing, name, "its dtype is missing, or no text");
    if (safetensors_type_find(json_string_value(value), type))
        return true;
    char reason[SAFETENSORS_PRINTABLE_SIZE + 64];
    (void)snprintf(reason, sizeof reason,
                   "its dtype is %s, which is not read here; convert it to F32",
                   safetensors_printable(json_string_value(value), printable));
    return fail_tensor(parsing, name, reason);
}

static bool get_shape(const struct parsing *parsing, const char *name, const json_t *value,
                      struct safetensors_tensor *tensor)
{
    tensor->rank = json_array_size(value);
    if (!json_is_array(value))
        return fail_tensor(parsing, name, "its shape is missing, or no array");
    if (tensor->rank > SAFETENSORS_RANK_MAX)
        return fail_tensor(parsing, name, "its shape has more than 8 sizes");
    for (size_t axis = 0; axis < tensor->rank; axis++)
        if (!get_size(json_array_get(value, axis), &tensor->sizes[axis]))
            return fail_tensor(parsing, name, "its shape holds something that is no size");
    return true;
}

static bool get_offsets(const struct parsing *parsing, const char *name, const json_t *value,
                        struct safetensors_entry *entry)
{
    size_t bytes;
    const struct safetensors_tensor *tensor = &entry->tensor;
    if (json_array_size(value) != 2 || !get_size(json_array_get(value, 0), &entry->start) ||
        !get_size(json_array_get(value, 1), &entry->end))
        return fail_tensor(parsing, name, "its data_offsets are missing, or not two sizes");
    if (entry->end < entry->start)
        return fail_tensor(parsing, name, "its data_offsets run backwards");
    if (!safetensors_bytes(tensor->type, tensor->rank, tensor->sizes, &bytes))
        return fail_tensor(parsing, name, "its shape is too large");
    if (bytes != entry->end - entry->start)
        return fail_tensor(parsing, name, "its data_offsets do not fit its shape and dtype");
    return true;
}

static bool parse_tensor(const struct parsing *parsing, const char *name, const json_t *value,
                         struct safetensors_entry *entry)
{
    entry->tensor.name = name;
    if (!json_is_object(value))
        return fail_tensor(parsing, name, "is described by no JSON object");
    if (!get_type(parsing, name, json_object_get(value, "dtype"), &entry->tensor.type) ||
        !get_shape(parsing, name, json_object_get(value, "shape"), &entry->tensor) ||
        !get_offsets(parsing, name, json_object_get(value, "data_offsets"), entry))
        return false;
    return json_object_size(value) == 3 ||
           fail_tensor(parsing, name, "has more than dtype, shape and data_offsets");
}

static int compare_entries(const void *a, const void *b)
{
    const struct safetensors_entry *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return (left->end > right->end) - (left->end < right->end);
}

/* Sorts the tensors and checks that they cover the payload, each byte once. */
static bool check_cover(const struct parsing *parsing, struct safetensors_header *header,
                        size_t payload)
{
    size_t end = 0;
    qsort(header->entries, header->count, sizeof *header->entries, compare_entries);
    for (size_t index = 0; index < header->count; index++) {
        const struct safetensors_entry *entry = &header->entries[index];
        if (entry->end > payload)
            return fail_tensor(parsing, entry->tensor.name,
                               "its bytes go past the end of the file");
        if (entry->start != end)
            return fail_tensor(parsing, entry->tensor.name,
                               entry->start < end ? "its bytes overlap those of another"
                                                  : "there is a hole before its bytes");
        end = entry->end;
    }
    if (end == payload)
        return true;
    error_set(parsing->err, ERROR_FORMAT, "%s: %zu bytes follow the last tensor", parsing->path,
              payload - end);
    return false;
}

static bool parse_entries(const struct parsing *parsing, struct safetensors_header *header)
{
    const char *name;
    json_t *value;
    json_object_foreach(header->root, name, value)
    {
        bool good = strcmp(name, METADATA) == 0
                        ? check_facts(parsing, value)
                        : parse_tensor(parsing, name, value, &header->entries[header->count++]);
        if (!good)
            return false;
    }
    return true;
}

bool safetensors_header_parse(struct safetensors_header *header, const char *text, size_t size,
                              size_t payload, const char *path, struct error *err)
{
    const struct parsing parsing = {.path = path, .err = err};
    *header = (struct safetensors_header){0};
    bool good = load(&parsing, text, size, &header->root);
    if (good) {
        header->entries =
            memory_array(json_object_size(header->root), sizeof *header->entries, err);
        if (!header->entries)
            error_prefix(err, "%s", path);
        good = header->entries && parse_entries(&parsing, header) &&
               check_cover(&parsing, header, payload);
    }
    if (!good)
        safetensors_header_free(header);
    return good;
}

void safetensors_header_free(struct safetensors_header *header)
{
    free(header->entries);
    json_decref(header->root);
    *header = (struct safetensors_header){0};
}

const char *safetensors_header_fact(const struct safetensors_header *header, const char *key)
{
    return json_string_value(json_object_get(json_object_get(header->root, METADATA), key));
}
