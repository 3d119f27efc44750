// SPDX-License-Identifier: MIT
/*
 * A run made up for tests of what the screen draws: the sample's images, curves from formulas and
 * answers from a fixed rule, so that every drawing of it is the same everywhere.
 */
#ifndef FMNIST_TESTS_TUI_STAGED_H
#define FMNIST_TESTS_TUI_STAGED_H

#include "fmnist/train/snapshot.h"

struct staged {
    struct dataset *dataset;
    struct history *history; /* of LeNet-5 */
    struct history *parked;  /* of AlexNet */
    struct snapshot snapshot;
};

/* LeNet-5 after `steps` steps at 54 an epoch, evaluated after each whole epoch; AlexNet parked
 * after half as many. Fails the test where memory is short. */
struct staged *staged_create(size_t steps);

/* Makes AlexNet's run another one: it learns faster a step, but a step takes longer, and it errs
 * at other images. */
void staged_diverge(struct staged *staged);
void staged_destroy(struct staged *staged);

#endif
