// SPDX-License-Identifier: MIT
#include "data/classes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "data/content.h"

enum { CLASSES_FILE_SIZE = 4096 }; /* bytes at most */

void classes_set_fashion(struct classes *classes)
{
    *classes = (struct classes){
        .names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                  "Sneaker", "Bag", "Ankle boot"},
        .short_names = {"Ts", "Tr", "Pu", "Dr", "Co", "Sa", "Sh", "Sn", "Ba", "An"},
    };
}

void classes_set_digits(struct classes *classes)
{
    *classes = (struct classes){0};
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        classes->names[label][0] = (char)('0' + label);
        classes->short_names[label][0] = (char)('0' + label);
    }
}

/* What is wrong with a name of `length` bytes, after which there is a zero; NULL for nothing. */
static const char *wrong_with(const char *name, size_t length)
{
    if (length == 0)
        return "is empty";
    if (length >= DATASET_CLASS_NAME_SIZE)
        return "is too long; 31 bytes fit";
    const char *end = name + length;
    while (name < end) {
        size_t step = utf8_length(name);
        if (step == 0)
            return "is not UTF-8";
        if (utf8_is_control(name))
            return *name ? "holds a control character" : "holds a zero byte";
        name += step;
    }
    return NULL;
}

static bool short_name_free(const struct classes *classes, size_t label, const char *name)
{
    for (size_t other = 0; other < label; other++)
        if (strcmp(classes->short_names[other], name) == 0)
            return false;
    return true;
}

/* A short name for one class: its first character and the first later one with which that is free;
 * else a number, of which there are as many as classes. */
static void shorten(struct classes *classes, size_t label)
{
    const char *name = classes->names[label];
    char *chosen = classes->short_names[label];
    bool ascii = (unsigned char)name[0] < 0x80;
    chosen[0] = name[0];
    for (const char *second = name + 1; ascii; second++) {
        chosen[1] = *second;
        ascii = (unsigned char)*second < 0x80 && (*second || second == name + 1);
        if (ascii && *second != ' ' && short_name_free(classes, label, chosen))
            return;
    }
    chosen[0] = '#';
    chosen[1] = '0';
    while (!short_name_free(classes, label, chosen))
        chosen[1]++;
}

/* Fashion-MNIST's own short names for its own names. */
static void shorten_all(struct classes *classes)
{
    struct classes fashion;
    classes_set_fashion(&fashion);
    if (memcmp(classes->names, fashion.names, sizeof fashion.names) == 0)
        memcpy(classes->short_names, fashion.short_names, sizeof fashion.short_names);
    else
        for (size_t label = 0; label < DATASET_CLASSES; label++)
            shorten(classes, label);
}

/* Takes the lines of `text`, which has `size` bytes and a zero after them, as names. */
static bool take_lines(struct classes *classes, char *text, size_t size, const char *path,
                       struct error *err)
{
    size_t label = 0;
    for (char *line = text, *next; line < text + size; line = next) {
        char *end = memchr(line, '\n', (size_t)(text + size - line));
        end = end ? end : text + size;
        next = end + 1;
        if (end > line && end[-1] == '\r')
            end--;
        *end = '\0';
        const char *wrong = label < DATASET_CLASSES
                                ? wrong_with(line, (size_t)(end - line))
                                : "is one too many; one name for each of 10 classes expected";
        if (wrong) {
            error_set(err, ERROR_FORMAT, "%s: line %zu %s", path, label + 1, wrong);
            return false;
        }
        memcpy(classes->names[label++], line, (size_t)(end - line));
    }
    if (label == DATASET_CLASSES)
        return true;
    error_set(err, ERROR_FORMAT, "%s: %zu lines; one name for each of 10 classes expected", path,
              label);
    return false;
}

static bool read_names(struct classes *classes, struct content *content, const char *path,
                       struct error *err)
{
    char text[CLASSES_FILE_SIZE + 1];
    size_t size;
    if (!content_read(content, text, sizeof text, &size, err))
        return false;
    if (size == sizeof text) {
        error_set(err, ERROR_FORMAT, "%s: too long; ten short lines expected", path);
        return false;
    }
    text[size] = '\0';
    if (!take_lines(classes, text, size, path, err))
        return false;
    shorten_all(classes);
    return true;
}

bool classes_read(struct classes *classes, const char *path, bool *found, struct error *err)
{
    *found = access(path, F_OK) == 0 || errno != ENOENT;
    if (!*found)
        return true;
    struct content *content = content_open(path, err);
    if (!content)
        return false;
    *classes = (struct classes){0};
    bool good = read_names(classes, content, path, err);
    content_close(content);
    return good;
}
