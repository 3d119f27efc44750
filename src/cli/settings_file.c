// SPDX-License-Identifier: MIT
#include "cli/settings_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum { HOMES_SIZE = 8192 };

struct settings_file {
    char path[4096];
    char text[SETTINGS_FILE_MAX + 1]; /* lines are ended by NUL once they were read */
    size_t size;
    char *rest; /* where the next line begins */
    size_t line;
    char homes[HOMES_SIZE]; /* values that began with ~, one behind the other */
    size_t homes_used;
};

/* False where no directory for it is known, or the path is too long for any file. */
static bool find_path(char *path, size_t size)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = -1;
    if (config && *config == '/')
        length = snprintf(path, size, "%s/%s/config", config, PACKAGE_NAME);
    else if (home && *home == '/')
        length = snprintf(path, size, "%s/.config/%s/config", home, PACKAGE_NAME);
    return length > 0 && (size_t)length < size;
}

/* Reads all of it; `text` has a byte more than a file may have. */
static bool read_text(struct settings_file *file, int descriptor, struct error *err)
{
    ssize_t got;
    do {
        got = read(descriptor, file->text + file->size, sizeof file->text - file->size);
        if (got > 0)
            file->size += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0) {
        error_set_errno(err, errno, "%s: cannot read it", file->path);
        return false;
    }
    if (file->size <= SETTINGS_FILE_MAX)
        return true;
    error_set(err, ERROR_USAGE, "%s: larger than %d KiB", file->path, SETTINGS_FILE_MAX / 1024);
    return false;
}

/* No byte may be NUL: what comes after it would not be seen. */
static bool check_text(const struct settings_file *file, struct error *err)
{
    const char *nul = memchr(file->text, '\0', file->size);
    size_t line = 1;
    if (!nul)
        return true;
    for (const char *byte = file->text; byte < nul; byte++)
        line += *byte == '\n';
    error_set(err, ERROR_USAGE, "%s:%zu: a NUL byte; the file must be text", file->path, line);
    return false;
}

static bool read_file(struct settings_file *file, int descriptor, struct error *err)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        error_set_errno(err, errno, "%s: cannot read it", file->path);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(err, ERROR_USAGE, "%s: not a regular file", file->path);
        return false;
    }
    if (!read_text(file, descriptor, err) || !check_text(file, err))
        return false;
    file->text[file->size] = '\0';
    return true;
}

bool settings_file_open(struct settings_file **result, struct error *err)
{
    bool good = true;
    int descriptor = -1;
    *result = NULL;
    struct settings_file *file = memory_array(1, sizeof *file, err);
    if (!file)
        return false;
    file->rest = file->text;
    /* O_NONBLOCK: a pipe without a writer must not hold the program up */
    errno = ENOENT;
    if (find_path(file->path, sizeof file->path))
        descriptor = open(file->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (descriptor >= 0) {
        good = read_file(file, descriptor, err);
        (void)close(descriptor);
    } else if (errno != ENOENT && errno != ENOTDIR) {
        error_set_errno(err, errno, "%s: cannot read it", file->path);
        good = false;
    }
    if (good && descriptor >= 0)
        *result = file;
    else
        free(file);
    return good;
}

void settings_file_free(struct settings_file *file)
{
    free(file);
}

const char *settings_file_path(const struct settings_file *file)
{
    return file->path;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Cuts blanks off both ends; returns the beginning. */
static char *trim(char *text)
{
    size_t length;
    while (is_blank(*text))
        text++;
    for (length = strlen(text); length > 0 && is_blank(text[length - 1]);)
        text[--length] = '\0';
    return text;
}

/* Cuts off the comment: a `#` at the beginning or after a blank, and what follows. */
static void cut_comment(char *text)
{
    char *mark = text;
    while (*mark && (*mark != '#' || (mark > text && !is_blank(mark[-1]))))
        mark++;
    *mark = '\0';
}

/* Puts the home directory in place of the ~ that a value begins with, as a shell would. */
static bool expand_home(struct settings_file *file, const char **value, struct error *err)
{
    const char *home = getenv("HOME");
    size_t room = HOMES_SIZE - file->homes_used;
    if ((*value)[0] != '~' || (*value)[1] != '/')
        return true;
    int length =
        snprintf(file->homes + file->homes_used, room, "%s%s", home ? home : "", *value + 1);
    if (!home || *home != '/' || length < 0 || (size_t)length >= room) {
        error_set(err, ERROR_USAGE, "%s:%zu: %.64s: %s", file->path, file->line, *value,
                  home && *home == '/' ? "too long" : "HOME is no path from /");
        return false;
    }
    *value = file->homes + file->homes_used;
    file->homes_used += (size_t)length + 1;
    return true;
}

bool settings_file_next(struct settings_file *file, struct settings_line *line, struct error *err)
{
    while (*file->rest) {
        char *text = file->rest, *end = text + strcspn(text, "\n");
        file->rest = *end ? end + 1 : end;
        *end = '\0';
        file->line++;
        cut_comment(text);
        text = trim(text);
        if (!*text)
            continue;
        char *equals = strchr(text, '=');
        if (!equals) {
            error_set(err, ERROR_USAGE, "%s:%zu: '%.64s': give NAME = VALUE", file->path,
                      file->line, text);
            return false;
        }
        *equals = '\0';
        *line = (struct settings_line){
            .name = trim(text), .value = trim(equals + 1), .number = file->line};
        return expand_home(file, &line->value, err);
    }
    return false;
}
