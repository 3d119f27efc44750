// SPDX-License-Identifier: MIT
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DRIBBLE = 7 };

/* What the linker renames: calls arrive at the first, the second is the C library's. */
#define WRAP(type, name, ...)                                                                      \
    type __wrap_##name(__VA_ARGS__);                                                               \
    extern type __real_##name(__VA_ARGS__)
WRAP(int, open, const char *path, int flags, ...);
WRAP(int, openat, int directory, const char *path, int flags, ...);
WRAP(ssize_t, write, int descriptor, const void *bytes, size_t size);
WRAP(ssize_t, read, int descriptor, void *bytes, size_t size);
WRAP(int, fsync, int descriptor);
WRAP(int, close, int descriptor);
WRAP(int, renameat, int from_directory, const char *from, int to_directory, const char *to);
WRAP(int, fstat, int descriptor, struct stat *status);
WRAP(int, fcntl, int descriptor, int command, ...);
WRAP(void *, malloc, size_t size);
WRAP(void *, calloc, size_t count, size_t size);
WRAP(void *, realloc, void *block, size_t size);
WRAP(char *, strdup, const char *text);
WRAP(char *, strndup, const char *text, size_t size);

static struct {
    unsigned kinds;
    size_t number;
    size_t count;
    int reason;
    bool dribble;
    size_t calls;
    size_t interruptions;
    void (*before_read)(void *context);
    void *context;
} faults;

void faults_arm(unsigned kinds, size_t number, int reason)
{
    faults.kinds = kinds;
    faults.number = number;
    faults.reason = reason;
    faults.count = 0;
}

size_t faults_disarm(void)
{
    faults.kinds = 0;
    return faults.count;
}

void faults_dribble(bool on)
{
    faults.dribble = on;
}

size_t faults_interruptions(void)
{
    return faults.interruptions;
}

void faults_before_read(void (*when)(void *context), void *context)
{
    faults.before_read = when;
    faults.context = context;
}

/* Whether this call is to fail; errno is set then. */
static bool fails(unsigned kind)
{
    if (!(faults.kinds & kind) || ++faults.count != faults.number)
        return false;
    errno = faults.reason;
    return true;
}

static bool interrupted(void)
{
    if (!faults.dribble || ++faults.calls % 2 == 0)
        return false;
    faults.interruptions++;
    errno = EINTR;
    return true;
}

static size_t dribbled(size_t size)
{
    return faults.dribble && size > DRIBBLE ? DRIBBLE : size;
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return fails(FAULT_OPEN) ? -1 : __real_open(path, flags, mode);
}

int __wrap_openat(int directory, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return fails(FAULT_OPEN) ? -1 : __real_openat(directory, path, flags, mode);
}

ssize_t __wrap_write(int descriptor, const void *bytes, size_t size)
{
    if (fails(FAULT_WRITE) || interrupted())
        return -1;
    return __real_write(descriptor, bytes, dribbled(size));
}

ssize_t __wrap_read(int descriptor, void *bytes, size_t size)
{
    void (*when)(void *context) = faults.before_read;
    if (when && size > 1) {
        faults.before_read = NULL;
        when(faults.context);
    }
    if (fails(FAULT_READ) || interrupted())
        return -1;
    return __real_read(descriptor, bytes, dribbled(size));
}

int __wrap_fsync(int descriptor)
{
    return fails(FAULT_SYNC) || interrupted() ? -1 : __real_fsync(descriptor);
}

int __wrap_close(int descriptor)
{
    int status = __real_close(descriptor);
    return fails(FAULT_CLOSE) ? -1 : status;
}

int __wrap_renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    return fails(FAULT_RENAME) ? -1 : __real_renameat(from_directory, from, to_directory, to);
}

int __wrap_fstat(int descriptor, struct stat *status)
{
    return fails(FAULT_STATUS) ? -1 : __real_fstat(descriptor, status);
}

int __wrap_fcntl(int descriptor, int command, ...)
{
    va_list args;
    va_start(args, command);
    int argument = va_arg(args, int);
    va_end(args);
    return fails(FAULT_DUPLICATE) ? -1 : __real_fcntl(descriptor, command, argument);
}

void *__wrap_malloc(size_t size)
{
    return fails(FAULT_ALLOCATION) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails(FAULT_ALLOCATION) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails(FAULT_ALLOCATION) ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text)
{
    return fails(FAULT_ALLOCATION) ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return fails(FAULT_ALLOCATION) ? NULL : __real_strndup(text, size);
}
