// SPDX-License-Identifier: MIT
/*
 * Looks into a network that nobody trains here, of which there are but weights, such as those of a
 * checkpoint: what the observer of a learner sees through its probe, idle units and one layer's
 * filters and maps, for the same images. Computes on the calling thread alone. Used by one thread.
 */
#ifndef FMNIST_TRAIN_SURVEYOR_H
#define FMNIST_TRAIN_SURVEYOR_H

#include "fmnist/base/pool.h"
#include "fmnist/data/dataset.h"
#include "fmnist/train/anatomy.h"
#include "fmnist/train/checkpoint.h"
#include "fmnist/train/study.h"

struct surveyor;

/* For networks of that kind; idle units are counted over images that the run of that seed validates
 * on. `poll` says whether to give up a look under way. The data set must outlive it. NULL with
 * `err` set where memory is short. */
struct surveyor *surveyor_create(const struct network_spec *spec, const struct dataset *dataset,
                                 uint64_t seed, pool_poll poll, void *context, struct error *err);
void surveyor_destroy(struct surveyor *surveyor);

/* Takes the weights of a checkpoint of that kind, and forgets what it saw. False with `err` set
 * where memory is short. */
bool surveyor_take_weights(struct surveyor *surveyor, const struct checkpoint *checkpoint,
                           struct error *err);

/* Looks at what is wanted of a network that has made `step` training steps; nothing where that was
 * seen already. False where it was given up, or with `err` set where memory is short. */
bool surveyor_look(struct surveyor *surveyor, const struct observation *wish, uint64_t step,
                   struct error *err);

/* What it has seen; it keeps its references. The study is NULL where none is wanted. */
const struct anatomy *surveyor_anatomy(const struct surveyor *surveyor);
const struct study *surveyor_study(const struct surveyor *surveyor);

#endif
