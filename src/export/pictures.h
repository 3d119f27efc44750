// SPDX-License-Identifier: MIT
/* Pictures of an evaluation as PNG, for event files. */
#ifndef FMNIST_EXPORT_PICTURES_H
#define FMNIST_EXPORT_PICTURES_H

#include <stdbool.h>

#include "export/event_file.h"
#include "export/run.h"

enum { PICTURE_MISTAKES = 40 };

/* The confusion matrix: true classes down, predicted ones across, the darker the larger the share
 * of the true class. For the caller to free(image->bytes). False with `err` set where memory is
 * short. */
bool picture_confusion(const struct run_evaluation *evaluation, struct event_image *image,
                       struct error *err);

/* The surest mistakes in rows of ten, PICTURE_MISTAKES at most; likewise. `image->bytes` is NULL
 * where there are none or the data set is not there. */
bool picture_mistakes(const struct export_run *run, const struct evaluation *evaluation,
                      struct event_image *image, struct error *err);

#endif
