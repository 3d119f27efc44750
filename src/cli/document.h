// SPDX-License-Identifier: MIT
/* JSON documents, and the parts of them that several commands write. */
#ifndef FMNIST_CLI_DOCUMENT_H
#define FMNIST_CLI_DOCUMENT_H

#include <jansson.h>
#include <stdio.h>

#include "fmnist/train/evaluation.h"

/* Figures, classes and confusion matrix; null where there is no evaluation. Like the next ones
 * NULL without memory. */
json_t *document_evaluation(const struct evaluation *evaluation, const struct dataset *dataset);

/* Where images came from. */
json_t *document_data(const struct dataset *dataset);

/* A text that may be no UTF-8, such as a file's name: other bytes become ? then. */
json_t *document_text(const char *text);

/* Writes a document, which it takes over, in lines; false with `err` set where it is NULL or cannot
 * be written. */
bool document_write(FILE *out, json_t *document, struct error *err);

#endif
