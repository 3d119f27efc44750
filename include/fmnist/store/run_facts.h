// SPDX-License-Identifier: MIT
/*
 * What there is to tell people of a stored run, as a table of labels and texts: the same for lists,
 * comparisons and details, on screens and without them.
 */
#ifndef FMNIST_STORE_RUN_FACTS_H
#define FMNIST_STORE_RUN_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "fmnist/store/run.h"

enum { RUN_FACT_SIZE = RUN_PATH_SIZE };

enum run_fact_kind {
    RUN_FACT_SETTING, /* decided before the run began; compared where it differs */
    RUN_FACT_RESULT,  /* what came of it; always compared */
    RUN_FACT_DETAIL,  /* of interest where the run is looked at alone */
};

struct run_fact {
    const char *label; /* "learning rate" */
    enum run_fact_kind kind;

    /* Writes the text; an empty one where it is not known. */
    void (*write)(const struct run_row *run, char *text, size_t size);
};

/* The table, settings first; NULL past its end. */
const struct run_fact *run_fact(size_t index);

/* Whether a fact belongs to a comparison of the runs. */
bool run_fact_compared(const struct run_fact *fact, const struct run_row *const *runs,
                       size_t count);

/* Texts of a run that lists have columns for. */
const char *run_title(const struct run_row *run);                          /* "LeNet-5" */
void run_write_name(const struct run_row *run, char *text, size_t size);   /* else "run 12" */
void run_write_best(const struct run_row *run, char *text, size_t size);   /* "88.93", or empty */
void run_write_test(const struct run_row *run, char *text, size_t size);   /* likewise */
void run_write_epochs(const struct run_row *run, char *text, size_t size); /* "7.4/15" */
void run_write_time(const struct run_row *run, char *text, size_t size);   /* "1:05", "2:10:00" */

/* A moment in the local time: "2026-11-25 21:45"; an empty text for 0. */
void run_write_moment(double moment, char *text, size_t size);

#endif
