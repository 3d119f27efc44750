// SPDX-License-Identifier: MIT
/* A run as one JSON object. What is no finite number is null. */
#ifndef FMNIST_EXPORT_RUN_JSON_H
#define FMNIST_EXPORT_RUN_JSON_H

#include <stdbool.h>

#include "export/buffer.h"
#include "export/run.h"

/* Writes the object as the man page describes it. False with `err` set, or `out` marked, where
 * memory is short. */
bool run_json_write(struct buffer *out, const struct export_run *run, struct error *err);

#endif
