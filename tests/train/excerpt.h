// SPDX-License-Identifier: MIT
/* A small data set on disk: an excerpt of the embedded sample, so that an epoch takes moments. */
#ifndef FMNIST_TESTS_TRAIN_EXCERPT_H
#define FMNIST_TESTS_TRAIN_EXCERPT_H

#include <stddef.h>

#include "fmnist/train/trainer.h"

enum {
    EXCERPT_TRAIN = 1000, /* 900 to train on, 100 to validate */
    EXCERPT_TEST = 100,
    EXCERPT_BATCH = 50,
    EXCERPT_EPOCH = 18, /* steps in an epoch with that batch */
};

/* Writes the files to a new directory and returns its name; fails the test where it cannot. */
char *excerpt_create(void);

/* Removes the directory and frees its name. */
void excerpt_remove(char *directory);

/* The same as setup and teardown of a group of tests, whose state is the directory's name. */
int excerpt_setup(void **state);
int excerpt_teardown(void **state);

/* Two threads, one epoch in batches of 50 on the excerpt; callers change what they need. */
struct trainer_settings excerpt_settings(const char *model, const char *directory);

#endif
