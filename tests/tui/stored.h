// SPDX-License-Identifier: MIT
/* A run store in a folder of its own, with runs made up so that every drawing of them is the same
 * everywhere. */
#ifndef FMNIST_TESTS_TUI_STORED_H
#define FMNIST_TESTS_TUI_STORED_H

#include <stdbool.h>
#include <stdint.h>

#include "fmnist/store/run.h"

struct store;

struct stored {
    char *folder;
    struct store *store; /* opened for writing */
};

/* What differs from run to run. */
struct stored_run {
    const char *name, *model;
    enum run_state state;
    double learning_rate;
    uint64_t seed;
    size_t epochs, made; /* to make in all; made and evaluated */
    double reach;        /* the accuracy that it comes close to */
    double images_a_second;
};

/* An empty store; fails the test where there can be none. Times are shown as in UTC from then on.
 */
struct stored *stored_create(void);

/* Deletes all. */
void stored_destroy(struct stored *stored);

/* Adds a run, an hour later than the one before; returns its number. */
int64_t stored_add(struct stored *stored, const struct stored_run *run);

/* The same store, opened once more, as another program would. */
struct stored *stored_again(const struct stored *stored);
void stored_close(struct stored *stored);

/* Whether there is a run of that number. */
bool stored_has(struct stored *stored, int64_t id);

/* Six runs of all kinds. */
void stored_add_some(struct stored *stored);

#endif
