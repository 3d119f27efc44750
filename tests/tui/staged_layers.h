// SPDX-License-Identifier: MIT
/*
 * What a staged run tells of its networks' layers: their true shapes, and times, norms and pictures
 * from formulas, so that every drawing of them is the same everywhere.
 */
#ifndef FMNIST_TESTS_TUI_STAGED_LAYERS_H
#define FMNIST_TESTS_TUI_STAGED_LAYERS_H

#include "staged.h"

struct staged_layers;

/* Gives both learners of the run an anatomy. Fails the test where memory is short. */
struct staged_layers *staged_layers_create(struct staged *staged);

/* Gives the active learner the study that is asked for; none where no layer is opened. */
void staged_layers_study(struct staged_layers *layers, struct staged *staged,
                         const struct observation *subject);

/* Takes all of it back. */
void staged_layers_destroy(struct staged_layers *layers, struct staged *staged);

#endif
