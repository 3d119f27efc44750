// SPDX-License-Identifier: MIT
/*
 * How far two networks agree on the same images: which of them are right, image by image, and
 * whether that tells them apart. Made anew only when one of the evaluations has changed. Needs no
 * terminal.
 */
#ifndef FMNIST_TUI_AGREEMENT_H
#define FMNIST_TUI_AGREEMENT_H

#include "tui/gallery.h"

enum agreement_cell {
    AGREEMENT_BOTH_RIGHT,
    AGREEMENT_FIRST_ONLY,
    AGREEMENT_SECOND_ONLY,
    AGREEMENT_BOTH_WRONG,
    AGREEMENT_CELLS,
};

struct agreement {
    const struct evaluation *first, *second; /* with references; NULL: nothing to compare */
    size_t counts[AGREEMENT_CELLS];          /* images */
    double probability; /* McNemar's: of such a difference between networks that are equally good */
    uint32_t *places;   /* all images, cell by cell, in each the surest answers first; NULL where
                           memory is short */
};

/* Below this probability a difference counts as one. */
extern const double AGREEMENT_LEVEL;

/* Compares two evaluations (NULL: none) of the same images unless it has already. A zeroed
 * agreement is an empty one. */
void agreement_update(struct agreement *agreement, const struct evaluation *first,
                      const struct evaluation *second);
void agreement_clear(struct agreement *agreement);

/* The images of a cell, with the answers of the network that is wrong, or of the first one. */
struct gallery_list agreement_list(const struct agreement *agreement, enum agreement_cell cell);

#endif
