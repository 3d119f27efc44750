// SPDX-License-Identifier: MIT
/*
 * What is known of one image that was evaluated: its class, the network's answer and the ten
 * probabilities, what it was before, and what another network says.
 */
#ifndef FMNIST_TUI_FACTS_H
#define FMNIST_TUI_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/scene.h"

enum { FACTS_ROWS = 5 + DATASET_CLASSES, FACTS_COLUMNS = 26, FACTS_TEXT_SIZE = 128 };

struct facts {
    const struct scene *scene;
    const struct evaluation *evaluation;
    uint32_t place; /* in the evaluation's arrays */
};

const uint8_t *facts_pixels(const struct facts *facts);

/* "Shirt -> Coat 97%", with short names where it would be wider than `columns`; the class alone
 * where the answer is right. `text` has room for FACTS_TEXT_SIZE bytes. */
void facts_caption(const struct facts *facts, int columns, char *text);

/* Number and past: "#4 since ep 3", or the number alone where there is no more room. */
void facts_past(const struct facts *facts, int columns, char *text);

/* Lines about the image from the top of the area, without the probabilities; returns the row after
 * the last. */
int facts_draw_lines(const struct facts *facts, struct canvas *canvas, struct rect area);

/* The lines and below them the probabilities as bars. */
void facts_draw(const struct facts *facts, struct canvas *canvas, struct rect area);

#endif
