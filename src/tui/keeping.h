// SPDX-License-Identifier: MIT
/* What to tell the user of the checkpoints that are written: that one was, where it was asked for,
 * and each time that one could not be. */
#ifndef FMNIST_TUI_KEEPING_H
#define FMNIST_TUI_KEEPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fmnist/train/snapshot.h"

struct keeping {
    bool wanted;          /* the user asked for a checkpoint, of which nothing was heard yet, */
    uint64_t wanted_step; /* when the run was at that step */
    char failure[ERROR_MESSAGE_SIZE]; /* that was told last */
};

/* The user, who sees this snapshot, asks for a checkpoint. */
void keeping_ask(struct keeping *keeping, const struct snapshot *snapshot);

/* Compares with a newer snapshot; true with one line in `text` where there is something to tell. */
bool keeping_update(struct keeping *keeping, const struct snapshot *snapshot, char *text,
                    size_t size);

#endif
