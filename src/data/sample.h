// SPDX-License-Identifier: MIT
/*
 * The four files of data/sample/ as they lie in the program (sample.S), gzip-ed: each from its name
 * to the name with `_end`.
 */
#ifndef DATA_SAMPLE_H
#define DATA_SAMPLE_H

#include <stdint.h>

extern const uint8_t sample_train_images[], sample_train_images_end[];
extern const uint8_t sample_train_labels[], sample_train_labels_end[];
extern const uint8_t sample_test_images[], sample_test_images_end[];
extern const uint8_t sample_test_labels[], sample_test_labels_end[];

#endif
