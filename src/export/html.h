// SPDX-License-Identifier: MIT
/* A run as one HTML file that loads nothing: figures, curves, confusion matrix, classes, mistakes,
 * events; readable on light and dark backgrounds and without colours. */
#ifndef FMNIST_EXPORT_HTML_H
#define FMNIST_EXPORT_HTML_H

#include <stdbool.h>

#include "export/buffer.h"
#include "export/run.h"

/* Writes the document. False with `err` set, or `out` marked, where memory is short. */
bool html_write(struct buffer *out, const struct export_run *run, struct error *err);

#endif
