// SPDX-License-Identifier: MIT
/*
 * A connection to an SQLite database, and queries on it whose failures are told once, at their end.
 *
 *     struct query query = query_begin(database, "SELECT step FROM runs WHERE id = ?");
 *     query_bind_integer(&query, id);
 *     while (query_next(&query))
 *         use(query_integer(&query));
 *     return query_end(&query, err);
 *
 * Parameters and columns are taken from left to right. Used by one thread at a time.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "fmnist/base/error.h"

struct database {
    sqlite3 *handle;
    char *path;  /* for messages */
    int failure; /* SQLite's extended code of the last failure */
    int system;  /* errno of it, or 0 */
};

enum database_mode {
    DATABASE_WRITE,      /* created where it does not exist */
    DATABASE_READ,       /* must exist */
    DATABASE_UNCHANGING, /* the same on a medium that nobody can write */
    DATABASE_MEMORY,     /* empty, in memory; the path is but for messages */
};

/* Opens it with foreign keys, waiting for locks of others, and full codes. False with `err` set,
 * and nothing to close. */
bool database_open(struct database *database, const char *path, enum database_mode mode,
                   struct error *err);
void database_close(struct database *database);

/* Runs statements that have neither parameters nor results. */
bool database_run(struct database *database, const char *sql, struct error *err);

/* The first column of the first row of such a statement, an integer. */
bool database_ask(struct database *database, const char *sql, int64_t *answer, struct error *err);

/* A transaction that may write from its beginning; none where the file was moved or removed.
 * Rolling back keeps database_passing(). */
bool database_begin(struct database *database, struct error *err);
bool database_commit(struct database *database, struct error *err); /* rolls back on failure */
void database_roll_back(struct database *database);

/* Whether the last failure may pass: no room on the disk, a medium that cannot be written or has
 * errors, a file that was moved away, another program's lock. */
bool database_passing(const struct database *database);

struct query {
    struct database *database;
    sqlite3_stmt *statement;
    int parameter, column; /* the next */
    int result;            /* SQLite's code; after a failure nothing is done any more */
};

struct query query_begin(struct database *database, const char *sql);

/* Set the next parameter; text and bytes must stay as they are until the end. Numbers that are not
 * finite: infinities are kept, NaN becomes NULL. */
void query_bind_integer(struct query *query, int64_t value);
void query_bind_size(struct query *query, uint64_t value); /* its 64 bits */
void query_bind_real(struct query *query, double value);
void query_bind_text(struct query *query, const char *text);
void query_bind_bytes(struct query *query, const void *bytes, size_t size);
void query_bind_null(struct query *query);

/* Goes to the next row; false where there is none, or something failed. */
bool query_next(struct query *query);

/* Take the next column of the row. NULL is 0, NaN, "". */
int64_t query_integer(struct query *query);
uint64_t query_size(struct query *query);
double query_real(struct query *query);
void query_text(struct query *query, char *text, size_t size); /* cut to size */
const void *query_bytes(struct query *query, size_t *size);    /* until the next row */
bool query_is_null(struct query *query);                       /* does not take it */

/* Runs a statement without results, and makes it ready for other parameters. */
void query_repeat(struct query *query);

/* Ends the query; false with `err` set where anything failed since query_begin(). */
bool query_end(struct query *query, struct error *err);

/* Runs it to its end, for statements without results. */
bool query_run(struct query *query, struct error *err);

/* Copies as much of a UTF-8 text as there is room for, in whole characters. */
void text_copy(char *copy, size_t size, const char *text);

#endif
