// SPDX-License-Identifier: MIT
#include "store/database.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

/* How long another program's lock is waited for. */
enum { LOCK_MILLISECONDS = 5000 };

/* Even to roll back takes memory. */
enum { ROLL_BACK_TRIES = 3 };

static bool is_full(const struct database *database)
{
    int system = database->system;
    return (database->failure & 0xff) == SQLITE_FULL || system == ENOSPC || system == EDQUOT ||
           system == EFBIG;
}

bool database_passing(const struct database *database)
{
    int primary = database->failure & 0xff;
    return is_full(database) || primary == SQLITE_BUSY || primary == SQLITE_LOCKED ||
           primary == SQLITE_READONLY || primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
}

/* errno of the last failed call on one of the database's files, 0 where none failed. */
static int file_errno(struct database *database, int pointer)
{
    sqlite3_file *file = NULL;
    int number = 0;
    if (sqlite3_file_control(database->handle, "main", pointer, &file) != SQLITE_OK || !file ||
        !file->pMethods ||
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) != SQLITE_OK)
        return 0;
    return number;
}

/* errno of a failure. SQLite's own notion of it may be that of a later call. */
static int failure_errno(struct database *database)
{
    int primary = database->failure & 0xff, number = 0;
    if (!database->handle || (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN))
        return 0;
    if (database->failure == SQLITE_IOERR_WRITE) {
        number = file_errno(database, SQLITE_FCNTL_JOURNAL_POINTER); /* of the log, too */
        if (number == 0)
            number = file_errno(database, SQLITE_FCNTL_FILE_POINTER);
    }
    return number ? number : sqlite3_system_errno(database->handle);
}

/* Keeps the code of a failure and tells it. */
static void database_fail(struct database *database, int code, struct error *err)
{
    const char *text = database->handle ? sqlite3_errmsg(database->handle) : sqlite3_errstr(code);
    int primary = code & 0xff;
    database->failure = code;
    database->system = failure_errno(database);
    if (is_full(database))
        error_set(err, ERROR_FULL, "%s: no room on the disk", database->path);
    else if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        error_set(err, ERROR_SYSTEM, "%s: another program keeps it locked", database->path);
    else if (primary == SQLITE_NOMEM)
        error_set(err, ERROR_MEMORY, "%s: no memory", database->path);
    else if (primary == SQLITE_NOTADB)
        error_set(err, ERROR_FORMAT,
                  "%s is no run store; name another folder with --store, or move it away",
                  database->path);
    else if (primary == SQLITE_CORRUPT)
        error_set(err, ERROR_FORMAT,
                  "%s is damaged; move it away, or name another folder with --store",
                  database->path);
    else if (code == SQLITE_READONLY_DBMOVED)
        error_set(err, ERROR_SYSTEM, "%s was moved or removed while it was in use", database->path);
    else if (primary == SQLITE_READONLY)
        error_set(err, ERROR_SYSTEM, "%s cannot be written; name another folder with --store",
                  database->path);
    else if (database->system)
        error_set(err, ERROR_SYSTEM, "%s: %s: %s", database->path, text,
                  strerror(database->system));
    else
        error_set(err, ERROR_SYSTEM, "%s: %s", database->path, text);
}

static int open_flags(enum database_mode mode)
{
    switch (mode) {
    case DATABASE_WRITE:
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case DATABASE_READ:
        return SQLITE_OPEN_READONLY;
    case DATABASE_UNCHANGING:
        return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case DATABASE_MEMORY:
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY;
    }
    return 0;
}

/* The path as a URI that tells SQLite to look for neither locks nor a log; for the caller to
 * free(). */
static char *unchanging_uri(const char *path, struct error *err)
{
    static const char DIGITS[] = "0123456789ABCDEF", QUERY[] = "?immutable=1";
    size_t size;
    char *uri = size_multiply(strlen(path), 3, &size)
                    ? memory_array(size + sizeof "file:" + sizeof QUERY, 1, err)
                    : NULL;
    if (!uri)
        return NULL;
    char *end = stpcpy(uri, "file:");
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        if (byte > ' ' && byte < 0x7f && !strchr("?#%", byte)) {
            *end++ = *path;
            continue;
        }
        *end++ = '%';
        *end++ = DIGITS[byte >> 4];
        *end++ = DIGITS[byte & 0xf];
    }
    (void)stpcpy(end, QUERY);
    return uri;
}

/* What holds for each connection; the first look at the file. */
static bool database_prepare(struct database *database, struct error *err)
{
    int64_t answer;
    (void)sqlite3_extended_result_codes(database->handle, 1);
    (void)sqlite3_busy_timeout(database->handle, LOCK_MILLISECONDS);
    return database_run(database, "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF", err) &&
           database_ask(database, "PRAGMA schema_version", &answer, err);
}

bool database_open(struct database *database, const char *path, enum database_mode mode,
                   struct error *err)
{
    *database = (struct database){.path = strdup(path)};
    if (!database->path) {
        error_set(err, ERROR_MEMORY, "no memory for a path");
        return false;
    }
    char *uri = mode == DATABASE_UNCHANGING ? unchanging_uri(path, err) : NULL;
    if (mode == DATABASE_UNCHANGING && !uri) {
        database_close(database);
        return false;
    }
    int result = sqlite3_open_v2(uri ? uri : path, &database->handle,
                                 open_flags(mode) | SQLITE_OPEN_NOMUTEX, NULL);
    free(uri);
    if (result != SQLITE_OK)
        database_fail(database, result, err);
    if (result == SQLITE_OK && database_prepare(database, err))
        return true;
    database_close(database);
    return false;
}

void database_close(struct database *database)
{
    (void)sqlite3_close(database->handle);
    free(database->path);
    database->handle = NULL;
    database->path = NULL;
}

bool database_run(struct database *database, const char *sql, struct error *err)
{
    int result = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    if (result != SQLITE_OK)
        database_fail(database, result, err);
    return result == SQLITE_OK;
}

bool database_ask(struct database *database, const char *sql, int64_t *answer, struct error *err)
{
    struct query query = query_begin(database, sql);
    *answer = query_next(&query) ? query_integer(&query) : 0;
    return query_end(&query, err);
}

void database_roll_back(struct database *database)
{
    for (int left = ROLL_BACK_TRIES; left > 0 && !sqlite3_get_autocommit(database->handle); left--)
        (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* Whether the file is not under its name any more: SQLite would write on into one that nobody can
 * find. */
static bool was_moved(const struct database *database)
{
    int moved = 0;
    return sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) ==
               SQLITE_OK &&
           moved;
}

/* Says why the file is not to be found under its name. */
static void tell_missing(struct database *database, struct error *err)
{
    struct stat status;
    if (stat(database->path, &status) == 0 || errno == ENOENT) {
        database_fail(database, SQLITE_READONLY_DBMOVED, err);
        return;
    }
    database->failure = SQLITE_CANTOPEN;
    database->system = errno;
    error_set_errno(err, database->system, "%s", database->path);
}

bool database_begin(struct database *database, struct error *err)
{
    database_roll_back(database); /* one that could not be ended for want of memory */
    if (was_moved(database)) {
        tell_missing(database, err);
        return false;
    }
    return database_run(database, "BEGIN IMMEDIATE", err);
}

bool database_commit(struct database *database, struct error *err)
{
    if (database_run(database, "COMMIT", err))
        return true;
    database_roll_back(database);
    return false;
}

struct query query_begin(struct database *database, const char *sql)
{
    struct query query = {.database = database, .parameter = 1};
    query.result = sqlite3_prepare_v2(database->handle, sql, -1, &query.statement, NULL);
    return query;
}

/* Keeps the first failure. */
static void query_note(struct query *query, int result)
{
    if (result != SQLITE_OK)
        query->result = result;
}

void query_bind_integer(struct query *query, int64_t value)
{
    if (query->result == SQLITE_OK)
        query_note(query, sqlite3_bind_int64(query->statement, query->parameter++, value));
}

void query_bind_size(struct query *query, uint64_t value)
{
    int64_t same_bits;
    memcpy(&same_bits, &value, sizeof same_bits);
    query_bind_integer(query, same_bits);
}

void query_bind_real(struct query *query, double value)
{
    if (query->result == SQLITE_OK)
        query_note(query, sqlite3_bind_double(query->statement, query->parameter++, value));
}

void query_bind_text(struct query *query, const char *text)
{
    if (query->result == SQLITE_OK)
        query_note(query, sqlite3_bind_text(query->statement, query->parameter++, text, -1,
                                            SQLITE_STATIC));
}

void query_bind_bytes(struct query *query, const void *bytes, size_t size)
{
    if (query->result == SQLITE_OK)
        query_note(query, sqlite3_bind_blob64(query->statement, query->parameter++, bytes, size,
                                              SQLITE_STATIC));
}

void query_bind_null(struct query *query)
{
    if (query->result == SQLITE_OK)
        query_note(query, sqlite3_bind_null(query->statement, query->parameter++));
}

bool query_next(struct query *query)
{
    if (query->result != SQLITE_OK)
        return false;
    int result = sqlite3_step(query->statement);
    query->column = 0;
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        query->result = result;
    return result == SQLITE_ROW;
}

void text_copy(char *copy, size_t size, const char *text)
{
    size_t length = 0, end = 0; /* `end` is that of a whole character */
    while (text[length] && length + 1 < size) {
        copy[length] = text[length];
        length++;
        if (((unsigned char)text[length] & 0xc0) != 0x80)
            end = length;
    }
    copy[end] = '\0';
}

int64_t query_integer(struct query *query)
{
    return sqlite3_column_int64(query->statement, query->column++);
}

uint64_t query_size(struct query *query)
{
    int64_t value = query_integer(query);
    uint64_t same_bits;
    memcpy(&same_bits, &value, sizeof same_bits);
    return same_bits;
}

bool query_is_null(struct query *query)
{
    return sqlite3_column_type(query->statement, query->column) == SQLITE_NULL;
}

double query_real(struct query *query)
{
    double value =
        query_is_null(query) ? NAN : sqlite3_column_double(query->statement, query->column);
    query->column++;
    return value;
}

void query_text(struct query *query, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(query->statement, query->column);
    if (!value && !query_is_null(query))
        query->result = SQLITE_NOMEM;
    query->column++;
    text_copy(text, size, value ? (const char *)value : "");
}

const void *query_bytes(struct query *query, size_t *size)
{
    const void *bytes = sqlite3_column_blob(query->statement, query->column);
    *size = (size_t)sqlite3_column_bytes(query->statement, query->column);
    if (!bytes && *size > 0)
        query->result = SQLITE_NOMEM;
    query->column++;
    return bytes;
}

void query_repeat(struct query *query)
{
    while (query_next(query))
        continue;
    if (query->result == SQLITE_OK)
        query->result = sqlite3_reset(query->statement);
    query->parameter = 1;
}

bool query_end(struct query *query, struct error *err)
{
    if (query->result != SQLITE_OK)
        database_fail(query->database, query->result, err);
    (void)sqlite3_finalize(query->statement);
    query->statement = NULL;
    return query->result == SQLITE_OK;
}

bool query_run(struct query *query, struct error *err)
{
    while (query_next(query))
        continue;
    return query_end(query, err);
}
