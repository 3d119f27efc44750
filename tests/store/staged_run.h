// SPDX-License-Identifier: MIT
/* A folder for a store, and what a trainer would have recorded: made up, but the same each time. */
#ifndef FMNIST_TESTS_STORE_STAGED_RUN_H
#define FMNIST_TESTS_STORE_STAGED_RUN_H

#include "fmnist/store/store.h"

/* A new empty folder; the name is to be free()d. staged_folder_remove() does that, too, after all
 * that is in the folder has been removed. Fails the test where it cannot. */
char *staged_folder(void);
void staged_folder_remove(char *folder);

/* The same as setup and teardown of a test, whose state is the folder's name. */
int staged_folder_setup(void **state);
int staged_folder_teardown(void **state);

/* A store in the folder. */
struct store *staged_store(const char *folder, enum store_mode mode);

/* A row for a run of LeNet-5. */
struct run_row staged_row(void);

/* A history of so many points: losses and so on are bits drawn at random, all floats but NaN. */
struct history *staged_history(struct history_counts counts);
void assert_same_history(const struct history *a, const struct history *b,
                         struct history_counts counts);

/* An evaluation of `count` images after that step, drawn at random. */
const struct evaluation *staged_evaluation(enum evaluation_part part, uint64_t step, size_t count);
void assert_same_evaluation(const struct evaluation *a, const struct evaluation *b);

/* A checkpoint of LeNet-5 at that step, whole, with such a place; not best, not evaluated. */
struct checkpoint *staged_checkpoint(uint64_t step);
void assert_same_checkpoint(const struct checkpoint *a, const struct checkpoint *b);

#endif
