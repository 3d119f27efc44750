// SPDX-License-Identifier: MIT
/*
 * The kernels of lanes.h, for whatever instruction set the including file is compiled for. It
 * defines KERNEL_REGISTERS (vector registers) and then names its struct lane_kernels after the
 * functions here.
 *
 * How a loop is blocked is the same everywhere: a block of outputs stays in registers while the
 * kernel goes through all that they depend on, so that each vector that is loaded is used several
 * times. With 32 registers a block has 16 to 24 vectors, with 16 registers 8 to 12.
 *
 * Sums over the lanes are made in the order of the lanes, at the end.
 */
#ifndef FMNIST_NN_LANES_KERNELS_H
#define FMNIST_NN_LANES_KERNELS_H

#include <string.h>

#include "nn/lanes/lanes.h"

#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(4 * LANES), may_alias));
typedef int mask __attribute__((vector_size(4 * LANES), may_alias));

enum {
    BLOCK_CHANNELS = KERNEL_REGISTERS >= 32 ? 6 : 2,     /* x 2x2 pixels */
    BLOCK_TAP_CHANNELS = KERNEL_REGISTERS >= 32 ? 4 : 2, /* x LANE_KERNEL taps */
    BLOCK_ROWS = KERNEL_REGISTERS >= 32 ? 2 : 1,         /* x ROW pixels */
    BLOCK_OUTPUTS = 12,
    BLOCK_WEIGHT_ROWS = KERNEL_REGISTERS >= 32 ? 4 : 2, /* x BLOCK_WEIGHT_COLUMNS vectors */
    BLOCK_WEIGHT_COLUMNS = 4,
    ROW = 12, /* width of an input whose gradient can be computed */
    TAPS = LANE_KERNEL,
};

INLINE vector load(const float *lanes)
{
    return *(const vector *)lanes;
}

INLINE void store(float *lanes, vector value)
{
    *(vector *)lanes = value;
}

INLINE vector spread(float value)
{
    return (vector){0} + value;
}

INLINE float lane_sum(vector value)
{
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++)
        sum += value[lane];
    return sum;
}

/*
 * tanh(x) = x P(x^2) / Q(x^2) with P of degree 6 and Q of degree 3, a minimax approximation on
 * [-7.9, 7.9], beyond which tanh is 1 in single precision; its error is below 3e-7 (the same
 * coefficients as in Eigen's ptanh). NaN stays NaN.
 */
INLINE vector vector_tanh(vector x)
{
    const vector limit = spread(7.90531110763549805F);
    mask above = x > limit, below = x < -limit;
    x = (vector)((above & (mask)limit) | (below & (mask)-limit) | (~(above | below) & (mask)x));
    vector square = x * x;
    vector p = square * -2.76076847742355e-16F + 2.00018790482477e-13F;
    p = square * p + -8.60467152213735e-11F;
    p = square * p + 5.12229709037114e-08F;
    p = square * p + 1.48572235717979e-05F;
    p = square * p + 6.37261928875436e-04F;
    p = square * p + 4.89352455891786e-03F;
    vector q = square * 1.19825839466702e-06F + 1.18534705686654e-04F;
    q = square * q + 2.26843463243900e-03F;
    q = square * q + 4.89352518554385e-03F;
    return x * p / q;
}

/* `channels` output channels from `first`, 2x2 pixels at (y, x). */
INLINE void conv_block(const struct lane_conv *conv, const float *weight, const float *bias,
                       const float *input, const int channels, vector sums[][4], size_t first,
                       size_t y, size_t x)
{
    size_t row = conv->width * LANES, taps = conv->in_channels * TAPS * TAPS;
    UNROLL
    for (int channel = 0; channel < channels; channel++) {
        UNROLL
        for (int pixel = 0; pixel < 4; pixel++)
            sums[channel][pixel] = spread(bias[first + (size_t)channel]);
    }
    for (size_t in = 0; in < conv->in_channels; in++) {
        for (size_t tap_y = 0; tap_y < TAPS; tap_y++) {
            const float *upper =
                input + ((in * conv->height + y + tap_y) * conv->width + x) * LANES;
            const float *taps_row = weight + first * taps + (in * TAPS + tap_y) * TAPS;
            UNROLL
            for (int tap = 0; tap < TAPS; tap++) {
                vector pixels[4] = {load(upper + tap * LANES), load(upper + (tap + 1) * LANES),
                                    load(upper + row + tap * LANES),
                                    load(upper + row + (tap + 1) * LANES)};
                UNROLL
                for (int channel = 0; channel < channels; channel++) {
                    float factor = taps_row[(size_t)channel * taps + (size_t)tap];
                    UNROLL
                    for (int pixel = 0; pixel < 4; pixel++)
                        sums[channel][pixel] += pixels[pixel] * factor;
                }
            }
        }
    }
}

/* All pixels of `channels` output channels from `first`. */
INLINE void conv_channels(const struct lane_conv *conv, const float *weight, const float *bias,
                          const float *input, float *output, float *pooled, const int channels,
                          size_t first)
{
    size_t height = conv->height - TAPS + 1, width = conv->width - TAPS + 1;
    for (size_t y = 0; y < height; y += 2) {
        for (size_t x = 0; x < width; x += 2) {
            vector sums[BLOCK_CHANNELS][4];
            conv_block(conv, weight, bias, input, channels, sums, first, y, x);
            UNROLL
            for (int channel = 0; channel < channels; channel++) {
                size_t plane = first + (size_t)channel;
                float *upper = output + ((plane * height + y) * width + x) * LANES;
                float *lower = upper + width * LANES;
                vector values[4];
                UNROLL
                for (int pixel = 0; pixel < 4; pixel++)
                    values[pixel] = vector_tanh(sums[channel][pixel]);
                store(upper, values[0]);
                store(upper + LANES, values[1]);
                store(lower, values[2]);
                store(lower + LANES, values[3]);
                store(pooled + ((plane * height / 2 + y / 2) * (width / 2) + x / 2) * LANES,
                      (values[0] + values[1] + values[2] + values[3]) * 0.25F);
            }
        }
    }
}

static void conv_forward(const struct lane_conv *conv, const float *weight, const float *bias,
                         const float *input, float *output, float *pooled)
{
    size_t first = 0;
    for (; first + BLOCK_CHANNELS <= conv->out_channels; first += BLOCK_CHANNELS)
        conv_channels(conv, weight, bias, input, output, pooled, BLOCK_CHANNELS, first);
    for (; first < conv->out_channels; first += 2)
        conv_channels(conv, weight, bias, input, output, pooled, 2, first);
}

static void conv_output_gradient(const struct lane_conv *conv, const float *output,
                                 const float *pooled_gradient, float *gradient)
{
    size_t height = conv->height - TAPS + 1, width = conv->width - TAPS + 1;
    for (size_t row = 0; row < conv->out_channels * height; row++) {
        const float *pooled = pooled_gradient + row / 2 * (width / 2) * LANES;
        for (size_t x = 0; x < width; x++) {
            size_t place = (row * width + x) * LANES;
            vector quarter = load(pooled + x / 2 * LANES) * 0.25F, value = load(output + place);
            store(gradient + place, quarter - quarter * value * value);
        }
    }
}

/* Adds what one row of an output channel's gradient contributes to a row of an input channel's. */
INLINE void scatter_row(const float *gradient, const float *taps, vector sums[ROW])
{
    UNROLL
    for (int tap = 0; tap < TAPS; tap++) {
        UNROLL
        for (int x = 0; x < ROW - TAPS + 1; x++)
            sums[x + tap] += load(gradient + x * LANES) * taps[tap];
    }
}

/* BLOCK_ROWS rows of an input channel's gradient from row `y`. Going through the output's rows and
 * scattering them saves the zeros around them that a full convolution would go through. */
INLINE void input_gradient_rows(const struct lane_conv *conv, const float *weight,
                                const float *gradient, float *input_gradient, size_t in, size_t y)
{
    size_t height = conv->height - TAPS + 1, width = ROW - TAPS + 1;
    size_t first = y < TAPS - 1 ? 0 : y - (TAPS - 1);
    size_t end = y + BLOCK_ROWS < height ? y + BLOCK_ROWS : height;
    vector sums[BLOCK_ROWS][ROW];
    UNROLL
    for (int index = 0; index < BLOCK_ROWS * ROW; index++)
        sums[index / ROW][index % ROW] = spread(0);
    for (size_t out = 0; out < conv->out_channels; out++) {
        const float *taps = weight + (out * conv->in_channels + in) * TAPS * TAPS;
        for (size_t row = first; row < end; row++) {
            const float *from = gradient + (out * height + row) * width * LANES;
            UNROLL
            for (size_t line = 0; line < BLOCK_ROWS; line++) {
                size_t tap_y = y + line - row; /* wraps to a huge number below 0 */
                if (tap_y < TAPS)
                    scatter_row(from, taps + tap_y * TAPS, sums[line]);
            }
        }
    }
    UNROLL
    for (int index = 0; index < BLOCK_ROWS * ROW; index++)
        store(input_gradient + ((in * conv->height + y) * ROW + (size_t)index) * LANES,
              sums[index / ROW][index % ROW]);
}

static void conv_input_gradient(const struct lane_conv *conv, const float *weight,
                                const float *gradient, float *input_gradient)
{
    for (size_t in = 0; in < conv->in_channels; in++) {
        for (size_t y = 0; y < conv->height; y += BLOCK_ROWS)
            input_gradient_rows(conv, weight, gradient, input_gradient, in, y);
    }
}

/* A row of taps between one input channel and `channels` output channels from `first`. */
INLINE void weight_gradient_taps(const struct lane_conv *conv, const float *input,
                                 const float *gradient, float *weight, const int channels,
                                 size_t first, size_t in, size_t tap_y)
{
    size_t height = conv->height - TAPS + 1, width = conv->width - TAPS + 1;
    vector sums[BLOCK_TAP_CHANNELS][TAPS];
    UNROLL
    for (int index = 0; index < channels * TAPS; index++)
        sums[index / TAPS][index % TAPS] = spread(0);
    for (size_t y = 0; y < height; y++) {
        const float *pixels = input + (in * conv->height + y + tap_y) * conv->width * LANES;
        const float *from = gradient + (first * height + y) * width * LANES;
        for (size_t x = 0; x < width; x++, pixels += LANES, from += LANES) {
            UNROLL
            for (int channel = 0; channel < channels; channel++) {
                vector factor = load(from + (size_t)channel * height * width * LANES);
                UNROLL
                for (int tap = 0; tap < TAPS; tap++)
                    sums[channel][tap] += load(pixels + tap * LANES) * factor;
            }
        }
    }
    UNROLL
    for (int index = 0; index < channels * TAPS; index++) {
        size_t out = first + (size_t)index / TAPS;
        weight[((out * conv->in_channels + in) * TAPS + tap_y) * TAPS + (size_t)index % TAPS] =
            lane_sum(sums[index / TAPS][index % TAPS]);
    }
}

static void conv_weight_gradient(const struct lane_conv *conv, const float *input,
                                 const float *gradient, float *weight, float *bias)
{
    size_t pixels = (conv->height - TAPS + 1) * (conv->width - TAPS + 1);
    for (size_t in = 0; in < conv->in_channels; in++) {
        for (size_t tap_y = 0; tap_y < TAPS; tap_y++) {
            size_t first = 0;
            for (; first + BLOCK_TAP_CHANNELS <= conv->out_channels; first += BLOCK_TAP_CHANNELS)
                weight_gradient_taps(conv, input, gradient, weight, BLOCK_TAP_CHANNELS, first, in,
                                     tap_y);
            for (; first < conv->out_channels; first += 2)
                weight_gradient_taps(conv, input, gradient, weight, 2, first, in, tap_y);
        }
    }
    for (size_t out = 0; out < conv->out_channels; out++) {
        vector sum = spread(0);
        for (size_t pixel = 0; pixel < pixels; pixel++)
            sum += load(gradient + (out * pixels + pixel) * LANES);
        bias[out] = lane_sum(sum);
    }
}

/* `outputs` outputs from `first`. */
INLINE void dense_outputs(const struct lane_dense *dense, const float *weight, const float *bias,
                          const float *input, float *output, const int outputs, size_t first)
{
    vector sums[BLOCK_OUTPUTS];
    UNROLL
    for (int out = 0; out < outputs; out++)
        sums[out] = spread(bias[first + (size_t)out]);
    for (size_t in = 0; in < dense->in; in++) {
        vector value = load(input + in * LANES);
        UNROLL
        for (int out = 0; out < outputs; out++)
            sums[out] += value * weight[(first + (size_t)out) * dense->in + in];
    }
    UNROLL
    for (int out = 0; out < outputs; out++)
        store(output + (first + (size_t)out) * LANES,
              dense->tanh ? vector_tanh(sums[out]) : sums[out]);
}

static void dense_forward(const struct lane_dense *dense, const float *weight, const float *bias,
                          const float *input, float *output)
{
    size_t first = 0;
    for (; first + BLOCK_OUTPUTS <= dense->out; first += BLOCK_OUTPUTS)
        dense_outputs(dense, weight, bias, input, output, BLOCK_OUTPUTS, first);
    for (; first < dense->out; first++)
        dense_outputs(dense, weight, bias, input, output, 1, first);
}

/* The gradients of `inputs` inputs from `first`. */
INLINE void dense_inputs(const struct lane_dense *dense, const float *weight, const float *gradient,
                         float *input_gradient, const int inputs, size_t first)
{
    vector sums[BLOCK_OUTPUTS];
    UNROLL
    for (int in = 0; in < inputs; in++)
        sums[in] = spread(0);
    for (size_t out = 0; out < dense->out; out++) {
        vector value = load(gradient + out * LANES);
        UNROLL
        for (int in = 0; in < inputs; in++)
            sums[in] += value * weight[out * dense->in + first + (size_t)in];
    }
    UNROLL
    for (int in = 0; in < inputs; in++)
        store(input_gradient + (first + (size_t)in) * LANES, sums[in]);
}

static void dense_input_gradient(const struct lane_dense *dense, const float *weight,
                                 const float *gradient, float *input_gradient)
{
    size_t first = 0;
    for (; first + BLOCK_OUTPUTS <= dense->in; first += BLOCK_OUTPUTS)
        dense_inputs(dense, weight, gradient, input_gradient, BLOCK_OUTPUTS, first);
    for (; first < dense->in; first++)
        dense_inputs(dense, weight, gradient, input_gradient, 1, first);
}

/* The weights' gradients of `rows` outputs from `out` and `columns` vectors of inputs from `in`. */
INLINE void dense_weights(const struct lane_dense *dense, const struct lane_dense_sources *sources,
                          const int rows, const int columns, size_t out, size_t in, float *weight)
{
    vector sums[BLOCK_WEIGHT_ROWS][BLOCK_WEIGHT_COLUMNS];
    UNROLL
    for (int index = 0; index < rows * columns; index++)
        sums[index / columns][index % columns] = spread(0);
    for (size_t image = 0; image < sources->groups * LANES; image++) {
        const float *inputs = sources->inputs + image * sources->input_stride + in;
        const float *gradients = sources->gradients + image / LANES * sources->gradient_stride +
                                 out * LANES + image % LANES;
        UNROLL
        for (int row = 0; row < rows; row++) {
            float factor = gradients[row * LANES];
            UNROLL
            for (int column = 0; column < columns; column++)
                sums[row][column] += load(inputs + column * LANES) * factor;
        }
    }
    UNROLL
    for (int index = 0; index < rows * columns; index++) {
        size_t column = in + (size_t)(index % columns) * LANES, left = dense->in - column;
        vector sum = sums[index / columns][index % columns];
        memcpy(weight + (out + (size_t)(index / columns)) * dense->in + column, &sum,
               (left < LANES ? left : LANES) * sizeof(float));
    }
}

INLINE void dense_weight_rows(const struct lane_dense *dense,
                              const struct lane_dense_sources *sources, const int rows, size_t out,
                              float *weight)
{
    size_t in = 0;
    for (; in + BLOCK_WEIGHT_COLUMNS * LANES <= sources->input_stride;
         in += BLOCK_WEIGHT_COLUMNS * LANES)
        dense_weights(dense, sources, rows, BLOCK_WEIGHT_COLUMNS, out, in, weight);
    for (; in < sources->input_stride; in += LANES)
        dense_weights(dense, sources, rows, 1, out, in, weight);
}

static void dense_weight_gradient(const struct lane_dense *dense,
                                  const struct lane_dense_sources *sources, size_t first,
                                  size_t end, float *weight, float *bias)
{
    size_t out = first;
    for (; out + BLOCK_WEIGHT_ROWS <= end; out += BLOCK_WEIGHT_ROWS)
        dense_weight_rows(dense, sources, BLOCK_WEIGHT_ROWS, out, weight);
    for (; out < end; out++)
        dense_weight_rows(dense, sources, 1, out, weight);
    for (out = first; out < end; out++) {
        vector sum = spread(0);
        for (size_t group = 0; group < sources->groups; group++)
            sum += load(sources->gradients + group * sources->gradient_stride + out * LANES);
        bias[out] = lane_sum(sum);
    }
}

static void tanh_backward(size_t count, const float *output, float *gradient)
{
    for (size_t index = 0; index < count; index++) {
        vector value = load(output + index * LANES), factor = load(gradient + index * LANES);
        store(gradient + index * LANES, factor - factor * value * value);
    }
}

#define LANE_KERNELS(instruction_set)                                                              \
    {                                                                                              \
        .name = (instruction_set), .conv_forward = conv_forward,                                   \
        .conv_output_gradient = conv_output_gradient, .conv_input_gradient = conv_input_gradient,  \
        .conv_weight_gradient = conv_weight_gradient, .dense_forward = dense_forward,              \
        .dense_input_gradient = dense_input_gradient,                                              \
        .dense_weight_gradient = dense_weight_gradient, .tanh_backward = tanh_backward,            \
    }

#endif
