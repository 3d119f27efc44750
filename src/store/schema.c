// SPDX-License-Identifier: MIT
#include "store/schema.h"

#include <stdio.h>

enum { SQL_SIZE = 64 };

/* What a database says of itself. */
struct marks {
    int64_t application, version, tables;
};

static bool read_marks(struct database *database, struct marks *marks, struct error *err)
{
    return database_ask(database, "PRAGMA application_id", &marks->application, err) &&
           database_ask(database, "PRAGMA user_version", &marks->version, err) &&
           database_ask(database, "SELECT count(*) FROM sqlite_master", &marks->tables, err);
}

/* All at one moment: another program may be making the store. */
static bool read_marks_at_once(struct database *database, struct marks *marks, struct error *err)
{
    if (!sqlite3_get_autocommit(database->handle))
        return read_marks(database, marks, err);
    if (!database_run(database, "BEGIN", err))
        return false;
    bool good = read_marks(database, marks, err);
    database_roll_back(database);
    return good;
}

bool schema_look(struct database *database, size_t count, size_t *version, struct error *err)
{
    struct marks marks;
    if (!read_marks_at_once(database, &marks, err))
        return false;
    bool ours = marks.application == SCHEMA_APPLICATION && marks.version >= 0;
    bool nothing = marks.application == 0 && marks.version == 0 && marks.tables == 0;
    *version = (size_t)marks.version;
    if (ours && *version > count)
        error_set(err, ERROR_FORMAT,
                  "%s has version %zu, this program knows versions up to %zu: use a newer "
                  "fmnist-tui",
                  database->path, *version, count);
    else if (ours || nothing)
        return true;
    else
        error_set(err, ERROR_FORMAT,
                  "%s is a database of another program; name another folder with --store, or move "
                  "it away",
                  database->path);
    return false;
}

static bool set_pragma(struct database *database, const char *name, int64_t value,
                       struct error *err)
{
    char sql[SQL_SIZE];
    (void)snprintf(sql, sizeof sql, "PRAGMA %s = %lld", name, (long long)value);
    return database_run(database, sql, err);
}

/* Within a transaction. */
static bool migrate_from(struct database *database, size_t version, const char *const *migrations,
                         size_t count, struct error *err)
{
    for (; version < count; version++)
        if (!database_run(database, migrations[version], err)) {
            error_prefix(err, "cannot bring the store from version %zu to %zu", version,
                         version + 1);
            return false;
        }
    return set_pragma(database, "application_id", SCHEMA_APPLICATION, err) &&
           set_pragma(database, "user_version", (int64_t)count, err);
}

bool schema_migrate(struct database *database, const char *const *migrations, size_t count,
                    struct error *err)
{
    size_t version;
    if (!schema_look(database, count, &version, err))
        return false;
    if (version == count)
        return true;
    if (!database_begin(database, err))
        return false;
    /* another program may have done it meanwhile */
    if (!schema_look(database, count, &version, err) ||
        (version < count && !migrate_from(database, version, migrations, count, err))) {
        database_roll_back(database);
        return false;
    }
    return database_commit(database, err);
}
