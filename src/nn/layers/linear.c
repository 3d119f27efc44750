// SPDX-License-Identifier: MIT
/*
 * Fully connected layer (torch.nn.Linear): y = x W' + b, with x: N x I, W: O x I, y: N x O.
 * dx = dy W, dW = dy' x, db = sum of dy over the batch. Tasks are panels of output features, or of
 * input features for dx, over the whole batch: each element is one sum in one product. Of several
 * ranks each computes its own panels (team.h): how a product is added up depends on its shape.
 */
#include <string.h>

#include "nn/gemm.h"
#include "nn/layer.h"
#include "nn/layer_clock.h"

struct linear_job {
    const struct layer *layer;
    const struct pass *pass;
    size_t in, out;
    struct range outs, ins; /* panels to compute; backward's first tasks are dW and db of outs, the
                               others dx of ins */
};

static struct linear_job linear_job(const struct layer *layer, const struct pass *pass)
{
    return (struct linear_job){.layer = layer,
                               .pass = pass,
                               .in = shape_size(layer->in),
                               .out = layer->out.channels,
                               .outs = team_panels(pass->comm, layer->out.channels)};
}

static struct shape linear_output_shape(const struct layer_spec *spec, struct shape in)
{
    (void)in;
    return (struct shape){spec->out, 1, 1};
}

static void linear_parameters(const struct layer_spec *spec, struct shape in,
                              struct parameter *weight, struct parameter *bias)
{
    weight->rank = 2;
    weight->sizes[0] = spec->out;
    weight->sizes[1] = shape_size(in);
    bias->rank = 1;
    bias->sizes[0] = spec->out;
    weight->fan_in = bias->fan_in = shape_size(in);
}

static void linear_forward_panel(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const struct linear_job *job = context;
    const struct layer *layer = job->layer;
    struct range range = panel_range(job->out, job->outs.first + index);
    size_t batch = job->pass->batch, width = range.end - range.first;
    for (size_t image = 0; image < batch; image++)
        memcpy(layer->output + image * job->out + range.first, layer->bias->value + range.first,
               width * sizeof(real));
    gemm(batch, width, job->in, (struct gemm_operand){layer->input, job->in, GEMM_PLAIN},
         (struct gemm_operand){layer->weight->value + range.first * job->in, job->in,
                               GEMM_TRANSPOSED},
         1, layer->output + range.first, job->out);
}

static bool linear_forward(const struct layer *layer, const struct pass *pass)
{
    struct linear_job job = linear_job(layer, pass);
    return pool_run(pass->pool, job.outs.end - job.outs.first, linear_forward_panel, &job);
}

static void linear_parameter_gradients(const struct linear_job *job, struct range range)
{
    const struct layer *layer = job->layer;
    const real *output_gradient = job->pass->output_gradient;
    size_t batch = job->pass->batch;
    gemm(range.end - range.first, job->in, batch,
         (struct gemm_operand){output_gradient + range.first, job->out, GEMM_TRANSPOSED},
         (struct gemm_operand){layer->input, job->in, GEMM_PLAIN}, 0,
         layer->weight->gradient + range.first * job->in, job->in);
    for (size_t feature = range.first; feature < range.end; feature++) {
        real sum = 0;
        for (size_t image = 0; image < batch; image++)
            sum += output_gradient[image * job->out + feature];
        layer->bias->gradient[feature] = sum;
    }
}

static void linear_input_gradient(const struct linear_job *job, struct range range)
{
    gemm(job->pass->batch, range.end - range.first, job->out,
         (struct gemm_operand){job->pass->output_gradient, job->out, GEMM_PLAIN},
         (struct gemm_operand){job->layer->weight->value + range.first, job->in, GEMM_PLAIN}, 0,
         job->pass->input_gradient + range.first, job->in);
}

static void linear_backward_panel(void *context, size_t index, unsigned worker)
{
    const struct linear_job *job = context;
    struct layer_clock *clock = job->pass->clock;
    size_t outs = job->outs.end - job->outs.first;
    if (index >= outs) {
        linear_input_gradient(job, panel_range(job->in, job->ins.first + index - outs));
        return;
    }
    layer_clock_start(clock, worker);
    linear_parameter_gradients(job, panel_range(job->out, job->outs.first + index));
    layer_clock_lap(clock, worker, job->layer->number, LAYER_BACKWARD_WEIGHTS);
}

/* Of several ranks each has the output's gradient for its own features, which is enough for dW, and
 * needs all for dx. */
static bool linear_backward_shared(struct linear_job *job)
{
    const struct pass *pass = job->pass;
    struct comm_shares shares;
    struct range ins = job->ins;
    const struct comm_piece gradient = {(void *)pass->output_gradient, pass->batch,
                                        job->out * sizeof(real), sizeof(real), &shares};
    team_feature_shares(pass->comm, job->out, &shares);
    job->ins = (struct range){0, 0};
    if ((pass->split && !comm_start(pass->comm, SLOT_COLUMNS, &gradient, 1)) ||
        !pool_run(pass->pool, job->outs.end - job->outs.first, linear_backward_panel, job) ||
        !comm_finish(pass->comm, SLOT_COLUMNS))
        return false;
    job->outs = (struct range){0, 0};
    job->ins = ins;
    return pool_run(pass->pool, ins.end - ins.first, linear_backward_panel, job);
}

static bool linear_backward(const struct layer *layer, const struct pass *pass)
{
    struct linear_job job = linear_job(layer, pass);
    if (pass->input_gradient)
        job.ins = team_panels(pass->comm, job.in);
    if (team_shares(pass->comm))
        return linear_backward_shared(&job);
    size_t tasks = job.outs.end - job.outs.first + job.ins.end - job.ins.first;
    return pool_run(pass->pool, tasks, linear_backward_panel, &job);
}

const struct layer_kind LAYER_LINEAR = {
    .name = "linear",
    .output_shape = linear_output_shape,
    .parameters = linear_parameters,
    .forward = linear_forward,
    .backward = linear_backward,
};
