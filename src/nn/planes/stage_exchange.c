// SPDX-License-Identifier: MIT
/* What the ranks of a run tell one another of a stage; see nn/team.h. */
#include "nn/planes/work.h"

static size_t stage_number(const struct plane_job *job)
{
    return (size_t)(job->stage - job->runner->stages);
}

/* Starts to exchange an array of `size` bytes an image. */
static bool send_images(const struct plane_job *job, size_t slot, void *data, size_t size)
{
    const struct comm_piece piece = {data, 1, 0, size, &job->runner->images};
    return comm_start(job->runner->comm, slot + stage_number(job), &piece, 1);
}

bool stage_await_weights(const struct plane_job *job)
{
    struct comm *comm = job->runner->comm;
    const struct parameter *first = job->runner->stages->weight; /* the network's, too */
    return team_await(comm, first, job->stage->weight) && team_await(comm, first, job->stage->bias);
}

bool stage_send_outputs(const struct plane_job *job)
{
    const struct plane_stage *stage = job->stage;
    size_t size = stage_output_size(stage);
    bool last = stage_number(job) + 1 == job->runner->stage_count;
    if (!team_shares(job->runner->comm))
        return true;
    if (!last && !send_images(job, SLOT_NORMAL, stage->normal, size * sizeof *stage->normal))
        return false;
    if (!stage->transform)
        return true;
    if (stage->pool)
        return send_images(job, SLOT_ANSWERS, stage->winners, size * sizeof *stage->winners);
    /* Without pooling the gradient is passed on where the output is above 0. */
    return (!last && !stage->norm) ||
           send_images(job, SLOT_ANSWERS, stage->output, size * sizeof *stage->output);
}

bool stage_send_gradient(const struct plane_job *job)
{
    return send_images(job, SLOT_GRADIENT, job->gradient,
                       stage_output_size(job->stage) * sizeof *job->gradient);
}

bool stage_await(const struct plane_job *job)
{
    struct comm *comm = job->runner->comm;
    size_t number = stage_number(job);
    return comm_finish(comm, SLOT_GRADIENT + number) && comm_finish(comm, SLOT_ANSWERS + number) &&
           comm_finish(comm, SLOT_NORMAL + number) && comm_finish(comm, SLOT_NORMAL + number - 1);
}
