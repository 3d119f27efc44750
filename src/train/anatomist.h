// SPDX-License-Identifier: MIT
/* Making anatomies and studies, before anybody else sees them. Trainer's thread. */
#ifndef FMNIST_TRAIN_ANATOMIST_H
#define FMNIST_TRAIN_ANATOMIST_H

#include "fmnist/nn/adam.h"
#include "fmnist/nn/probe.h"
#include "fmnist/train/anatomy.h"
#include "fmnist/train/study.h"

/* A copy of `before` with one reference, to be changed and then published. NULL with `err` set
 * where memory is short. */
struct anatomy *anatomy_copy(const struct anatomy *before, struct error *err);

/* Says what the network's layers are; all else is zero. The network has at most ANATOMY_LAYERS_MAX
 * layers. */
struct anatomy *anatomy_create(struct network *network, struct error *err);

/* Takes in the norms of the network's parameters. */
void anatomy_set_norms(struct anatomy *anatomy, const struct network *network,
                       const struct adam_norms *norms, uint64_t step);

/* Adds the newest norms to the trend; with `thin` every second of those before goes first. */
void anatomy_add_trend(struct anatomy *anatomy, bool thin);

/* Takes in the times of layers over `steps` steps. */
void anatomy_set_times(struct anatomy *anatomy, const struct network *network, size_t steps);

/* Counts idle units over batches of images: a zeroed census, a count for each batch that the probe
 * has seen, a report. */
struct census {
    size_t images;
    size_t saturated[ANATOMY_LAYERS_MAX]; /* outputs */
    unsigned char *alive;                 /* channel by channel of all ReLUs */
};

bool census_begin(struct census *census, const struct anatomy *anatomy, struct error *err);
void census_count(struct census *census, const struct anatomy *anatomy, const struct probe *probe,
                  size_t batch);
void census_report(const struct census *census, struct anatomy *anatomy, uint64_t step);
void census_end(struct census *census);

/* One layer of the network with its output for the first image that the probe has seen. With one
 * reference; NULL with `err` set where memory is short. */
const struct study *study_create(struct network *network, const struct probe *probe,
                                 const struct observation *subject, uint64_t step,
                                 struct error *err);

#endif
