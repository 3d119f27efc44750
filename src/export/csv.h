// SPDX-License-Identifier: MIT
/* A run's tables as RFC 4180 has them: commas, lines that end with CR LF, quotes where they are
 * needed, a line of names on top. Numbers keep what a float holds; "nan", "inf" and "-inf" stand
 * for what is no finite number. */
#ifndef FMNIST_EXPORT_CSV_H
#define FMNIST_EXPORT_CSV_H

#include <stdbool.h>

#include "export/buffer.h"
#include "export/run.h"

enum csv_table {
    CSV_EPOCHS,    /* a line an evaluation on the validation part */
    CSV_STEPS,     /* a line a training step that was recorded */
    CSV_CLASSES,   /* a line a class of each evaluation */
    CSV_CONFUSION, /* a line a pair of classes of each evaluation */
    CSV_EVENTS,    /* what happened */
};

/* Writes the table. */
void csv_write(struct buffer *out, const struct export_run *run, enum csv_table table);

#endif
