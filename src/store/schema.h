// SPDX-License-Identifier: MIT
/* The tables of the run store, and how older stores become newer ones. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>

#include "store/database.h"

enum {
    SCHEMA_APPLICATION = 0x666d6e74, /* "fmnt": SQLite's application_id */
    SCHEMA_VERSION = 1,              /* SQLite's user_version */
};

/* Statements that make a store of version N from one of version N - 1: number N - 1. */
extern const char *const SCHEMA_MIGRATIONS[SCHEMA_VERSION];

/* Sets *version where it is a run store of version `count` or older, or nothing yet (version 0).
 * False with `err` set where it is newer or no run store. Changes nothing. */
bool schema_look(struct database *database, size_t count, size_t *version, struct error *err);

/* Brings a store, or an empty database, to version `count` in one transaction. False with `err`
 * set, and nothing changed, where it is newer, no run store, or something fails. */
bool schema_migrate(struct database *database, const char *const *migrations, size_t count,
                    struct error *err);

#endif
