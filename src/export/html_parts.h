// SPDX-License-Identifier: MIT
/* The pieces of the HTML document, one file each. */
#ifndef FMNIST_EXPORT_HTML_PARTS_H
#define FMNIST_EXPORT_HTML_PARTS_H

#include <stdarg.h>
#include <stdbool.h>

#include "export/buffer.h"
#include "export/run.h"
#include "fmnist/train/curve.h"

/* Text with &, <, >, " and ' escaped, for between tags and in quoted attributes. */
void html_text(struct buffer *out, const char *text);

/* The same of what printf() would make. */
void html_print(struct buffer *out, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* What <head> holds. */
void html_head(struct buffer *out, const struct export_run *run);

/* The figures on top and the settings. */
void html_summary(struct buffer *out, const struct export_run *run);

/* One chart of the batches, their moving average, evaluations and events, in a <figure>. */
void html_chart(struct buffer *out, const struct export_run *run, struct curve *curve,
                enum curve_value value);

/* Confusion matrix and table of the classes of an evaluation. */
void html_matrix(struct buffer *out, const struct export_run *run,
                 const struct run_evaluation *evaluation);
void html_classes(struct buffer *out, const struct export_run *run,
                  const struct run_evaluation *evaluation);

/* The surest mistakes as pictures; false with `err` set where memory is short. */
bool html_gallery(struct buffer *out, const struct export_run *run, struct error *err);

/* The evaluations and the events as tables. */
void html_epochs(struct buffer *out, const struct export_run *run);
void html_events(struct buffer *out, const struct export_run *run);

#endif
