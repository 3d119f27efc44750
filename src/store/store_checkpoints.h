// SPDX-License-Identifier: MIT
/* Checkpoints of a run: files in its folder, and rows that tell of them. */
#ifndef STORE_STORE_CHECKPOINTS_H
#define STORE_STORE_CHECKPOINTS_H

#include "store/store_curves.h"
#include "store/store_evaluations.h"

/* What a run's curves and evaluations were when a checkpoint was taken. */
struct checkpoint_mark {
    uint64_t epoch_points, event_points;
    int64_t test_step; /* of the newest evaluation on the test part; -1: none */
};

/* Writes the files of a checkpoint under a name that is not in use, then its row, which takes the
 * place of one of the same step. Where that fails, what was there before is there still. */
bool checkpoint_store(struct store *store, int64_t run, const struct checkpoint *checkpoint,
                      const struct checkpoint_mark *mark, struct error *err);

/* Removes all checkpoints but the last, the best, and `keep` more, the newest: rows, then files. */
bool checkpoints_thin(struct store *store, int64_t run, size_t keep, struct error *err);

/* Where curves and evaluations ended at the checkpoint of that step; without one, what came up to
 * the step. */
bool checkpoint_end(struct database *database, int64_t run, uint64_t step, struct curve_end *curves,
                    struct evaluation_end *evaluations, struct error *err);

/* Drops all of the run that came after its checkpoint of that step, in a transaction that has
 * begun; checkpoints_sweep() is to come after it. */
bool run_forget_after(struct database *database, int64_t run, uint64_t step, struct error *err);

/* Removes files in the run's folder that no row tells of. */
bool checkpoints_sweep(struct store *store, int64_t run, struct error *err);

#endif
