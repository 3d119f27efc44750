// SPDX-License-Identifier: MIT
/*
 * A thread that looks into the networks of stored runs: it reads the weights of a checkpoint and
 * hands them to a surveyor (train/surveyor.h), for one order at a time. It starts with the first
 * order; without one it holds neither weights nor network. Functions are for the thread of the
 * watcher that owns it, and never wait for it, except for survey_destroy().
 */
#ifndef FMNIST_STORE_SURVEY_H
#define FMNIST_STORE_SURVEY_H

#include "fmnist/store/store.h"
#include "fmnist/train/queue.h"
#include "store/store_parts.h"

struct survey;

/* What to look into, and at what. */
struct survey_order {
    int64_t run; /* 0: nothing, from now on */
    uint64_t step;
    char path[STORE_PATH_SIZE]; /* of the checkpoint's weights */
    const struct network_spec *spec;
    const struct dataset *dataset;
    uint64_t seed;
    struct observation wish;
};

struct survey_result {
    int64_t run; /* 0: nothing yet */
    uint64_t step;
    const struct anatomy *anatomy; /* idle units, where they were wanted */
    const struct study *study;     /* of the layer that was wanted; NULL: none */
    double seconds;                /* of a processor that it took */
    struct error failure;          /* why there is nothing; or ERROR_NONE */
};

/* When an order has been carried out RUN_REFRESH is put into the queue, which must outlive it. */
struct survey *survey_create(struct queue *queue, struct error *err);

/* Ends the thread. */
void survey_destroy(struct survey *survey);

/* Orders another look, in place of one that waits or is under way. False with `err` set where the
 * thread cannot be started. */
bool survey_order(struct survey *survey, const struct survey_order *order, struct error *err);

/* Takes what has been seen since the last call, with its references; false where that is nothing.
 */
bool survey_take(struct survey *survey, struct survey_result *result);
void survey_result_release(struct survey_result *result);

#endif
