// SPDX-License-Identifier: MIT
/*
 * The misclassified validation images, surest mistakes first: pictures side by side with what they
 * are and what the network took them for, and of the selected one all that is known.
 */
#ifndef FMNIST_TUI_GALLERY_H
#define FMNIST_TUI_GALLERY_H

#include "fmnist/train/snapshot.h"
#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/request.h"

/* Which mistake is selected, and what was on the screen last: what a page is. */
struct gallery {
    size_t selected;
    size_t first;         /* at the top left */
    size_t across, shown; /* pictures in a row, and in all */
};

/* Draws the active learner's mistakes; there is a validation. */
void gallery_draw(struct gallery *gallery, struct canvas *canvas, struct rect area,
                  const struct snapshot *snapshot, const struct look *look);

/* Moves the selection; false for requests that are not about moving. */
bool gallery_act(struct gallery *gallery, enum request request, size_t mistakes);

#endif
