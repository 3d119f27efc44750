// SPDX-License-Identifier: MIT
#include "store/atomic_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary file's name is the target's, a dot, the writer's process number and this. */
static const char SUFFIX[] = ".fmnist-part";

enum {
    PROCESS_DIGITS = 20,
    CREATE_ATTEMPTS = 3, /* where another process takes the new file for a leftover */
};

struct atomic_file {
    char *path;       /* the target's, for messages */
    const char *name; /* its last part, in `path` */
    char *temporary;  /* name in the folder */
    int directory;    /* descriptors */
    int file;
    int lock; /* a duplicate of `file` that keeps the lock from its close to the rename */
};

/* Each of these calls again what a signal interrupted. */
static int sync_retrying(int descriptor)
{
    int status;
    do {
        status = fsync(descriptor);
    } while (status != 0 && errno == EINTR);
    return status;
}

static int lock_retrying(int descriptor, int operation)
{
    int status;
    do {
        status = flock(descriptor, operation);
    } while (status != 0 && errno == EINTR);
    return status;
}

/* Opens the folder that a path is in. */
static int open_parent(const char *path, const char *name)
{
    size_t length = (size_t)(name - path);
    char *parent = length == 0 ? strdup(".") : strndup(path, length);
    if (!parent)
        return -1;
    int directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int reason = errno;
    free(parent);
    errno = reason;
    return directory;
}

static void close_if_open(int descriptor)
{
    if (descriptor >= 0)
        (void)close(descriptor);
}

static void release(struct atomic_file *file)
{
    close_if_open(file->file);
    close_if_open(file->lock);
    close_if_open(file->directory);
    free(file->temporary);
    free(file->path);
    free(file);
}

/* Allocates the object with its names; no file yet. */
static struct atomic_file *prepare(const char *path, struct error *err)
{
    struct atomic_file *file = calloc(1, sizeof *file);
    char *copy = strdup(path);
    const char *slash = copy ? strrchr(copy, '/') : NULL, *name = slash ? slash + 1 : copy;
    size_t size = copy ? strlen(name) + 1 + PROCESS_DIGITS + sizeof SUFFIX : 1;
    char *temporary = malloc(size);
    if (!file || !copy || !temporary) {
        error_set(err, ERROR_MEMORY, "%s: no memory to write it", path);
        free(temporary);
        free(copy);
        free(file);
        return NULL;
    }
    (void)snprintf(temporary, size, "%s.%ld%s", name, (long)getpid(), SUFFIX);
    *file = (struct atomic_file){
        .path = copy, .temporary = temporary, .directory = -1, .file = -1, .lock = -1};
    file->name = copy + (name - copy);
    return file;
}

/* Removes a temporary file that is not being written; sets *removed where it did. Who holds the
 * lock of a file that still has a name is the only one who may take that name away. */
static bool remove_leftover(int directory, const char *name, bool *removed)
{
    struct stat status;
    int file = openat(directory, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    *removed = false;
    if (file < 0)
        return errno == ENOENT;
    bool good = true;
    if (lock_retrying(file, LOCK_EX | LOCK_NB) != 0)
        good = errno == EWOULDBLOCK;
    else if (fstat(file, &status) != 0)
        good = false;
    else if (status.st_nlink > 0)
        good = *removed = unlinkat(directory, name, 0) == 0;
    int reason = errno;
    (void)close(file);
    errno = reason;
    return good;
}

/* Creates the temporary file and locks it, where the file system has locks; -1 with errno set,
 * EAGAIN where another process took it for a leftover before it was locked. */
static int create_locked(int directory, const char *name)
{
    struct stat status;
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return -1;
    (void)lock_retrying(file, LOCK_EX);
    if (fstat(file, &status) == 0) {
        if (status.st_nlink > 0)
            return file;
        errno = EAGAIN;
    } else {
        int reason = errno;
        (void)unlinkat(directory, name, 0);
        errno = reason;
    }
    int reason = errno;
    (void)close(file);
    errno = reason;
    return -1;
}

/* Creates the temporary file; a leftover of its name, from a process of our number, makes way. */
static bool create(struct atomic_file *file)
{
    for (int attempt = 0; attempt < CREATE_ATTEMPTS; attempt++) {
        bool removed;
        file->file = create_locked(file->directory, file->temporary);
        if (file->file >= 0)
            return true;
        if (errno == EEXIST && !remove_leftover(file->directory, file->temporary, &removed))
            return false;
        if (errno != EEXIST && errno != EAGAIN)
            return false;
    }
    errno = EBUSY;
    return false;
}

/* Opens the folder and creates the file in it; names the step that failed. */
static const char *open_all(struct atomic_file *file)
{
    file->directory = open_parent(file->path, file->name);
    if (file->directory < 0)
        return "cannot open its folder";
    if (!create(file))
        return "cannot create a temporary file beside it";
    file->lock = fcntl(file->file, F_DUPFD_CLOEXEC, 0);
    return file->lock < 0 ? "cannot lock the temporary file beside it" : NULL;
}

struct atomic_file *atomic_file_create(const char *path, struct error *err)
{
    struct atomic_file *file = prepare(path, err);
    if (!file)
        return NULL;
    const char *failed = open_all(file);
    if (!failed)
        return file;
    error_set_errno(err, errno, "%s: %s", path, failed);
    atomic_file_discard(file);
    return NULL;
}

bool atomic_file_write(struct atomic_file *file, const void *bytes, size_t size, struct error *err)
{
    const unsigned char *next = bytes;
    while (size > 0) {
        ssize_t written = write(file->file, next, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            error_set_errno(err, written < 0 ? errno : EIO, "%s: cannot write", file->path);
            return false;
        }
        next += written;
        size -= (size_t)written;
    }
    return true;
}

/* Closes the file; EINTR tells nothing here, since what was synced is on the disk. */
static bool close_synced(struct atomic_file *file)
{
    int descriptor = file->file;
    file->file = -1;
    return close(descriptor) == 0 || errno == EINTR;
}

/* Some file systems have no sync for folders, and say so. */
static bool sync_directory(const struct atomic_file *file)
{
    return sync_retrying(file->directory) == 0 || errno == EINVAL || errno == ENOTSUP;
}

bool atomic_file_commit(struct atomic_file *file, struct error *err)
{
    const char *failed = NULL;
    if (sync_retrying(file->file) != 0)
        failed = "cannot bring it to the disk";
    else if (!close_synced(file))
        failed = "cannot close";
    else if (renameat(file->directory, file->temporary, file->directory, file->name) != 0)
        failed = "cannot give the temporary file its name";
    if (failed) {
        error_set_errno(err, errno, "%s: %s", file->path, failed);
        atomic_file_discard(file);
        return false;
    }
    bool good = sync_directory(file);
    if (!good)
        error_set_errno(err, errno, "%s: written, but cannot bring its folder to the disk",
                        file->path);
    release(file);
    return good;
}

void atomic_file_discard(struct atomic_file *file)
{
    if (!file)
        return;
    if (file->file >= 0 || file->lock >= 0)
        (void)unlinkat(file->directory, file->temporary, 0);
    release(file);
}

/* Whether a name ends like a temporary file's: a dot, digits, the suffix. */
static bool is_temporary(const char *name)
{
    size_t length = strlen(name), suffix = sizeof SUFFIX - 1;
    if (length <= suffix || strcmp(name + length - suffix, SUFFIX) != 0)
        return false;
    size_t digits = 0, end = length - suffix;
    while (digits < end && name[end - 1 - digits] >= '0' && name[end - 1 - digits] <= '9')
        digits++;
    return digits > 0 && digits + 1 < end && name[end - 1 - digits] == '.';
}

/* Removes what can be removed, and tells of the first file that could not. */
static bool clean_opened(DIR *folder, const char *directory, size_t *removed, struct error *err)
{
    bool good = true;
    struct dirent *entry;
    for (errno = 0; (entry = readdir(folder)); errno = 0) {
        bool one = false;
        if (is_temporary(entry->d_name) && !remove_leftover(dirfd(folder), entry->d_name, &one) &&
            good) {
            error_set_errno(err, errno, "%s/%s: cannot remove", directory, entry->d_name);
            good = false;
        }
        *removed += one;
    }
    if (errno != 0 && good) {
        error_set_errno(err, errno, "%s: cannot read the folder", directory);
        good = false;
    }
    return good;
}

bool atomic_file_clean(const char *directory, size_t *removed, struct error *err)
{
    size_t count = 0;
    DIR *folder = opendir(directory);
    if (!folder) {
        error_set_errno(err, errno, "%s: cannot open the folder", directory);
        return false;
    }
    bool good = clean_opened(folder, directory, &count, err);
    (void)closedir(folder);
    if (removed)
        *removed = count;
    return good;
}
