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
    bool chosen;          /* by the user, who keeps that image through evaluations */
    uint32_t image;       /* the selected one, in the training set */
    size_t first;         /* at the top left */
    size_t across, shown; /* pictures in a row, and in all */
};

/* Finds the selection's place after a new evaluation: the image that the user chose where it is
 * still a mistake, else the same place; the surest mistake where nothing was chosen. */
void gallery_follow(struct gallery *gallery, const struct evaluation *evaluation);

/* Draws the active learner's mistakes; there is a validation. */
void gallery_draw(struct gallery *gallery, struct canvas *canvas, struct rect area,
                  const struct snapshot *snapshot, const struct look *look);

/* Draws what is known of the selected mistake, the ten probabilities as bars included. */
void gallery_draw_details(const struct gallery *gallery, struct canvas *canvas, struct rect area,
                          const struct snapshot *snapshot, const struct look *look);

/* Moves the selection among the evaluation's mistakes (NULL: there are none yet); false for
 * requests that are not about moving. */
bool gallery_act(struct gallery *gallery, enum request request,
                 const struct evaluation *evaluation);

#endif
