// SPDX-License-Identifier: MIT
#include "data/classes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

/* The length of the UTF-8 character at `text`, 0 where it is none or a control character. */
static size_t character_length(const unsigned char *text)
{
    if (text[0] < 0x80)
        return text[0] >= 0x20 && text[0] != 0x7F;
    size_t length = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
    if (text[0] < 0xC2 || text[0] > 0xF4)
        return 0;
    for (size_t byte = 1; byte < length; byte++)
        if ((text[byte] & 0xC0) != 0x80)
            return 0;
    bool overlong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
    bool outside = (text[0] == 0xED && text[1] > 0x9F) || (text[0] == 0xF4 && text[1] > 0x8F);
    bool control = text[0] == 0xC2 && text[1] < 0xA0;
    return overlong || outside || control ? 0 : length;
}

static const char *wrong_with(const char *name)
{
    if (!*name)
        return "is empty";
    for (const unsigned char *text = (const unsigned char *)name; *text;) {
        size_t length = character_length(text);
        if (length == 0)
            return "holds a control character or is not UTF-8";
        text += length;
    }
    return NULL;
}

static bool short_name_taken(const struct classes *classes, size_t label, const char *name)
{
    for (size_t other = 0; other < label; other++)
        if (strcmp(classes->short_names[other], name) == 0)
            return true;
    return false;
}

/* Short names: a name's first two characters where they are ASCII and free, else its number. */
static void shorten(struct classes *classes)
{
    for (size_t label = 0; label < DATASET_CLASSES; label++) {
        const char *name = classes->names[label];
        char first[CLASSES_SHORT_SIZE] = {name[0], name[1], 0};
        bool ascii = (unsigned char)first[0] < 0x80 && (unsigned char)first[1] < 0x80;
        if (!ascii || short_name_taken(classes, label, first)) {
            first[0] = '#';
            first[1] = (char)('0' + label);
        }
        memcpy(classes->short_names[label], first, sizeof first);
    }
}

/* Takes one line of the file as the name of class `label`. */
static bool take_line(struct classes *classes, size_t label, char *line, const char *path,
                      struct error *err)
{
    line[strcspn(line, "\r\n")] = 0;
    const char *wrong = wrong_with(line);
    if (label >= DATASET_CLASSES)
        wrong = "is one too many; one name for each of 10 classes expected";
    else if (strlen(line) >= DATASET_CLASS_NAME_SIZE)
        wrong = "is too long; 31 bytes fit";
    if (wrong) {
        error_set(err, ERROR_FORMAT, "%s: line %zu %s", path, label + 1, wrong);
        return false;
    }
    memcpy(classes->names[label], line, strlen(line) + 1);
    return true;
}

static bool read_lines(struct classes *classes, FILE *file, const char *path, struct error *err)
{
    char line[256];
    size_t label = 0;
    while (fgets(line, sizeof line, file))
        if (!take_line(classes, label++, line, path, err))
            return false;
    if (ferror(file)) {
        error_set_errno(err, errno, "%s: cannot read", path);
        return false;
    }
    if (label < DATASET_CLASSES) {
        error_set(err, ERROR_FORMAT, "%s: %zu lines; one name for each of 10 classes expected",
                  path, label);
        return false;
    }
    shorten(classes);
    return true;
}

bool classes_read(struct classes *classes, const char *path, bool *found, struct error *err)
{
    FILE *file = fopen(path, "re");
    *found = file != NULL;
    if (!file && errno == ENOENT)
        return true;
    if (!file) {
        error_set_errno(err, errno, "%s: cannot open", path);
        return false;
    }
    *classes = (struct classes){0};
    bool good = read_lines(classes, file, path, err);
    (void)fclose(file);
    return good;
}
