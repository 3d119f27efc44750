// SPDX-License-Identifier: MIT
/* The kernels of every instruction set that this CPU has against sums written out in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "nn/lanes/tables.h"

enum { KERNELS_MAX = ISA_COUNT, CONVS = 3, DENSES = 4, GROUPS = 3 };

static const double TOLERANCE = 1e-5; /* of the largest value of an array, at least of 1 */

static const struct lane_conv SHAPES[CONVS] = {{1, 28, 28, 6}, {6, 12, 12, 16}, {3, 10, 12, 4}};
static const struct lane_dense DENSE_SHAPES[DENSES] = {
    {256, 120, true}, {120, 84, true}, {84, 10, false}, {3, 5, false}};

/* The kernels that can run here. */
static size_t find_kernels(const struct lane_kernels **kernels)
{
    size_t count = 0;
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            kernels[count++] = lane_kernels_at((enum isa)isa);
    return count;
}

struct arrays {
    struct arena *arena;
    uint32_t state; /* of the numbers below */
};

static float *make_array(struct arrays *arrays, size_t count)
{
    float *array = arena_cut(arrays->arena, count, sizeof *array);
    assert_non_null(array);
    for (size_t index = 0; index < count; index++) {
        arrays->state = arrays->state * 1664525 + 1013904223;
        array[index] = (float)(arrays->state >> 8) / (1 << 23) - 1;
    }
    return array;
}

static void check(const char *what, const struct lane_kernels *kernels, const float *got,
                  const double *expected, size_t count)
{
    double largest = 0, error = 0;
    for (size_t index = 0; index < count; index++) {
        largest = fmax(largest, fabs(expected[index]));
        error = fmax(error, fabs((double)got[index] - expected[index]));
    }
    if (!(error <= TOLERANCE * fmax(largest, 1)))
        fail_msg("%s, %s: off by %g of %g", kernels->name, what, error, largest);
}

static size_t out_pixels(const struct lane_conv *conv)
{
    return (conv->height - 4) * (conv->width - 4);
}

/* Goes through all products of a convolution: for each, `visit` has the places of output, input and
 * weight. */
static void visit_products(const struct lane_conv *conv,
                           void (*visit)(void *context, size_t output, size_t input, size_t weight),
                           void *context)
{
    size_t height = conv->height - 4, width = conv->width - 4;
    for (size_t out = 0; out < conv->out_channels; out++)
        for (size_t in = 0; in < conv->in_channels; in++)
            for (size_t y = 0; y < height; y++)
                for (size_t x = 0; x < width; x++)
                    for (size_t tap = 0; tap < 25; tap++)
                        visit(context, (out * height + y) * width + x,
                              (in * conv->height + y + tap / 5) * conv->width + x + tap % 5,
                              (out * conv->in_channels + in) * 25 + tap);
}

/* One of three arrays is the sum of the products of the two others. */
struct sums {
    const float *output, *input, *weight; /* the two others' values; lanes but for weights */
    double *sums;
};

static void add_output(void *context, size_t output, size_t input, size_t weight)
{
    struct sums *sums = context;
    for (size_t lane = 0; lane < LANES; lane++)
        sums->sums[output * LANES + lane] +=
            (double)sums->input[input * LANES + lane] * (double)sums->weight[weight];
}

static void add_input(void *context, size_t output, size_t input, size_t weight)
{
    struct sums *sums = context;
    for (size_t lane = 0; lane < LANES; lane++)
        sums->sums[input * LANES + lane] +=
            (double)sums->output[output * LANES + lane] * (double)sums->weight[weight];
}

static void add_weight(void *context, size_t output, size_t input, size_t weight)
{
    struct sums *sums = context;
    for (size_t lane = 0; lane < LANES; lane++)
        sums->sums[weight] +=
            (double)sums->output[output * LANES + lane] * (double)sums->input[input * LANES + lane];
}

static void check_conv_forward(const struct lane_kernels *kernels, const struct lane_conv *conv,
                               struct arrays *arrays)
{
    size_t pixels = out_pixels(conv), outputs = pixels * conv->out_channels;
    float *input = make_array(arrays, conv->in_channels * conv->height * conv->width * LANES);
    float *weight = make_array(arrays, conv->out_channels * conv->in_channels * 25);
    float *bias = make_array(arrays, conv->out_channels);
    float *output = make_array(arrays, outputs * LANES);
    float *pooled = make_array(arrays, outputs / 4 * LANES);
    double *expected = calloc(outputs * LANES, sizeof *expected);
    double *averages = calloc(outputs / 4 * LANES, sizeof *averages);
    assert_true(expected && averages);
    struct sums sums = {.input = input, .weight = weight, .sums = expected};
    visit_products(conv, add_output, &sums);
    for (size_t index = 0; index < outputs * LANES; index++) {
        size_t place = index / LANES, width = conv->width - 4;
        size_t row = place / width, pooled_place = row / 2 * (width / 2) + place % width / 2;
        expected[index] = tanh(expected[index] + (double)bias[place / pixels]);
        averages[pooled_place * LANES + index % LANES] += expected[index] / 4;
    }
    kernels->conv_forward(conv, weight, bias, input, output, pooled);
    check("tanh of a convolution", kernels, output, expected, outputs * LANES);
    check("average pooling", kernels, pooled, averages, outputs / 4 * LANES);
    free(averages);
    free(expected);
}

static void check_conv_backward(const struct lane_kernels *kernels, const struct lane_conv *conv,
                                struct arrays *arrays)
{
    size_t pixels = out_pixels(conv), outputs = pixels * conv->out_channels;
    size_t inputs = conv->in_channels * conv->height * conv->width;
    size_t weights = conv->out_channels * conv->in_channels * 25;
    float *input = make_array(arrays, inputs * LANES), *weight = make_array(arrays, weights);
    float *gradient = make_array(arrays, outputs * LANES);
    float *input_gradient = make_array(arrays, inputs * LANES);
    float *weight_gradient = make_array(arrays, weights);
    float *bias_gradient = make_array(arrays, conv->out_channels);
    double *expected = calloc(inputs * LANES + weights + conv->out_channels, sizeof *expected);
    assert_non_null(expected);
    struct sums sums = {gradient, input, weight, expected};
    kernels->conv_weight_gradient(conv, input, gradient, weight_gradient, bias_gradient);
    visit_products(conv, add_weight, &sums);
    check("a convolution's weights", kernels, weight_gradient, expected, weights);
    memset(expected, 0, weights * sizeof *expected);
    for (size_t index = 0; index < outputs * LANES; index++)
        expected[index / LANES / pixels] += (double)gradient[index];
    check("a convolution's biases", kernels, bias_gradient, expected, conv->out_channels);
    if (conv_input_gradient_fits(conv)) {
        memset(expected, 0, inputs * LANES * sizeof *expected);
        kernels->conv_input_gradient(conv, weight, gradient, input_gradient);
        visit_products(conv, add_input, &sums);
        check("a convolution's input", kernels, input_gradient, expected, inputs * LANES);
    }
    free(expected);
}

static void check_output_gradient(const struct lane_kernels *kernels, const struct lane_conv *conv,
                                  struct arrays *arrays)
{
    size_t outputs = out_pixels(conv) * conv->out_channels, width = conv->width - 4;
    float *output = make_array(arrays, outputs * LANES);
    float *pooled = make_array(arrays, outputs / 4 * LANES);
    float *gradient = make_array(arrays, outputs * LANES);
    double *expected = calloc(outputs * LANES, sizeof *expected);
    assert_non_null(expected);
    for (size_t index = 0; index < outputs * LANES; index++) {
        size_t place = index / LANES;
        size_t from = place / width / 2 * (width / 2) + place % width / 2;
        expected[index] = (double)pooled[from * LANES + index % LANES] / 4 *
                          (1 - (double)output[index] * (double)output[index]);
    }
    kernels->conv_output_gradient(conv, output, pooled, gradient);
    check("tanh and pooling backward", kernels, gradient, expected, outputs * LANES);
    kernels->tanh_backward(outputs, output, memcpy(gradient, output, outputs * LANES * 4));
    for (size_t index = 0; index < outputs * LANES; index++)
        expected[index] =
            (double)output[index] * (1 - (double)output[index] * (double)output[index]);
    check("tanh backward", kernels, gradient, expected, outputs * LANES);
    free(expected);
}

static void check_dense(const struct lane_kernels *kernels, const struct lane_dense *dense,
                        struct arrays *arrays)
{
    float *input = make_array(arrays, dense->in * LANES);
    float *weight = make_array(arrays, dense->in * dense->out);
    float *bias = make_array(arrays, dense->out), *output = make_array(arrays, dense->out * LANES);
    float *gradient = make_array(arrays, dense->out * LANES);
    float *input_gradient = make_array(arrays, dense->in * LANES);
    double *outputs = calloc(dense->out * LANES, sizeof *outputs);
    double *inputs = calloc(dense->in * LANES, sizeof *inputs);
    assert_true(outputs && inputs);
    for (size_t out = 0; out < dense->out; out++)
        for (size_t lane = 0; lane < LANES; lane++) {
            double sum = (double)bias[out];
            for (size_t in = 0; in < dense->in; in++) {
                double factor = (double)weight[out * dense->in + in];
                sum += factor * (double)input[in * LANES + lane];
                inputs[in * LANES + lane] += factor * (double)gradient[out * LANES + lane];
            }
            outputs[out * LANES + lane] = dense->tanh ? tanh(sum) : sum;
        }
    kernels->dense_forward(dense, weight, bias, input, output);
    check("dense", kernels, output, outputs, dense->out * LANES);
    kernels->dense_input_gradient(dense, weight, gradient, input_gradient);
    check("a dense layer's input", kernels, input_gradient, inputs, dense->in * LANES);
    free(inputs);
    free(outputs);
}

static void check_dense_weights(const struct lane_kernels *kernels, const struct lane_dense *dense,
                                struct arrays *arrays)
{
    size_t stride = (dense->in + LANES - 1) / LANES * LANES, weights = dense->in * dense->out;
    struct lane_dense_sources sources = {.groups = GROUPS,
                                         .inputs = make_array(arrays, GROUPS * LANES * stride),
                                         .input_stride = stride,
                                         .gradient_stride = (dense->out + 2) * LANES};
    sources.gradients = make_array(arrays, GROUPS * sources.gradient_stride);
    float *weight = make_array(arrays, weights), *bias = make_array(arrays, dense->out);
    double *expected = calloc(weights + dense->out, sizeof *expected);
    assert_non_null(expected);
    for (size_t image = 0; image < GROUPS * LANES; image++)
        for (size_t out = 0; out < dense->out; out++) {
            size_t place = image / LANES * sources.gradient_stride + out * LANES + image % LANES;
            double factor = (double)sources.gradients[place];
            expected[weights + out] += factor;
            for (size_t in = 0; in < dense->in; in++)
                expected[out * dense->in + in] +=
                    factor * (double)sources.inputs[image * stride + in];
        }
    size_t middle = dense->out / 2;
    kernels->dense_weight_gradient(dense, &sources, 0, middle, weight, bias);
    kernels->dense_weight_gradient(dense, &sources, middle, dense->out, weight, bias);
    check("a dense layer's weights", kernels, weight, expected, weights);
    check("a dense layer's biases", kernels, bias, expected + weights, dense->out);
    free(expected);
}

static void for_all_kernels(void (*conv_check)(const struct lane_kernels *,
                                               const struct lane_conv *, struct arrays *),
                            void (*dense_check)(const struct lane_kernels *,
                                                const struct lane_dense *, struct arrays *))
{
    const struct lane_kernels *kernels[KERNELS_MAX];
    size_t count = find_kernels(kernels);
    for (size_t index = 0; index < count; index++)
        for (size_t shape = 0; shape < (conv_check ? CONVS : DENSES); shape++) {
            struct arrays arrays = {arena_create(8U << 20, NULL), (uint32_t)shape};
            assert_non_null(arrays.arena);
            if (conv_check)
                conv_check(kernels[index], &SHAPES[shape], &arrays);
            else
                dense_check(kernels[index], &DENSE_SHAPES[shape], &arrays);
            arena_destroy(arrays.arena);
        }
}

static void convolutions_with_tanh_and_pooling_are_right(void **state)
{
    (void)state;
    for_all_kernels(check_conv_forward, NULL);
}

static void gradients_of_convolutions_are_right(void **state)
{
    (void)state;
    for_all_kernels(check_conv_backward, NULL);
}

static void gradients_of_tanh_and_pooling_are_right(void **state)
{
    (void)state;
    for_all_kernels(check_output_gradient, NULL);
}

static void dense_layers_are_right(void **state)
{
    (void)state;
    for_all_kernels(NULL, check_dense);
}

static void gradients_of_dense_weights_are_right(void **state)
{
    (void)state;
    for_all_kernels(NULL, check_dense_weights);
}

/* Through a dense layer of weight 1. */
static void tanh_is_right_everywhere_and_keeps_nan(void **state)
{
    (void)state;
    const struct lane_kernels *kernels[KERNELS_MAX];
    size_t count = find_kernels(kernels);
    const struct lane_dense dense = {1, 1, true};
    _Alignas(64) float input[LANES], output[LANES];
    const float one = 1, zero = 0;
    for (size_t index = 0; index < count; index++) {
        for (int step = -12000; step <= 12000; step += LANES) {
            for (int lane = 0; lane < LANES; lane++)
                input[lane] = (float)(step + lane) / 1000;
            kernels[index]->dense_forward(&dense, &one, &zero, input, output);
            for (int lane = 0; lane < LANES; lane++)
                assert_true(fabs((double)output[lane] - tanh((double)input[lane])) < 3e-7);
        }
        input[0] = NAN;
        input[1] = INFINITY;
        input[2] = -INFINITY;
        kernels[index]->dense_forward(&dense, &one, &zero, input, output);
        assert_true(isnan(output[0]));
        assert_true(fabsf(output[1] - 1) < 3e-7F && fabsf(output[2] + 1) < 3e-7F);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions_with_tanh_and_pooling_are_right),
        cmocka_unit_test(gradients_of_convolutions_are_right),
        cmocka_unit_test(gradients_of_tanh_and_pooling_are_right),
        cmocka_unit_test(dense_layers_are_right),
        cmocka_unit_test(gradients_of_dense_weights_are_right),
        cmocka_unit_test(tanh_is_right_everywhere_and_keeps_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
