// SPDX-License-Identifier: MIT
/* All formats in the form that struct export_file takes. */
#ifndef FMNIST_EXPORT_FORMATS_H
#define FMNIST_EXPORT_FORMATS_H

#include <stdbool.h>

#include "export/buffer.h"
#include "export/run.h"

/* `part` is an enum csv_table, */
bool format_csv(struct buffer *out, const struct export_run *run, int part, struct error *err);

/* nothing, */
bool format_json(struct buffer *out, const struct export_run *run, int part, struct error *err);
bool format_html(struct buffer *out, const struct export_run *run, int part, struct error *err);

/* or an enum tensorboard_part. */
bool format_events(struct buffer *out, const struct export_run *run, int part, struct error *err);

#endif
