// SPDX-License-Identifier: MIT
#include "store/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/store_parts.h"

/* Who only looks whether a lock is held takes it for a moment. */
enum { TAKE_TRIES = 20, TAKE_WAIT_NANOSECONDS = 5 * 1000 * 1000 };

static int open_lock(const char *path, struct error *err)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        error_set_errno(err, errno, "cannot open %s", path);
    return descriptor;
}

static bool take(int descriptor)
{
    const struct timespec pause = {.tv_nsec = TAKE_WAIT_NANOSECONDS};
    for (int left = TAKE_TRIES; flock(descriptor, LOCK_EX | LOCK_NB) != 0; left--) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK || left == 0)
            return false;
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

int run_lock_take(const char *store_directory, int64_t run, struct error *err)
{
    char path[STORE_PATH_SIZE];
    if (!store_path(path, sizeof path, err, "%s/checkpoints/%lld", store_directory,
                    (long long)run) ||
        !store_make_directory(path, err) ||
        !store_path(path, sizeof path, err, "%s/checkpoints/%lld/lock", store_directory,
                    (long long)run))
        return -1;
    int descriptor = open_lock(path, err);
    if (descriptor < 0 || take(descriptor))
        return descriptor;
    if (errno == EWOULDBLOCK)
        error_set(err, ERROR_USAGE, "run %lld is in use by another program", (long long)run);
    else
        error_set_errno(err, errno, "cannot lock %s", path);
    (void)close(descriptor);
    return -1;
}

/* Whether the path leads to the file that is open. */
static bool leads_to(const char *path, int descriptor)
{
    struct stat named, open;
    return stat(path, &named) == 0 && fstat(descriptor, &open) == 0 &&
           named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

void run_lock_renew(const char *store_directory, int64_t run, int *descriptor)
{
    char path[STORE_PATH_SIZE];
    if (!store_path(path, sizeof path, NULL, "%s/checkpoints/%lld/lock", store_directory,
                    (long long)run) ||
        leads_to(path, *descriptor))
        return;
    int renewed = run_lock_take(store_directory, run, NULL);
    if (renewed < 0)
        return;
    run_lock_release(*descriptor);
    *descriptor = renewed;
}

void run_lock_release(int descriptor)
{
    if (descriptor >= 0)
        (void)close(descriptor);
}

bool run_lock_held(const char *store_directory, int64_t run)
{
    char path[STORE_PATH_SIZE];
    if (!store_path(path, sizeof path, NULL, "%s/checkpoints/%lld/lock", store_directory,
                    (long long)run))
        return false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    bool held = flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)close(descriptor);
    return held;
}
