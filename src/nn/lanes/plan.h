// SPDX-License-Identifier: MIT
/*
 * Which layers of a network the kernels of lanes.h compute, and where their arrays are.
 */
#ifndef FMNIST_NN_LANES_PLAN_H
#define FMNIST_NN_LANES_PLAN_H

#include <stdatomic.h>

#include "base/memory.h"
#include "nn/lanes/lanes.h"
#include "nn/layer.h"

/* A batch is cut into groups of at most GROUP_IMAGES images; each is one task. There are GROUPS of
 * them, which 2, 3 and 4 threads can share equally, or a multiple. */
enum { GROUPS = 12, GROUP_IMAGES = 10, DENSES_MAX = 4, CLASSES = 10 };

/* A layer that the kernels know, with its parameters and its number in the network. */
struct lane_conv {
    struct parameter *weight, *bias;
    size_t layer;
};

struct lane_linear {
    struct lane_dense dense;
    struct parameter *weight, *bias;
    size_t layer;
    float *input;    /* max_batch x dense_stride(in) */
    float *output;   /* max_batch x dense_stride(out); the next one's input */
    float *gradient; /* of the output before tanh, like output */
};

/* What belongs to a worker: its own copies of transformed and transposed weights, which are made in
 * each pass, since fetching them from another core takes longer; and what a group keeps from
 * forward to backward, arrays of GROUP_IMAGES images. */
struct lane_scratch {
    uint64_t pass; /* that the weights are for */
    float *row_products, *tile_products;
    float *columns[DENSES_MAX]; /* transposed weights of dense layers */
    float *image;               /* one, ROW_IMAGE */
    float *row_points, *row_output, *row_sums;
    float *map, *map_gradient;
    float *tile_points, *tile_output, *tile_gradient;
};

/* The gradients of one group. They are added up in a tree: a run of groups is split in the middle,
 * and whoever finishes the second half adds its sum to that of the first, in place of the first
 * group's. So neighbours are added where they were computed, and the order depends on the number of
 * groups alone. */
enum {
    PART_ROW = 0, /* weight and bias */
    PART_TILE = (ROW_WEIGHTS + ROW_CHANNELS + 15) / 16 * 16,
    PART_SIZE = (PART_TILE + TILE_WEIGHTS + TILE_OUT + 31) / 32 * 32,
};

struct lane_plan {
    struct lane_conv row, tile;
    struct lane_linear denses[DENSES_MAX];
    size_t dense_count;
    float *pooled_gradient;       /* max_batch x TILE_POOLED */
    float *parts;                 /* groups x PART_SIZE */
    float *sums;                  /* groups x PART_SIZE: those of all ranks, runner.c */
    atomic_uint *arrived;         /* halves that are finished, by node of the tree */
    double *losses;               /* max_batch */
    bool *correct;                /* max_batch */
    struct lane_scratch *scratch; /* a worker each */
    struct arena *arena, *scratch_arena;
};

static inline size_t lane_groups(size_t batch)
{
    if (batch <= GROUPS)
        return batch;
    return (batch + GROUPS * GROUP_IMAGES - 1) / (GROUPS * GROUP_IMAGES) * GROUPS;
}

/* Nodes of the tree: number 1 is all groups, 2 i and 2 i + 1 are the halves of i. */
static inline size_t lane_nodes(size_t batch)
{
    return 4 * lane_groups(batch);
}

static inline struct range lane_group(size_t batch, size_t group)
{
    size_t groups = lane_groups(batch);
    return (struct range){batch * group / groups, batch * (group + 1) / groups};
}

/* Whether the kernels compute all of these layers; if so, fills in which they are. */
bool lane_plan_match(struct lane_plan *plan, const struct layer *layers, size_t layer_count);

/* Takes all memory for batches of up to `max_batch` images, that the pool works on. */
bool lane_plan_allocate(struct lane_plan *plan, size_t max_batch, struct pool *pool,
                        struct error *err);
void lane_plan_free(struct lane_plan *plan);

#endif
