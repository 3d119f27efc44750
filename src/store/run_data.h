// SPDX-License-Identifier: MIT
/* Data sets that stored runs were trained on. One thread. */
#ifndef FMNIST_STORE_RUN_DATA_H
#define FMNIST_STORE_RUN_DATA_H

#include "fmnist/data/dataset.h"
#include "fmnist/store/run.h"

/* Where to look for them: as dataset.h says where nothing is set and they are not where the run had
 * them. */
struct run_data_place {
    const char *directory; /* NULL: none was named */
    bool sample;
};

/* Loads the data that the run was trained on, which their hash tells. NULL with `err` set where
 * they are not found. A run that does not say what it was trained on is content with any. */
struct dataset *run_data_load(const struct run_row *row, const struct run_data_place *place,
                              dataset_progress progress, void *context, struct error *err);

#endif
