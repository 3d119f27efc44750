// SPDX-License-Identifier: MIT
/* What the files of the store share: store.c (opening), store_runs.c, store_curves.c,
 * store_evaluations.c, store_events.c, store_anatomy.c, store_checkpoints.c, store_dead.c,
 * store_past.c. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "fmnist/store/store.h"
#include "store/database.h"

enum { STORE_PATH_SIZE = 4096 };

/* Of an event that tells of a program which died. */
#define RUN_DETAIL_DIED "killed or crashed"

struct store {
    struct database database;
    char *directory;
    enum store_mode mode;
    bool absent;     /* there is no file: the database is an empty one in memory */
    bool looked;     /* the next is known: */
    int64_t version; /* SQLite's data_version, when store_changed() was last asked */
};

/* Seconds since 1970. */
double store_now(void);

/* Joins parts of a path; false with `err` set where it is too long. */
bool store_path(char *path, size_t size, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Makes a folder and those above it. */
bool store_make_directory(const char *path, struct error *err);

/* Whether a transaction may be begun: `err` is set where the store was opened to read. */
bool store_begin(struct store *store, struct error *err);

#endif
