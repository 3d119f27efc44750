// SPDX-License-Identifier: MIT
/* The C library's functions give way to these, which stand in the program itself: also where
 * another library calls them, and under their names for large files. */
#include "disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Told before the threads that it is to hit are started, or while they run. */
static atomic_uint failing_calls;
static atomic_int failing_reason;

void disk_fail(unsigned calls, int reason)
{
    atomic_store(&failing_reason, reason);
    atomic_store(&failing_calls, calls);
}

static bool fails(enum disk_call call)
{
    if (!(atomic_load(&failing_calls) & call))
        return false;
    errno = atomic_load(&failing_reason);
    return true;
}

/* Pipes and terminals do not. */
static bool fails_on(int descriptor, enum disk_call call)
{
    struct stat status;
    return (atomic_load(&failing_calls) & call) && fstat(descriptor, &status) == 0 &&
           S_ISREG(status.st_mode) && fails(call);
}

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

ssize_t disk_write(int descriptor, const void *bytes, size_t size) __asm__("write");
ssize_t disk_write(int descriptor, const void *bytes, size_t size)
{
    ssize_t (*real)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))next("write");
    return fails_on(descriptor, DISK_WRITE) ? -1 : real(descriptor, bytes, size);
}

static ssize_t put(const char *name, int descriptor, const void *bytes, size_t size, off_t offset)
{
    ssize_t (*real)(int, const void *, size_t, off_t) =
        (ssize_t(*)(int, const void *, size_t, off_t))next(name);
    return fails_on(descriptor, DISK_WRITE) ? -1 : real(descriptor, bytes, size, offset);
}

ssize_t disk_pwrite(int descriptor, const void *bytes, size_t size, off_t offset) __asm__("pwrite");
ssize_t disk_pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    return put("pwrite", descriptor, bytes, size, offset);
}

ssize_t disk_pwrite64(int descriptor, const void *bytes, size_t size,
                      off_t offset) __asm__("pwrite64");
ssize_t disk_pwrite64(int descriptor, const void *bytes, size_t size, off_t offset)
{
    return put("pwrite", descriptor, bytes, size, offset);
}

static int bring(const char *name, int descriptor)
{
    int (*real)(int) = (int (*)(int))next(name);
    return fails_on(descriptor, DISK_SYNC) ? -1 : real(descriptor);
}

int disk_fsync(int descriptor) __asm__("fsync");
int disk_fsync(int descriptor)
{
    return bring("fsync", descriptor);
}

int disk_fdatasync(int descriptor) __asm__("fdatasync");
int disk_fdatasync(int descriptor)
{
    return bring("fdatasync", descriptor);
}

static int reach(int folder, const char *path, int flags, mode_t mode)
{
    int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))next("openat");
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    return writes && fails(DISK_OPEN) ? -1 : real(folder, path, flags, mode);
}

/* The mode where there is one. */
static mode_t mode_of(int flags, va_list arguments)
{
    return flags & O_CREAT ? (mode_t)va_arg(arguments, int) : 0;
}

int disk_open(const char *path, int flags, ...) __asm__("open");
int disk_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return reach(AT_FDCWD, path, flags, mode);
}

int disk_open64(const char *path, int flags, ...) __asm__("open64");
int disk_open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return reach(AT_FDCWD, path, flags, mode);
}

int disk_openat(int folder, const char *path, int flags, ...) __asm__("openat");
int disk_openat(int folder, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return reach(folder, path, flags, mode);
}
