// SPDX-License-Identifier: MIT
#include "nn/lanes/team.h"

#include <string.h>

static bool outside(struct range run, struct range groups)
{
    return run.end <= groups.first || run.first >= groups.end;
}

/* The largest runs within `run` that lie in `groups`, from left to right: writes their first groups
 * to `firsts` unless that is NULL, and returns how many there are. */
static size_t list_runs(struct range run, struct range groups, size_t *firsts)
{
    if (outside(run, groups))
        return 0;
    if (lane_inside(run, groups)) {
        if (firsts)
            *firsts = run.first;
        return 1;
    }
    size_t middle = lane_middle(run);
    size_t left = list_runs((struct range){run.first, middle}, groups, firsts);
    return left + list_runs((struct range){middle, run.end}, groups, firsts ? firsts + left : NULL);
}

static struct range rank_groups(const struct comm *comm, size_t groups, unsigned rank)
{
    return (struct range){comm_bound(comm, groups, rank), comm_bound(comm, groups, rank + 1)};
}

/* How the sums are dealt out in plan->sums. */
static void sum_shares(const struct comm *comm, size_t groups, struct comm_shares *shares)
{
    shares->bounds[0] = 0;
    for (unsigned rank = 0; rank < comm_size(comm); rank++)
        shares->bounds[rank + 1] =
            shares->bounds[rank] +
            list_runs((struct range){0, groups}, rank_groups(comm, groups, rank), NULL);
}

enum { RUNS_MAX = 64 }; /* two a level of the tree at most */

/* Puts this rank's sums in their places. */
static void copy_sums(const struct comm *comm, const struct lane_plan *plan, size_t groups,
                      const struct comm_shares *shares)
{
    size_t firsts[RUNS_MAX];
    size_t count =
        list_runs((struct range){0, groups}, rank_groups(comm, groups, comm_rank(comm)), firsts);
    float *sum = plan->sums + shares->bounds[comm_rank(comm)] * PART_SIZE;
    for (size_t run = 0; run < count; run++, sum += PART_SIZE)
        memcpy(sum, plan->parts + firsts[run] * PART_SIZE, PART_SIZE * sizeof *sum);
}

/* A piece with so many bytes an image. */
static struct comm_piece by_image(void *data, size_t size, const struct comm_shares *images)
{
    return (struct comm_piece){data, 1, 0, size, images};
}

bool lane_exchange_logits(struct comm *comm, size_t batch, float *logits)
{
    struct comm_shares images;
    comm_divide_groups(comm, batch, lane_groups(batch), &images);
    const struct comm_piece piece = by_image(logits, CLASSES * sizeof *logits, &images);
    return comm_exchange(comm, &piece, 1);
}

bool lane_exchange(struct comm *comm, const struct lane_plan *plan, size_t batch, float *logits)
{
    size_t groups = lane_groups(batch), count = 0;
    struct comm_shares images, sums;
    struct comm_piece pieces[2 * DENSES_MAX + 4];
    comm_divide_groups(comm, batch, groups, &images);
    sum_shares(comm, groups, &sums);
    if (comm_leads(comm))
        copy_sums(comm, plan, groups, &sums);
    for (size_t number = 0; number < plan->dense_count; number++) {
        const struct lane_linear *linear = &plan->denses[number];
        pieces[count++] =
            by_image(linear->input, dense_stride(linear->dense.in) * sizeof(float), &images);
        pieces[count++] =
            by_image(linear->gradient, dense_stride(linear->dense.out) * sizeof(float), &images);
    }
    pieces[count++] = by_image(logits, CLASSES * sizeof *logits, &images);
    pieces[count++] = by_image(plan->losses, sizeof *plan->losses, &images);
    pieces[count++] = by_image(plan->correct, sizeof *plan->correct, &images);
    pieces[count++] = by_image(plan->sums, PART_SIZE * sizeof(float), &sums);
    return comm_exchange(comm, pieces, count);
}

/* Adds up a run of groups; *next is the first sum that lies in it. */
static float *add_run(const struct comm *comm, const struct lane_kernels *kernels, size_t groups,
                      struct range run, float **next)
{
    for (unsigned rank = 0; rank < comm_size(comm); rank++) {
        if (lane_inside(run, rank_groups(comm, groups, rank))) {
            float *sum = *next;
            *next += PART_SIZE;
            return sum;
        }
    }
    size_t middle = lane_middle(run);
    float *left = add_run(comm, kernels, groups, (struct range){run.first, middle}, next);
    float *right = add_run(comm, kernels, groups, (struct range){middle, run.end}, next);
    kernels->add(PART_SIZE, right, left);
    return left;
}

void lane_add_sums(const struct comm *comm, const struct lane_plan *plan,
                   const struct lane_kernels *kernels, size_t batch)
{
    size_t groups = lane_groups(batch);
    float *next = plan->sums;
    (void)add_run(comm, kernels, groups, (struct range){0, groups}, &next);
}
