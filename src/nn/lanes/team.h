// SPDX-License-Identifier: MIT
/*
 * LeNet-5 on several ranks (nn/team.h). After its groups of images went forward and back, a rank
 * sends what the sums over all images need: the rows that dense layers have read and the gradients
 * of those that they made, and of the tree in which the convolutions' gradients are added up
 * (plan.h) the sums of the largest runs of groups that it has completely. With 2 and 4 ranks that
 * is one sum each.
 */
#ifndef FMNIST_NN_LANES_TEAM_H
#define FMNIST_NN_LANES_TEAM_H

#include "nn/lanes/plan.h"

/* Where a run of groups is split. */
static inline size_t lane_middle(struct range run)
{
    return (run.first + run.end) / 2;
}

static inline bool lane_inside(struct range run, struct range groups)
{
    return run.first >= groups.first && run.end <= groups.end;
}

/* Exchanges logits (batch x classes). False: the comm has failed. */
bool lane_exchange_logits(struct comm *comm, size_t batch, float *logits);

/* Exchanges all that a training pass needs: logits, losses, rows and sums. */
bool lane_exchange(struct comm *comm, const struct lane_plan *plan, size_t batch, float *logits);

/* Adds up the sums of all ranks, in place: into the first of plan->sums. */
void lane_add_sums(const struct comm *comm, const struct lane_plan *plan,
                   const struct lane_kernels *kernels, size_t batch);

#endif
