// SPDX-License-Identifier: MIT
/*
 * A run for TensorBoard: four event files in a folder and its subfolders, so that curves of the
 * training and the validation part, which have the same tags, lie over one another in one chart.
 */
#ifndef FMNIST_EXPORT_TENSORBOARD_H
#define FMNIST_EXPORT_TENSORBOARD_H

#include <stdbool.h>

#include "export/buffer.h"
#include "export/run.h"

enum tensorboard_part {
    TENSORBOARD_SETTINGS,   /* in the folder itself: settings as text and for HParams */
    TENSORBOARD_TRAIN,      /* loss, accuracy, learning rate of each step; images/s */
    TENSORBOARD_VALIDATION, /* loss, accuracy, F1 of each class, confusion matrix, mistakes */
    TENSORBOARD_TEST,       /* likewise */
};

enum { TENSORBOARD_PARTS = TENSORBOARD_TEST + 1, TENSORBOARD_PATH_SIZE = 96 };

/* Writes the file's path in the folder: "train/events.out.tfevents.1764079331.run-12". */
void tensorboard_path(const struct export_run *run, enum tensorboard_part part,
                      char path[TENSORBOARD_PATH_SIZE]);

/* Writes the file. False with `err` set, or `out` marked, where memory is short. */
bool tensorboard_write(struct buffer *out, const struct export_run *run, enum tensorboard_part part,
                       struct error *err);

#endif
