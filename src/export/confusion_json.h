// SPDX-License-Identifier: MIT
/* A confusion matrix as JSON, the same in all documents. */
#ifndef FMNIST_EXPORT_CONFUSION_JSON_H
#define FMNIST_EXPORT_CONFUSION_JSON_H

#include <stddef.h>

#include <jansson.h>

#include "fmnist/data/dataset.h"

/* A list of rows, one a true class, each a list of how many images got which answer. NULL without
 * memory. */
json_t *confusion_json(const size_t confusion[DATASET_CLASSES][DATASET_CLASSES]);

#endif
