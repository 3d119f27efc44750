// SPDX-License-Identifier: MIT
/* The result of a training without screens, for people and for programs. */
#ifndef FMNIST_CLI_REPORT_H
#define FMNIST_CLI_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "fmnist/base/error.h"
#include "fmnist/train/snapshot.h"

/* Writes accuracy, a table of the classes, and the confusion matrix: of the test images, or of the
 * validation images where the run was interrupted before the test. */
void report_write(FILE *out, const struct snapshot *snapshot);

/* Writes the table of the classes and the confusion matrix of an evaluation. */
void report_write_tables(FILE *out, const struct evaluation *evaluation,
                         const struct dataset *dataset);

/* Writes one JSON object, as the man page describes it. False with `err` set where memory is short
 * or the write fails. */
bool report_write_json(FILE *out, const struct snapshot *snapshot, bool interrupted,
                       struct error *err);

#endif
