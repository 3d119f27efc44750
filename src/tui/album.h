// SPDX-License-Identifier: MIT
/*
 * A choice of the images of an evaluation, in an order: what the view of mistakes leafs through.
 * Made anew only when something that it depends on has changed. Needs no terminal.
 */
#ifndef FMNIST_TUI_ALBUM_H
#define FMNIST_TUI_ALBUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/scene.h"

enum album_order {
    ALBUM_SUREST, /* by the probability of the answer, greatest first */
    ALBUM_LEAST_SURE,
    ALBUM_LONGEST_WRONG,
    ALBUM_MOST_FORGOTTEN,
    ALBUM_CLASS, /* by true, then by predicted class */
    ALBUM_IMAGE, /* by number */
    ALBUM_ORDERS,
};

/* What is wanted. */
struct album_wish {
    enum album_order order;
    bool all;                    /* right answers, too */
    struct class_pair pair;      /* only these, right or wrong, where chosen */
    const struct filter *filter; /* only those that match; NULL: no filter */
    unsigned filtered;           /* changes with the filter */
    const struct evaluation *answers[SNAPSHOT_MODELS_MAX]; /* for the filter, as in its subject */
};

struct album {
    const struct evaluation *evaluation; /* with a reference; NULL: nothing yet */
    struct album_wish wish; /* with references to its answers where the filter asks for them */
    uint32_t *places;       /* in the evaluation's arrays */
    size_t count, capacity;
};

/* "surest first" */
const char *album_order_name(enum album_order order);

/* Fills the album from the evaluation (NULL: empties it) unless it is so already. Returns whether
 * it changed. Where memory is short the album is empty. A zeroed album is an empty one. */
bool album_fill(struct album *album, const struct evaluation *evaluation,
                const struct album_wish *wish);

void album_clear(struct album *album);

#endif
