// SPDX-License-Identifier: MIT
/*
 * All that is written of a run, read from the store once: what the exporters of each format share.
 * Texts of the row and of the events are valid UTF-8 without control characters. Read-only after
 * export_run_load(), for one thread at a time.
 */
#ifndef FMNIST_EXPORT_RUN_H
#define FMNIST_EXPORT_RUN_H

#include "fmnist/store/store.h"

struct export_run {
    struct run_row row;
    struct history *history;
    struct history_counts counts;       /* of its points */
    struct run_evaluation *evaluations; /* by rising step */
    size_t evaluation_count;
    struct run_event *events; /* oldest first */
    size_t event_count;
    const struct evaluation *validation; /* the newest whose answers are kept; NULL: none */
    const struct evaluation *test;       /* likewise */
    struct dataset *dataset;             /* the one that the run was trained on, */
    struct error missing;                /* or NULL and why it is not there */
    char class_names[DATASET_CLASSES][DATASET_CLASS_NAME_SIZE];
};

/* Reads the run `id`. The data set is looked for in `data_directory` (NULL: not there), in the
 * run's own folder, and as dataset.h says. False with `err` set, and nothing to release, where the
 * store cannot be read; a data set that is not there is no error. */
bool export_run_load(struct export_run *run, struct store *store, int64_t id,
                     const char *data_directory, struct error *err);

void export_run_release(struct export_run *run);

/* "LeNet-5" for "lenet"; a model that this program does not know keeps its name. */
const char *export_run_model(const struct export_run *run);

/* The evaluation that tables, matrix and mistakes are about: on the test images, else the newest on
 * the validation images; NULL: none, or its answers were not kept. */
const struct evaluation *export_run_answers(const struct export_run *run);

/* The newest figures of that part; NULL: none. */
const struct run_evaluation *export_run_figures(const struct export_run *run,
                                                enum evaluation_part part);

/* The 28 x 28 pixels of the image at a place of the evaluation; NULL where the data set is not
 * there or has no such image. */
const uint8_t *export_run_pixels(const struct export_run *run, const struct evaluation *evaluation,
                                 size_t place);

const char *export_part_name(enum evaluation_part part); /* "validation", "test" */

#endif
