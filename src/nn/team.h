// SPDX-License-Identifier: MIT
/*
 * How the ranks of a run (fmnist/comm/comm.h) divide the work on a batch, so that the result has
 * the bits that one rank gives, whatever their number. Those of one host share its memory and count
 * as one here (fmnist/comm/unite.h), unless they were told not to.
 *
 * A gradient is a sum over the images of the batch, and a float sum depends on where it is cut. To
 * give every rank some images and to add up their gradients therefore means to cut the sum at the
 * same places however few ranks there are; for AlexNet with a batch of 100, cut so that 2, 3 and 4
 * ranks can share it (at 1/4, 1/3, 1/2, 2/3, 3/4), a step on one rank takes 17 % longer, for each
 * cut needs its own transform of all kernels' gradients (planes.h).
 *
 * So sums are not cut at all. What is computed for each image by itself (the convolutions forward,
 * and the gradients of what they read) is divided by images; what is summed over images (the
 * gradients of kernels), and the products of fully connected layers, is divided by panels of
 * output channels, each computed from all images by one rank, exactly as one rank alone would. In
 * between, each rank sends what the others need of its images: of each convolution the input (while
 * forward goes on) and the gradient of its output (while that of its input is computed). Only the
 * first convolution, of few weights, sums by chunks, whose sums are exchanged; LeNet-5 sends what
 * its dense layers read, and sums of groups (lanes/runner.h). Each rank then updates the weights
 * whose gradients it has and sends them, while the next forward begins: it waits for those of a
 * layer when it comes to it.
 *
 * Traffic: with R ranks every rank sends and receives (R - 1) / R of all there is. For AlexNet that
 * is 0.42 MB an image and 31.8 MB of weights, 73 MB a step of 100 images; so with 2 ranks 37 MB
 * each way. The least for gradients that are added up is 2 (R - 1) / R of 31.8 MB: with 2 ranks 32
 * MB, with 4 ranks 48 MB where this takes 55 MB. Large batches make it more: that is the price of
 * the bits. LeNet-5: 0.3 MB, where gradients are 0.18 MB.
 */
#ifndef FMNIST_NN_TEAM_H
#define FMNIST_NN_TEAM_H

#include "fmnist/comm/comm.h"
#include "fmnist/nn/network.h"
#include "nn/chunk.h"

/* Exchanges that go on during a pass. */
enum {
    TEAM_STAGES_MAX = 8,
    SLOT_NORMAL = 0, /* and the number of the stage: planes/ */
    SLOT_ANSWERS = SLOT_NORMAL + TEAM_STAGES_MAX,
    SLOT_GRADIENT = SLOT_ANSWERS + TEAM_STAGES_MAX,
    SLOT_COLUMNS = SLOT_GRADIENT + TEAM_STAGES_MAX,
    SLOT_WEIGHTS, /* and the number of the parameter */
};

/* Whether there is anybody to divide work with. */
static inline bool team_shares(const struct comm *comm)
{
    return comm && comm_size(comm) > 1;
}

/* This rank's part of what is dealt out so. */
static inline struct range team_own(const struct comm *comm, const struct comm_shares *shares)
{
    return (struct range){shares->bounds[comm_rank(comm)], shares->bounds[comm_rank(comm) + 1]};
}

/* A rank's part of `count` things. */
static inline struct range team_part_of(const struct comm *comm, unsigned rank, size_t count)
{
    return (struct range){comm_bound(comm, count, rank), comm_bound(comm, count, rank + 1)};
}

/* This rank's; all where it is alone. */
static inline struct range team_part(const struct comm *comm, size_t count)
{
    return team_shares(comm) ? team_part_of(comm, comm_rank(comm), count)
                             : (struct range){0, count};
}

/* This rank's panels (chunk.h) of so many features. One panel is computed by all. */
static inline struct range team_panels(const struct comm *comm, size_t features)
{
    size_t panels = panel_count(features);
    return panels == 1 ? (struct range){0, 1} : team_part(comm, panels);
}

/* A rank's features of rows of so many, in which its panels lie; all have the only panel. */
static inline struct range team_features_of(const struct comm *comm, unsigned rank, size_t features)
{
    struct range panels = {0, panel_count(features)};
    if (panels.end > 1)
        panels = team_part_of(comm, rank, panels.end);
    size_t first = panels.first * panel_width(features), end = panels.end * panel_width(features);
    return (struct range){first < features ? first : features, end < features ? end : features};
}

/* This rank's. */
static inline struct range team_features(const struct comm *comm, size_t features)
{
    return team_shares(comm) ? team_features_of(comm, comm_rank(comm), features)
                             : (struct range){0, features};
}

/* Waits for the numbers of a parameter that were on their way; `first` is the network's first. */
static inline bool team_await(struct comm *comm, const struct parameter *first,
                              const struct parameter *parameter)
{
    return !team_shares(comm) || comm_finish(comm, SLOT_WEIGHTS + (size_t)(parameter - first));
}

/* How rows of so many features are dealt out so. */
static inline void team_feature_shares(const struct comm *comm, size_t features,
                                       struct comm_shares *shares)
{
    size_t panels = panel_count(features);
    for (unsigned rank = 0; rank <= comm_size(comm); rank++) {
        size_t bound = comm_bound(comm, panels, rank) * panel_width(features);
        shares->bounds[rank] = bound < features ? bound : features;
    }
}

#endif
