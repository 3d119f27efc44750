// SPDX-License-Identifier: MIT
/*
 * Checkpoints of one life that wait to be written, by rising step, and which of them give way to a
 * newer one: those within an epoch always do, those of an epoch's end only where too many wait, and
 * the best by validation only to a better one. Guarded by their owner.
 */
#ifndef STORE_WAITING_SAVES_H
#define STORE_WAITING_SAVES_H

#include "store/store_checkpoints.h"

enum { WAITING_SAVES_MAX = 8 };

struct recorder_save {
    const struct checkpoint *checkpoint; /* with a reference; NULL: none */
    unsigned life;
    bool failed; /* it could not be written, and that was told */
    struct checkpoint_mark mark;
};

/* All zero: none. */
struct waiting_saves {
    struct recorder_save list[WAITING_SAVES_MAX];
    size_t count;
};

void recorder_save_release(struct recorder_save *save);

/* Adds one that is newer than all, and takes its reference over. Those of another life are dropped;
 * so are the oldest where all together would be more than WAITING_SAVES_MAX or than 16 MB, but the
 * best one is not. */
void waiting_saves_add(struct waiting_saves *saves, struct recorder_save save);

/* Puts those that were taken before in front of what has come since; both of the same life. Empties
 * `taken`. */
void waiting_saves_put_back(struct waiting_saves *saves, struct waiting_saves *taken);

/* Drops the entries that have no checkpoint any more. */
void waiting_saves_close_gaps(struct waiting_saves *saves);

void waiting_saves_release(struct waiting_saves *saves);

/* Whether there is one that was not tried in vain; `best`: such a one that is the best. */
bool waiting_saves_any(const struct waiting_saves *saves, bool best);

#endif
