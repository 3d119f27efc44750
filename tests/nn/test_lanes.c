// SPDX-License-Identifier: MIT
/*
 * The kernels of every instruction set that this CPU has against sums written out in double.
 *
 * Errors are compared by their root of squares with that of the values. Single precision rounds to
 * 6e-8; sums of some hundred products end at 1e-7 to 3e-7. Transforms in two dimensions cancel some
 * digits more: 2e-6 in the second convolution and its gradients. The bounds are about
 * four times what is measured; one wrong term would be off by 1e-2 and more.
 */
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

static const double DIRECT = 1e-6, TRANSFORMED = 8e-6;

enum { KERNELS_MAX = ISA_COUNT, IMAGES = 3, DENSES = 4, BATCHES = 6, BATCH_MAX = 128 };

static const struct lane_dense DENSE_SHAPES[DENSES] = {
    {256, 120, true}, {120, 84, true}, {84, 10, false}, {33, 5, false}};
static const size_t BATCH_SIZES[BATCHES] = {1, 7, 16, 17, 100, 128};

/* The kernels that can run here. */
static size_t find_kernels(const struct lane_kernels **kernels)
{
    size_t count = 0;
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        if (isa_supported((enum isa)isa))
            kernels[count++] = lane_kernels_at((enum isa)isa);
    return count;
}

/* Arrays and numbers of one test, in [-1, 1). */
struct arrays {
    struct arena *arena;
    uint32_t state;
};

static float next_number(struct arrays *arrays)
{
    arrays->state = arrays->state * 1664525 + 1013904223;
    return (float)(arrays->state >> 8) / (1 << 23) - 1;
}

static float *make_array(struct arrays *arrays, size_t count, float scale)
{
    float *array = arena_cut(arrays->arena, count, sizeof *array);
    assert_non_null(array);
    for (size_t index = 0; index < count; index++)
        array[index] = next_number(arrays) * scale;
    return array;
}

static double *make_sums(struct arrays *arrays, size_t count)
{
    double *array = arena_cut(arrays->arena, count, sizeof *array);
    assert_non_null(array);
    return array;
}

static void check(const char *what, const struct lane_kernels *kernels, const float *got,
                  const double *expected, size_t count, double tolerance)
{
    double values = 0, errors = 0;
    for (size_t index = 0; index < count; index++) {
        double error = (double)got[index] - expected[index];
        values += expected[index] * expected[index];
        errors += error * error;
    }
    double off = sqrt(errors / values);
    if (!(off <= tolerance))
        fail_msg("%s, %s: off by %g, %g are allowed", kernels->name, what, off, tolerance);
}

/* A convolution 5x5 with tanh and average pooling, in double; rows of the input are `stride` apart.
 */
struct conv {
    size_t in, out, size, stride;
    const float *input, *weight, *bias;
    double *output;         /* of tanh: out x (size - 4)^2 */
    double *pooled;         /* out x (size / 2 - 2)^2 */
    double *input_gradient; /* in x size x size */
    double *weight_gradient, *bias_gradient;
};

static void conv_allocate(struct conv *conv, struct arrays *arrays)
{
    size_t side = conv->size - 4;
    conv->output = make_sums(arrays, conv->out * side * side);
    conv->pooled = make_sums(arrays, conv->out * side * side / 4);
    conv->input_gradient = make_sums(arrays, conv->in * conv->size * conv->size);
    conv->weight_gradient = make_sums(arrays, conv->out * conv->in * 25);
    conv->bias_gradient = make_sums(arrays, conv->out);
}

/* The place of the input and of the weight that tap `tap` of output (out, y, x) multiplies. */
static double conv_product(const struct conv *conv, size_t out, size_t in, size_t y, size_t x,
                           size_t tap)
{
    return (double)conv->input[(in * conv->size + y + tap / 5) * conv->stride + x + tap % 5] *
           (double)conv->weight[(out * conv->in + in) * 25 + tap];
}

static void conv_forward(struct conv *conv)
{
    size_t side = conv->size - 4;
    memset(conv->pooled, 0, conv->out * side * side / 4 * sizeof *conv->pooled);
    for (size_t place = 0; place < conv->out * side * side; place++) {
        size_t out = place / side / side, y = place / side % side, x = place % side;
        double sum = (double)conv->bias[out];
        for (size_t in = 0; in < conv->in; in++)
            for (size_t tap = 0; tap < 25; tap++)
                sum += conv_product(conv, out, in, y, x, tap);
        conv->output[place] = tanh(sum);
        conv->pooled[(out * side + y) / 2 * (side / 2) + x / 2] += tanh(sum) / 4;
    }
}

/* Adds the gradients, from that of `pooled`, whose rows are `stride` apart. */
static void conv_backward(struct conv *conv, const float *pooled, size_t stride)
{
    size_t side = conv->size - 4;
    for (size_t place = 0; place < conv->out * side * side; place++) {
        size_t out = place / side / side, y = place / side % side, x = place % side;
        double value = conv->output[place];
        double gradient =
            (double)pooled[(out * side + y) / 2 * stride + x / 2] / 4 * (1 - value * value);
        conv->bias_gradient[out] += gradient;
        for (size_t in = 0; in < conv->in; in++)
            for (size_t tap = 0; tap < 25; tap++) {
                size_t row = in * conv->size + y + tap / 5, column = x + tap % 5;
                size_t weight = (out * conv->in + in) * 25 + tap;
                conv->weight_gradient[weight] +=
                    gradient * (double)conv->input[row * conv->stride + column];
                conv->input_gradient[row * conv->size + column] +=
                    gradient * (double)conv->weight[weight];
            }
    }
}

/* Takes rows of 12 numbers from a map's rows of MAP_STRIDE. */
static const float *packed_map(const float *map, struct arrays *arrays)
{
    float *packed = make_array(arrays, TILE_IN * TILE_SIZE * TILE_SIZE, 1);
    for (size_t index = 0; index < TILE_IN * TILE_SIZE * TILE_SIZE; index++)
        packed[index] = map[index / TILE_SIZE * MAP_STRIDE + index % TILE_SIZE];
    return packed;
}

static void check_row_conv(const struct lane_kernels *kernels, struct arrays *arrays)
{
    struct conv conv = {.in = 1, .out = ROW_CHANNELS, .size = ROW_SIZE, .stride = ROW_SIZE};
    float *weight = make_array(arrays, ROW_WEIGHTS, 0.2F);
    float *bias = make_array(arrays, ROW_CHANNELS, 0.2F);
    float *products = make_array(arrays, ROW_PRODUCTS, 1);
    float *sums = make_array(arrays, ROW_SUMS, 0);
    conv_allocate(&conv, arrays);
    conv.weight = weight;
    conv.bias = bias;
    kernels->row_weights(weight, products);
    for (int image = 0; image < IMAGES; image++) {
        float *points = make_array(arrays, ROW_POINTS, 1);
        float *output = make_array(arrays, ROW_OUTPUT, 1), *map = make_array(arrays, TILE_MAP, 1);
        float *gradient = make_array(arrays, TILE_MAP, 1);
        conv.input = make_array(arrays, ROW_IMAGE, 1);
        conv_forward(&conv);
        conv_backward(&conv, gradient, MAP_STRIDE);
        kernels->row_forward(conv.input, products, bias, points, output, map);
        kernels->row_backward(points, output, gradient, sums);
        check("first convolution", kernels, packed_map(map, arrays), conv.pooled,
              (size_t)ROW_OUTPUT / 4, DIRECT);
    }
    kernels->row_gradients(sums, weight, bias);
    check("first convolution's weights", kernels, weight, conv.weight_gradient, ROW_WEIGHTS,
          DIRECT);
    check("first convolution's biases", kernels, bias, conv.bias_gradient, ROW_CHANNELS, DIRECT);
}

static void check_tile_conv(const struct lane_kernels *kernels, struct arrays *arrays)
{
    enum { INPUTS = TILE_IN * TILE_SIZE * TILE_SIZE };
    struct conv conv = {.in = TILE_IN, .out = TILE_OUT, .size = TILE_SIZE, .stride = MAP_STRIDE};
    float *weight = make_array(arrays, TILE_WEIGHTS, 0.08F);
    float *bias = make_array(arrays, TILE_OUT, 0.1F);
    float *products = make_array(arrays, TILE_PRODUCTS, 1);
    float *points = make_array(arrays, IMAGES * (size_t)TILE_POINTS, 1);
    float *transformed = make_array(arrays, IMAGES * (size_t)TILE_GRADIENT, 1);
    conv_allocate(&conv, arrays);
    conv.weight = weight;
    conv.bias = bias;
    kernels->tile_weights(weight, products);
    for (int image = 0; image < IMAGES; image++) {
        float *output = make_array(arrays, TILE_OUTPUT, 1);
        float *pooled = make_array(arrays, TILE_POOLED, 1);
        float *gradient = make_array(arrays, TILE_POOLED, 1);
        float *map_gradient = make_array(arrays, TILE_MAP, 1);
        float *kept_gradient = transformed + image * TILE_GRADIENT;
        conv.input = make_array(arrays, TILE_MAP, 1);
        memset(conv.input_gradient, 0, INPUTS * sizeof(double));
        conv_forward(&conv);
        conv_backward(&conv, gradient, 4);
        kernels->tile_forward(conv.input, products, bias, points + image * TILE_POINTS, output,
                              pooled);
        kernels->tile_backward(output, gradient, products, kept_gradient, map_gradient);
        check("second convolution", kernels, pooled, conv.pooled, TILE_POOLED, TRANSFORMED);
        check("second convolution's input", kernels, packed_map(map_gradient, arrays),
              conv.input_gradient, INPUTS, TRANSFORMED);
    }
    kernels->tile_gradients(IMAGES, points, transformed, weight, bias);
    check("second convolution's weights", kernels, weight, conv.weight_gradient, TILE_WEIGHTS,
          TRANSFORMED);
    check("second convolution's biases", kernels, bias, conv.bias_gradient, TILE_OUT, DIRECT);
}

/* The arrays of a dense layer; rows have strides. */
struct dense_case {
    struct lane_dense dense;
    size_t images, in_stride, out_stride;
    float *input, *weight, *bias, *gradient;
};

static struct dense_case make_dense(struct lane_dense dense, size_t images, struct arrays *arrays)
{
    struct dense_case item = {.dense = dense,
                              .images = images,
                              .in_stride = dense_stride(dense.in),
                              .out_stride = dense_stride(dense.out)};
    item.input = make_array(arrays, images * item.in_stride, 1);
    item.weight = make_array(arrays, dense.in * dense.out, 0.1F);
    item.bias = make_array(arrays, dense.out, 0.1F);
    item.gradient = make_array(arrays, images * item.out_stride, 1);
    return item;
}

/* Compares rows that are `stride` apart with those that are not. */
static void check_rows(const char *what, const struct lane_kernels *kernels, const float *rows,
                       size_t stride, const double *expected, size_t count, size_t images,
                       struct arrays *arrays)
{
    float *packed = make_array(arrays, images * count, 1);
    for (size_t index = 0; index < images * count; index++)
        packed[index] = rows[index / count * stride + index % count];
    check(what, kernels, packed, expected, images * count, DIRECT);
}

static void check_dense_passes(const struct lane_kernels *kernels, const struct dense_case *item,
                               struct arrays *arrays)
{
    size_t in_count = item->dense.in, out_count = item->dense.out;
    float *columns = make_array(arrays, in_count * item->out_stride, 1);
    float *output = make_array(arrays, item->images * item->out_stride, 1);
    float *input_gradient = make_array(arrays, item->images * item->in_stride, 1);
    double *outputs = make_sums(arrays, item->images * out_count);
    double *inputs = make_sums(arrays, item->images * in_count);
    for (size_t index = 0; index < item->images * out_count; index++) {
        size_t image = index / out_count, out = index % out_count;
        double sum = (double)item->bias[out];
        double gradient = (double)item->gradient[image * item->out_stride + out];
        for (size_t in = 0; in < in_count; in++) {
            double factor = (double)item->weight[out * in_count + in];
            sum += factor * (double)item->input[image * item->in_stride + in];
            inputs[image * in_count + in] += factor * gradient;
        }
        outputs[index] = item->dense.tanh ? tanh(sum) : sum;
    }
    kernels->dense_columns(&item->dense, item->weight, 0, 24, columns);
    kernels->dense_columns(&item->dense, item->weight, 24, in_count, columns);
    kernels->dense_forward(&item->dense, item->images, columns, item->bias, item->input, output);
    check_rows("dense", kernels, output, item->out_stride, outputs, out_count, item->images,
               arrays);
    kernels->dense_input_gradient(&item->dense, item->images, item->weight, item->gradient, NULL,
                                  input_gradient);
    check_rows("dense input", kernels, input_gradient, item->in_stride, inputs, in_count,
               item->images, arrays);
    for (size_t index = 0; index < item->images * in_count; index++) {
        double value = (double)item->input[index / in_count * item->in_stride + index % in_count];
        inputs[index] *= 1 - value * value;
    }
    kernels->dense_input_gradient(&item->dense, item->images, item->weight, item->gradient,
                                  item->input, input_gradient);
    check_rows("dense input before tanh", kernels, input_gradient, item->in_stride, inputs,
               in_count, item->images, arrays);
}

static void check_dense_weights(const struct lane_kernels *kernels, const struct dense_case *item,
                                struct arrays *arrays)
{
    size_t in_count = item->dense.in, out_count = item->dense.out, middle = out_count / 2;
    double *weights = make_sums(arrays, in_count * out_count);
    double *biases = make_sums(arrays, out_count);
    for (size_t index = 0; index < item->images * out_count; index++) {
        size_t image = index / out_count, out = index % out_count;
        double gradient = (double)item->gradient[image * item->out_stride + out];
        biases[out] += gradient;
        for (size_t in = 0; in < in_count; in++)
            weights[out * in_count + in] +=
                gradient * (double)item->input[image * item->in_stride + in];
    }
    float *weight = make_array(arrays, in_count * out_count, 1);
    float *bias = make_array(arrays, out_count, 1);
    kernels->dense_weight_gradient(&item->dense, item->images, item->input, item->gradient, 0,
                                   middle, weight, bias);
    kernels->dense_weight_gradient(&item->dense, item->images, item->input, item->gradient, middle,
                                   out_count, weight, bias);
    check("dense weights", kernels, weight, weights, in_count * out_count, DIRECT);
    check("dense biases", kernels, bias, biases, out_count, DIRECT);
}

static void check_dense(const struct lane_kernels *kernels, struct arrays *arrays)
{
    struct arena *all = arrays->arena;
    for (size_t shape = 0; shape < DENSES; shape++)
        for (size_t batch = 0; batch < BATCHES; batch++) {
            arrays->arena = arena_create(8U << 20, NULL);
            assert_non_null(arrays->arena);
            struct dense_case item = make_dense(DENSE_SHAPES[shape], BATCH_SIZES[batch], arrays);
            check_dense_passes(kernels, &item, arrays);
            check_dense_weights(kernels, &item, arrays);
            arena_destroy(arrays->arena);
        }
    arrays->arena = all;
}

/* The first number of each of many images through a dense layer whose first weight is 1. */
static void check_tanh(const struct lane_kernels *kernels, struct arrays *arrays)
{
    enum { COUNT = 24000, SPECIALS = 3 };
    const struct lane_dense dense = {DENSE_IN_MIN, 1, true};
    static const float specials[SPECIALS] = {NAN, INFINITY, -INFINITY};
    size_t in_stride = dense_stride(dense.in), out_stride = dense_stride(1);
    float *input = make_array(arrays, (COUNT + SPECIALS) * in_stride, 0);
    float *output = make_array(arrays, (COUNT + SPECIALS) * out_stride, 0);
    float *columns = make_array(arrays, dense.in * out_stride, 0);
    const float zero = 0;
    columns[0] = 1;
    for (size_t image = 0; image < COUNT + SPECIALS; image++)
        input[image * in_stride] =
            image < COUNT ? ((float)image - COUNT / 2) / 1000 : specials[image - COUNT];
    kernels->dense_forward(&dense, COUNT + SPECIALS, columns, &zero, input, output);
    for (size_t image = 0; image < COUNT; image++) {
        double right = tanh((double)input[image * in_stride]);
        assert_true(fabs((double)output[image * out_stride] - right) < 5e-7);
    }
    assert_true(isnan(output[COUNT * out_stride]));
    assert_true(fabsf(output[(COUNT + 1) * out_stride] - 1) < 5e-7F);
    assert_true(fabsf(output[(COUNT + 2) * out_stride] + 1) < 5e-7F);
}

static void check_pixels(const struct lane_kernels *kernels, struct arrays *arrays)
{
    uint8_t bytes[256];
    float *pixels = make_array(arrays, 256, 0);
    for (size_t value = 0; value < 256; value++)
        bytes[value] = (uint8_t)value;
    kernels->pixels(bytes, 256, pixels);
    for (size_t value = 0; value < 256; value++)
        assert_true(pixels[value] == (float)value / 255);
}

static void check_cross_entropy(const struct lane_kernels *kernels, struct arrays *arrays)
{
    static const float scales[] = {0, 1, 10, 1000};
    for (size_t scale = 0; scale < sizeof scales / sizeof *scales; scale++) {
        float *logits = make_array(arrays, 16, scales[scale]);
        float *gradient = make_array(arrays, 16, 1);
        double expected[16] = {0}, sum = 0, most = -INFINITY;
        size_t label = scale, best = 0;
        for (size_t class = 0; class < 10; class ++)
            if ((double)logits[class] > most)
                most = (double)logits[best = class];
        for (size_t class = 0; class < 10; class ++)
            sum += exp((double)logits[class] - most);
        for (size_t class = 0; class < 10; class ++)
            expected[class] = (exp((double)logits[class] - most) / sum - (class == label)) * 0.5;
        bool correct;
        double loss = kernels->cross_entropy(logits, label, 0.5F, gradient, &correct);
        double right = log(sum) + most - (double)logits[label];
        assert_true(fabs(loss - right) <= 3e-7 * (1 + right));
        assert_true(correct == (best == label));
        check("gradient of the loss", kernels, gradient, expected, 16, DIRECT);
    }
}

static void check_loss_of_nan(const struct lane_kernels *kernels, struct arrays *arrays)
{
    static const float specials[] = {NAN, INFINITY};
    for (size_t special = 0; special < 2; special++) {
        float *logits = make_array(arrays, 16, 1), *gradient = make_array(arrays, 16, 1);
        bool correct;
        logits[3] = specials[special];
        assert_true(isnan(kernels->cross_entropy(logits, 1, 1, gradient, &correct)));
        for (size_t class = 0; class < 10; class ++)
            assert_true(isnan(gradient[class]));
        assert_false(correct);
    }
}

static void check_adam(const struct lane_kernels *kernels, struct arrays *arrays)
{
    enum { COUNT = 101, STEPS = 3 };
    const struct adam_factors factors = {0.9F, 0.999F, 1e-8F, 0.1F, 0.001F, 0.001F, 0.5F};
    float *gradient = make_array(arrays, COUNT, 1), *value = make_array(arrays, COUNT + 16, 1);
    float *first = make_array(arrays, COUNT + 16, 0), *second = make_array(arrays, COUNT + 16, 0);
    double expected[COUNT], m[COUNT] = {0}, v[COUNT] = {0};
    float after = value[COUNT];
    for (size_t index = 0; index < COUNT; index++)
        expected[index] = (double)value[index];
    for (int step = 0; step < STEPS; step++) {
        kernels->adam(&factors, COUNT, gradient, first, second, value);
        for (size_t index = 0; index < COUNT; index++) {
            double g = (double)gradient[index];
            m[index] = 0.9 * m[index] + 0.1 * g;
            v[index] = 0.999 * v[index] + 0.001 * g * g;
            expected[index] -= 0.001 * m[index] / (sqrt(v[index]) / 0.5 + 1e-8);
        }
    }
    check("Adam", kernels, value, expected, COUNT, DIRECT);
    check("Adam's first moments", kernels, first, m, COUNT, DIRECT);
    check("Adam's second moments", kernels, second, v, COUNT, DIRECT);
    assert_true(value[COUNT] == after && first[COUNT] == 0 && second[COUNT] == 0);
}

static void for_all_kernels(void (*check_kernel)(const struct lane_kernels *, struct arrays *))
{
    const struct lane_kernels *kernels[KERNELS_MAX];
    size_t count = find_kernels(kernels);
    assert_true(count > 0);
    for (size_t index = 0; index < count; index++) {
        struct arrays arrays = {arena_create(16U << 20, NULL), 1};
        assert_non_null(arrays.arena);
        check_kernel(kernels[index], &arrays);
        arena_destroy(arrays.arena);
    }
}

static void the_first_convolution_is_right(void **state)
{
    (void)state;
    for_all_kernels(check_row_conv);
}

static void the_second_convolution_is_right(void **state)
{
    (void)state;
    for_all_kernels(check_tile_conv);
}

static void dense_layers_are_right_for_all_batches(void **state)
{
    (void)state;
    for_all_kernels(check_dense);
}

static void tanh_is_right_everywhere_and_keeps_nan(void **state)
{
    (void)state;
    for_all_kernels(check_tanh);
}

static void pixels_are_correctly_rounded(void **state)
{
    (void)state;
    for_all_kernels(check_pixels);
}

static void cross_entropy_is_right(void **state)
{
    (void)state;
    for_all_kernels(check_cross_entropy);
}

static void cross_entropy_of_nan_is_nan(void **state)
{
    (void)state;
    for_all_kernels(check_loss_of_nan);
}

static void adam_is_right_and_stays_within_its_numbers(void **state)
{
    (void)state;
    for_all_kernels(check_adam);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_convolution_is_right),
        cmocka_unit_test(the_second_convolution_is_right),
        cmocka_unit_test(dense_layers_are_right_for_all_batches),
        cmocka_unit_test(tanh_is_right_everywhere_and_keeps_nan),
        cmocka_unit_test(pixels_are_correctly_rounded),
        cmocka_unit_test(cross_entropy_is_right),
        cmocka_unit_test(cross_entropy_of_nan_is_nan),
        cmocka_unit_test(adam_is_right_and_stays_within_its_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
