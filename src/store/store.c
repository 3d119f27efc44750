// SPDX-License-Identifier: MIT
#include "fmnist/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/schema.h"
#include "store/store_parts.h"

/* How often and how long it is tried to make a new database one with a write-ahead log while
 * another program does the same: SQLite does not wait for that by itself. */
enum { LOG_TRIES = 500, LOG_WAIT_NANOSECONDS = 10 * 1000 * 1000 };

double store_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bool store_path(char *path, size_t size, struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(path, size, format, args);
    va_end(args);
    if (length >= 0 && (size_t)length < size)
        return true;
    error_set(err, ERROR_USAGE, "%.64s...: the path is too long", path);
    return false;
}

/* Has the disk know what is in a folder. */
static void sync_folder(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    (void)fsync(descriptor);
    (void)close(descriptor);
}

/* Makes the folder `path` in the folder `above`; one that is there is fine. */
static bool make_one(const char *path, const char *above, struct error *err)
{
    struct stat status;
    if (mkdir(path, S_IRWXU) == 0) {
        sync_folder(above);
        return true;
    }
    int reason = errno;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return true;
    error_set_errno(err, reason == EEXIST ? ENOTDIR : reason, "cannot make the folder %s", path);
    return false;
}

bool store_make_directory(const char *path, struct error *err)
{
    char part[STORE_PATH_SIZE], above[STORE_PATH_SIZE] = ".";
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return true;
    if (!store_path(part, sizeof part, err, "%s", path))
        return false;
    if (*path == '/')
        (void)strcpy(above, "/");
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_one(part, above, err))
            return false;
        memcpy(above, part, sizeof above);
        *slash = '/';
    }
    return make_one(part, above, err);
}

bool store_default_directory(char *path, size_t size, struct error *err)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && *data == '/')
        return store_path(path, size, err, "%s/fmnist-tui", data);
    if (home && *home)
        return store_path(path, size, err, "%s/.local/share/fmnist-tui", home);
    error_set(err, ERROR_USAGE,
              "HOME is not set, so there is no place to keep runs in: name a folder with --store");
    return false;
}

/* Gives the database a write-ahead log, so that readers and a writer do not wait for each other. */
static bool begin_log(struct database *database, struct error *err)
{
    const struct timespec pause = {.tv_nsec = LOG_WAIT_NANOSECONDS};
    struct error failure = {0};
    for (int left = LOG_TRIES; left > 0; left--) {
        if (database_run(database, "PRAGMA journal_mode = WAL", &failure))
            return database_run(database, "PRAGMA synchronous = NORMAL", err);
        if ((database->failure & 0xff) != SQLITE_BUSY)
            break;
        (void)nanosleep(&pause, NULL);
    }
    if (err)
        *err = failure;
    return false;
}

static bool check_writable(const struct database *database, struct error *err)
{
    if (sqlite3_db_readonly(database->handle, "main") != 1)
        return true;
    error_set(err, ERROR_SYSTEM, "%s cannot be written; name another folder with --store",
              database->path);
    return false;
}

static bool open_to_write(struct store *store, const char *path, struct error *err)
{
    struct database *database = &store->database;
    size_t version;
    if (!store_make_directory(store->directory, err) ||
        !database_open(database, path, DATABASE_WRITE, err))
        return false;
    /* first of all whether it is ours, for no other file is to be changed */
    if (check_writable(database, err) && schema_look(database, SCHEMA_VERSION, &version, err) &&
        begin_log(database, err) &&
        schema_migrate(database, SCHEMA_MIGRATIONS, SCHEMA_VERSION, err))
        return true;
    database_close(database);
    return false;
}

/* An empty store in place of one that is not there. */
static bool open_nothing(struct store *store, const char *path, struct error *err)
{
    store->absent = true;
    if (!database_open(&store->database, path, DATABASE_MEMORY, err))
        return false;
    if (schema_migrate(&store->database, SCHEMA_MIGRATIONS, SCHEMA_VERSION, err))
        return true;
    database_close(&store->database);
    return false;
}

/* SQLite wants to write a file beside the database, even to read it, unless it is told that nobody
 * can change it. */
static bool open_file_to_read(struct store *store, const char *path, struct error *err)
{
    struct error failure = {0};
    if (database_open(&store->database, path, DATABASE_READ, &failure))
        return true;
    int primary = store->database.failure & 0xff;
    if ((primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY) && access(path, R_OK) == 0 &&
        access(store->directory, W_OK) != 0)
        return database_open(&store->database, path, DATABASE_UNCHANGING, err);
    if (err)
        *err = failure;
    return false;
}

static bool open_to_read(struct store *store, const char *path, struct error *err)
{
    size_t version;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return open_nothing(store, path, err);
    if (!open_file_to_read(store, path, err))
        return false;
    bool good = schema_look(&store->database, SCHEMA_VERSION, &version, err);
    if (good && version == SCHEMA_VERSION)
        return true;
    if (good && version > 0)
        error_set(err, ERROR_FORMAT,
                  "%s has the older version %zu, and is only to be read here; a program that "
                  "records a run in it brings it up to date",
                  path, version);
    database_close(&store->database);
    return good && version == 0 && open_nothing(store, path, err);
}

static bool open_as(struct store *store, struct error *err)
{
    char path[STORE_PATH_SIZE];
    store->absent = store->looked = false;
    if (!store_path(path, sizeof path, err, "%s/runs.db", store->directory))
        return false;
    return store->mode == STORE_WRITE ? open_to_write(store, path, err)
                                      : open_to_read(store, path, err);
}

struct store *store_open(const char *directory, enum store_mode mode, struct error *err)
{
    char path[STORE_PATH_SIZE];
    if (!directory) {
        if (!store_default_directory(path, sizeof path, err))
            return NULL;
        directory = path;
    }
    struct store *store = memory_array(1, sizeof *store, err);
    if (!store)
        return NULL;
    store->mode = mode;
    store->directory = strdup(directory);
    if (!store->directory)
        error_set(err, ERROR_MEMORY, "no memory for a path");
    if (store->directory && open_as(store, err))
        return store;
    free(store->directory);
    free(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    database_close(&store->database);
    free(store->directory);
    free(store);
}

const char *store_directory(const struct store *store)
{
    return store->directory;
}

/* A store that was not there when it was opened may be there now. */
static void look_again(struct store *store)
{
    struct store now = *store;
    if (!open_as(&now, NULL))
        return;
    if (now.absent) {
        database_close(&now.database);
        return;
    }
    database_close(&store->database);
    *store = now;
}

bool store_changed(struct store *store)
{
    int64_t version;
    if (store->absent)
        look_again(store);
    if (!database_ask(&store->database, "PRAGMA data_version", &version, NULL)) {
        store->looked = false;
        return true;
    }
    bool same = store->looked && version == store->version;
    store->looked = true;
    store->version = version;
    return !same;
}

bool store_begin(struct store *store, struct error *err)
{
    if (store->mode == STORE_WRITE)
        return database_begin(&store->database, err);
    error_set(err, ERROR_USAGE, "%s was opened to read only", store->database.path);
    return false;
}
