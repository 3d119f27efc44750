// SPDX-License-Identifier: MIT
/* What the files of a runner share: its memory and the jobs it gives to the pool. */
#ifndef FMNIST_NN_PLANES_WORK_H
#define FMNIST_NN_PLANES_WORK_H

#include "nn/planes/runner.h"
#include "nn/planes/stage.h"

/* A worker's own memory. */
struct plane_scratch {
    float *taps;     /* one panel's kernels, or their gradients by planes */
    float *filter;   /* U of one group, or W */
    float *products; /* M or E of one panel, all images of a slice */
    float *pixels;   /* of one image: a panel, or all channels in the direct convolution */
};

struct plane_runner {
    const struct plane_kernels *kernels;
    struct pool *pool;
    struct layer_clock *clock;
    const struct layer *layers;
    size_t layer_count; /* that it computes */
    size_t max_batch;
    struct comm *comm;         /* NULL: one rank */
    struct comm_shares images; /* of several ranks: of the batch at work */
    struct plane_stage *stages;
    size_t stage_count;
    struct arena *arena, *scratch_arena;
    float *inputs;                 /* V of a slice: planes x panels x images x PANEL */
    float *outputs;                /* D of a slice */
    float *taps_gradient;          /* of a stage: output panels x in channels x taps x PANEL */
    float *partials;               /* direct: DIRECT_CHUNKS x (taps + 1) x channels */
    float *direct_taps;            /* taps x channels */
    float *gradients[2];           /* of stages' outputs and inputs by turns, like outputs */
    struct plane_scratch *scratch; /* a worker */
};

/* The direct convolution's gradients are summed by chunks of images, and ranks have whole chunks:
 * 2, 3, 4, 6, 8 and 12 of them equally many. */
enum { DIRECT_CHUNKS = 24 };

/* One job: a stage, the images of a pass, and of these the slice `first` to below `end`. */
struct plane_job {
    struct plane_runner *runner;
    const struct plane_stage *stage;
    size_t batch; /* all ranks' */
    struct range images;
    size_t first, end;
    bool train;

    /* Backward: panels of which the gradient of what the stage reads is computed, and of which that
     * of the kernels. */
    struct range data, weights;

    const float *output_gradient; /* of the last stage's, images x channels x places */
    float *gradient;       /* of the stage's output; in place before and after normalization */
    float *input_gradient; /* of the stage's input */
};

/* From one plane of `channels` channels to the next: a panel's row more than fills it, for with
 * sizes that are powers of two all planes would fall on the same few places of the cache. */
static inline size_t plane_stride(size_t images, size_t channels)
{
    return images * channels + PANEL;
}

/* The passes of a stage over this rank's images of the job's batch; see runner.h. The gradients of
 * kernels are computed from all images. */
bool direct_stage_forward(struct plane_job *job);
bool direct_stage_backward(struct plane_job *job);
bool transform_stage_forward(struct plane_job *job);
bool transform_stage_backward(struct plane_job *job);

/* Starts to exchange what the stage's kernels' gradients are computed from: what it has put out,
 * and how, after forward; the gradient of that in backward. Waits until it is there. False: no
 * longer in touch with other ranks. */
bool stage_send_outputs(const struct plane_job *job);
bool stage_send_gradient(const struct plane_job *job);
bool stage_await(const struct plane_job *job);

/* Waits for the stage's weights, which others may have updated. */
bool stage_await_weights(const struct plane_job *job);

#endif
