// SPDX-License-Identifier: MIT
#include "export/folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store/atomic_file.h"

bool export_render(const struct export_file *file, const struct export_run *run,
                   struct buffer *content, struct error *err)
{
    *content = (struct buffer){0};
    bool good = file->write(content, run, file->part, err);
    if (good && content->failed) {
        error_set(err, ERROR_MEMORY, "no memory for %s", file->path);
        good = false;
    }
    if (!good)
        buffer_free(content);
    return good;
}

/* Where a file of the folder lies. */
static bool join(const char *directory, const char *name, char path[EXPORT_PATH_SIZE],
                 struct error *err)
{
    size_t length = strlen(directory);
    const char *slash = length > 0 && directory[length - 1] != '/' ? "/" : "";
    int used = snprintf(path, EXPORT_PATH_SIZE, "%s%s%s", directory, slash, name);
    if (used >= 0 && used < EXPORT_PATH_SIZE)
        return true;
    error_set(err, ERROR_USAGE, "%.64s...: the name is too long", directory);
    return false;
}

/* A pipe or a device, such as /dev/stdout: it is written to, never replaced. */
static bool is_stream(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static bool check_place(const char *path, bool replace, struct error *err)
{
    struct stat status;
    if (lstat(path, &status) != 0 || is_stream(path))
        return true; /* else writing tells what is wrong */
    if (S_ISDIR(status.st_mode))
        error_set(err, ERROR_SYSTEM, "%s is a folder; give the name of a file", path);
    else if (!replace)
        error_set(err, ERROR_SYSTEM, "%s is there already; --force replaces it", path);
    else
        return true;
    return false;
}

/* Makes the folders that a path begins with. */
static bool make_folders(const char *path, struct error *err)
{
    char folder[EXPORT_PATH_SIZE] = "";
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        memcpy(folder, path, (size_t)(slash - path));
        folder[slash - path] = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
            error_set_errno(err, errno, "cannot make the folder %s", folder);
            return false;
        }
    }
    return true;
}

static bool write_stream(const char *path, const struct buffer *content, struct error *err)
{
    FILE *stream = fopen(path, "we");
    bool good = stream && fwrite(content->bytes, 1, content->size, stream) == content->size;
    if (stream && fclose(stream) != 0)
        good = false;
    if (!good)
        error_set_errno(err, errno, "%s: cannot write to it", path);
    return good;
}

static bool write_file(const char *path, const struct buffer *content, struct error *err)
{
    struct atomic_file *file = atomic_file_create(path, err);
    if (!file)
        return false;
    if (atomic_file_write(file, content->bytes, content->size, err))
        return atomic_file_commit(file, err);
    atomic_file_discard(file);
    return false;
}

static bool export_one(const char *directory, const struct export_file *file,
                       const struct export_run *run, struct error *err)
{
    char path[EXPORT_PATH_SIZE];
    struct buffer content;
    if (!join(directory, file->path, path, err) || !make_folders(path, err) ||
        !export_render(file, run, &content, err))
        return false;
    bool good = (is_stream(path) ? write_stream : write_file)(path, &content, err);
    buffer_free(&content);
    return good;
}

bool export_folder(const char *directory, const struct export_file *files, size_t count,
                   bool replace, const struct export_run *run, struct error *err)
{
    char path[EXPORT_PATH_SIZE];
    for (size_t file = 0; file < count; file++)
        if (!join(directory, files[file].path, path, err) || !check_place(path, replace, err))
            return false;
    for (size_t file = 0; file < count; file++)
        if (!export_one(directory, &files[file], run, err))
            return false;
    return true;
}
