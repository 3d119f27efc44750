// SPDX-License-Identifier: MIT
/* Bringing out what is on an image: its ink as large and as bright as the frame lets it be. */
#ifndef FMNIST_TUI_INK_H
#define FMNIST_TUI_INK_H

#include <stdint.h>

#include "fmnist/data/dataset.h"

/* Writes the smallest square with all ink in it (pixels above INK_MIN), brought to 28x28 by linear
 * interpolation and stretched from black to white; an empty image as it is. Both DATASET_PIXELS. */
enum { INK_MIN = 16 };
void ink_fit(const uint8_t *pixels, uint8_t *fitted);

#endif
