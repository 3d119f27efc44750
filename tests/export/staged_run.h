// SPDX-License-Identifier: MIT
/*
 * A run made up for tests of the exporters: the sample's images, curves from formulas with a value
 * that is not finite, answers from a fixed rule, and texts that every format has to escape. Fails
 * the test where memory is short.
 */
#ifndef FMNIST_TESTS_EXPORT_STAGED_RUN_H
#define FMNIST_TESTS_EXPORT_STAGED_RUN_H

#include "export/run.h"

enum { STAGED_STEPS_PER_EPOCH = 54, STAGED_NAN_STEP = 100 };

/* After so many whole epochs, the last of which is tested; with `finite` all values are. */
struct export_run *staged_run_create(size_t epochs, bool finite);
void staged_run_destroy(struct export_run *run);

#endif
