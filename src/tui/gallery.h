// SPDX-License-Identifier: MIT
/*
 * Images that were evaluated, side by side, each with what it is and what the network took it for,
 * and all that is known of the selected one.
 */
#ifndef FMNIST_TUI_GALLERY_H
#define FMNIST_TUI_GALLERY_H

#include "tui/canvas.h"
#include "tui/request.h"
#include "tui/scene.h"

/* Which images of an evaluation, in which order. */
struct gallery_list {
    const struct evaluation *evaluation;
    const uint32_t *places; /* in the evaluation's arrays */
    size_t count;
};

/* Which image is selected, and what was on the screen last: what a page is. */
struct gallery {
    size_t selected;
    bool chosen;          /* by the user, who keeps that image when the list changes */
    uint32_t image;       /* the selected one, in the data set's part */
    size_t first;         /* at the top left */
    size_t across, shown; /* pictures in a row, and in all */
};

/* The mistakes of an evaluation, surest first. */
struct gallery_list gallery_mistakes(const struct evaluation *evaluation);

/* Finds the selection's place in a new list: the image that the user chose where it is there, else
 * the same place; the first one where nothing was chosen. */
void gallery_follow(struct gallery *gallery, const struct gallery_list *list);

/* Draws the images of a list that is not empty, as large as fits. */
void gallery_draw(struct gallery *gallery, struct canvas *canvas, struct rect area,
                  const struct gallery_list *list, const struct scene *scene);

/* The same with pictures of at most `columns` cells, and nothing but pictures and captions. */
void gallery_draw_tiles(struct gallery *gallery, struct canvas *canvas, struct rect area,
                        const struct gallery_list *list, const struct scene *scene, int columns);

/* Draws what is known of the selected image. */
void gallery_draw_details(const struct gallery *gallery, struct canvas *canvas, struct rect area,
                          const struct gallery_list *list, const struct scene *scene);

/* Selects the image at a place of the list, as a click does; whether the user had selected it
 * already. */
bool gallery_pick(struct gallery *gallery, size_t place, const struct gallery_list *list);

/* Moves the selection; false for requests that are not about moving. */
bool gallery_act(struct gallery *gallery, enum request request, const struct gallery_list *list);

#endif
