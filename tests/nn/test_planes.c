// SPDX-License-Identifier: MIT
/* The kernels of planes.h, for every instruction set that this CPU has, against sums written out in
 * double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "nn/planes/tables.h"

enum { IMAGES = 3, ARENA_BYTES = 8 << 20, MULTIPLY_IMAGES_MAX = 27, MULTIPLY_PANELS_MAX = 3 };

/* Relative L2 errors. The Fourier transform multiplies by numbers of absolute value 1 and adds, as
 * the definition does, so its error is that of a sum in single precision. Winograd's F(6, 3) has
 * factors up to 32 that cancel: 3e-6 is what its authors report as well. */
static const double FOURIER_TOLERANCE = 1e-6, WINOGRAD_TOLERANCE = 1e-5, TOLERANCE = 1e-6;

static struct arena *arena;
static uint32_t state = 1; /* of the numbers below */

static float *zeros(size_t count)
{
    float *array = arena_cut(arena, count, sizeof *array);
    assert_non_null(array);
    memset(array, 0, count * sizeof *array);
    return array;
}

static float *numbers(size_t count)
{
    float *array = zeros(count);
    for (size_t index = 0; index < count; index++) {
        state = state * 1664525 + 1013904223;
        array[index] = (float)(state >> 8) / (1 << 23) - 1;
    }
    return array;
}

/* Adds up an error and what it is relative to. */
struct comparison {
    double error, norm;
};

static void compare(struct comparison *comparison, double got, double expected)
{
    comparison->error += (got - expected) * (got - expected);
    comparison->norm += expected * expected;
}

static void check(const struct comparison *comparison, double tolerance, const char *what, int isa)
{
    double error = sqrt(comparison->error / comparison->norm);
    if (!(error <= tolerance))
        fail_msg("%s: %s is off by %g", isa_name((enum isa)isa), what, error);
}

/* Runs a test for each instruction set, with an arena of its own. */
static void for_each_isa(void (*test)(const struct plane_kernels *kernels, int isa))
{
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa))
            continue;
        arena = arena_create(ARENA_BYTES, NULL);
        assert_non_null(arena);
        test(plane_kernels_at((enum isa)isa), isa);
        arena_destroy(arena);
    }
}

/* A convolution of PANEL channels to PANEL channels: taps are in x tap x out. */
struct convolution {
    const struct plane_transform *transform;
    const float *images, *taps, *gradients;
    float *inputs, *outputs, *products, *filter; /* V, D, M or E, U or W */
    size_t pixels, stride;
};

static struct convolution make_convolution(const struct plane_transform *transform)
{
    size_t pixels = transform->side * transform->side;
    size_t planes = transform->planes * IMAGES * PANEL;
    struct convolution convolution = {
        .transform = transform,
        .images = numbers(IMAGES * pixels * PANEL),
        .taps = numbers(PANEL * transform->kernel * transform->kernel * PANEL),
        .gradients = numbers(IMAGES * pixels * PANEL),
        .inputs = zeros(planes),
        .outputs = zeros(planes),
        .products = zeros(planes),
        .filter = zeros(transform->planes * PANEL * PANEL),
        .pixels = pixels,
        .stride = IMAGES * PANEL,
    };
    for (size_t image = 0; image < IMAGES; image++) {
        size_t place = image * pixels * PANEL;
        transform->input(convolution.images + place, PANEL, convolution.inputs + image * PANEL,
                         convolution.stride);
        transform->output_gradient(convolution.gradients + place,
                                   convolution.outputs + image * PANEL, convolution.stride);
    }
    return convolution;
}

static void multiply_all(const struct convolution *convolution, const struct plane_kernels *kernels,
                         const float *planes, const float *taps)
{
    const struct plane_transform *transform = convolution->transform;
    for (size_t group = 0; group < transform->groups; group++)
        transform->filter(group, taps, PANEL,
                          convolution->filter + transform->group_first(group) * PANEL * PANEL,
                          PANEL * PANEL);
    for (size_t plane = 0; plane < transform->planes; plane++)
        kernels->multiply(planes + plane * convolution->stride, 0, 1, IMAGES,
                          convolution->filter + plane * PANEL * PANEL, false,
                          convolution->products + plane * convolution->stride);
}

/* Calls `visit` for each output pixel, tap and the input pixel they meet in. */
static void visit_pixels(const struct plane_transform *transform,
                         void (*visit)(void *context, size_t output, size_t tap, size_t input),
                         void *context)
{
    size_t side = transform->side, kernel = transform->kernel, padding = kernel / 2;
    for (size_t output = 0; output < side * side; output++) {
        for (size_t tap = 0; tap < kernel * kernel; tap++) {
            size_t y = output / side + tap / kernel, x = output % side + tap % kernel;
            if (y >= padding && x >= padding && y - padding < side && x - padding < side)
                visit(context, output, tap, (y - padding) * side + x - padding);
        }
    }
}

/* result[at(a, channel)] += sum of left right, for all three passes, in double. */
struct sums {
    const struct convolution *convolution;
    double *output, *input, *taps; /* of one image; taps of all */
    size_t image;
};

static void add_products(void *context, size_t output, size_t tap, size_t input)
{
    const struct sums *sums = context;
    const struct convolution *convolution = sums->convolution;
    size_t kernel = convolution->transform->kernel * convolution->transform->kernel;
    const float *images = convolution->images + sums->image * convolution->pixels * PANEL;
    const float *gradients = convolution->gradients + sums->image * convolution->pixels * PANEL;
    for (size_t in = 0; in < PANEL; in++) {
        for (size_t out = 0; out < PANEL; out++) {
            size_t weight = (in * kernel + tap) * PANEL + out;
            double x = images[input * PANEL + in], dy = gradients[output * PANEL + out];
            sums->output[output * PANEL + out] += x * convolution->taps[weight];
            sums->input[input * PANEL + in] += dy * convolution->taps[weight];
            sums->taps[weight] += x * dy;
        }
    }
}

/* The taps with input and output channels exchanged. */
static const float *exchanged_taps(const struct convolution *convolution)
{
    size_t kernel = convolution->transform->kernel * convolution->transform->kernel;
    float *taps = zeros(PANEL * kernel * PANEL);
    for (size_t index = 0; index < PANEL * kernel * PANEL; index++) {
        size_t in = index / PANEL / kernel, tap = index / PANEL % kernel, out = index % PANEL;
        taps[(out * kernel + tap) * PANEL + in] = convolution->taps[index];
    }
    return taps;
}

static const float *taps_gradient(const struct convolution *convolution,
                                  const struct plane_kernels *kernels)
{
    const struct plane_transform *transform = convolution->transform;
    float *taps = zeros(PANEL * transform->kernel * transform->kernel * PANEL);
    for (size_t plane = 0; plane < transform->planes; plane++)
        kernels->correlate(convolution->inputs + plane * convolution->stride,
                           convolution->outputs + plane * convolution->stride, convolution->outputs,
                           IMAGES, convolution->filter + plane * PANEL * PANEL);
    for (size_t group = 0; group < transform->groups; group++)
        transform->filter_gradient(
            group, convolution->filter + transform->group_first(group) * PANEL * PANEL,
            PANEL * PANEL, PANEL, taps);
    return taps;
}

static void check_transform(const struct plane_kernels *kernels,
                            const struct plane_transform *transform, double tolerance, int isa)
{
    struct convolution convolution = make_convolution(transform);
    size_t size = convolution.pixels * PANEL;
    size_t weights = PANEL * transform->kernel * transform->kernel * PANEL;
    struct comparison output = {0}, input = {0}, taps = {0};
    float *pixels = zeros(size), *inputs = zeros(IMAGES * size), *outputs = zeros(IMAGES * size);
    multiply_all(&convolution, kernels, convolution.inputs, convolution.taps);
    for (size_t image = 0; image < IMAGES; image++) {
        transform->output(convolution.products + image * PANEL, convolution.stride, pixels);
        memcpy(outputs + image * size, pixels, size * sizeof *pixels);
    }
    multiply_all(&convolution, kernels, convolution.outputs, exchanged_taps(&convolution));
    for (size_t image = 0; image < IMAGES; image++)
        transform->input_gradient(convolution.products + image * PANEL, convolution.stride,
                                  inputs + image * size, PANEL);
    const float *gradient = taps_gradient(&convolution, kernels);
    struct sums sums = {&convolution, NULL, NULL, calloc(weights, sizeof(double)), 0};
    for (; sums.image < IMAGES; sums.image++) {
        sums.output = calloc(size, sizeof(double));
        sums.input = calloc(size, sizeof(double));
        assert_true(sums.output && sums.input && sums.taps);
        visit_pixels(transform, add_products, &sums);
        for (size_t index = 0; index < size; index++) {
            compare(&output, outputs[sums.image * size + index], sums.output[index]);
            compare(&input, inputs[sums.image * size + index], sums.input[index]);
        }
        free(sums.input);
        free(sums.output);
    }
    for (size_t index = 0; index < weights; index++)
        compare(&taps, gradient[index], sums.taps[index]);
    free(sums.taps);
    check(&output, tolerance, "output", isa);
    check(&input, tolerance, "input gradient", isa);
    check(&taps, tolerance, "taps' gradient", isa);
}

static void check_winograd(const struct plane_kernels *kernels, int isa)
{
    check_transform(kernels, kernels->winograd, WINOGRAD_TOLERANCE, isa);
}

static void check_fourier(const struct plane_kernels *kernels, int isa)
{
    check_transform(kernels, kernels->fourier, FOURIER_TOLERANCE, isa);
}

static void winograd_convolves_forward_and_backward(void **unused)
{
    (void)unused;
    for_each_isa(check_winograd);
}

static void fourier_convolves_forward_and_backward(void **unused)
{
    (void)unused;
    for_each_isa(check_fourier);
}

static void check_multiply(const struct plane_kernels *kernels, int isa)
{
    size_t stride = MULTIPLY_IMAGES_MAX * PANEL;
    const float *a = numbers(MULTIPLY_PANELS_MAX * stride);
    const float *filter = numbers(MULTIPLY_PANELS_MAX * PANEL * PANEL), *start = numbers(stride);
    float *product = zeros(stride);
    for (size_t images = 1; images <= MULTIPLY_IMAGES_MAX; images++) {
        for (size_t panels = 1; panels <= MULTIPLY_PANELS_MAX; panels++) {
            bool add = (images + panels) % 2 == 0;
            struct comparison comparison = {0};
            memcpy(product, start, stride * sizeof *product);
            kernels->multiply(a, stride, panels, images, filter, add, product);
            for (size_t place = 0; place < images * PANEL; place++) {
                double sum = add ? start[place] : 0;
                for (size_t inner = 0; inner < panels * PANEL; inner++)
                    sum +=
                        (double)a[inner / PANEL * stride + place / PANEL * PANEL + inner % PANEL] *
                        filter[inner * PANEL + place % PANEL];
                compare(&comparison, product[place], sum);
            }
            check(&comparison, TOLERANCE, "product", isa);
            assert_memory_equal(product + images * PANEL, start + images * PANEL,
                                (stride - images * PANEL) * sizeof *product);
        }
    }
}

static void products_have_any_number_of_images_and_panels(void **unused)
{
    (void)unused;
    for_each_isa(check_multiply);
}

/* Pixels with ties, negative windows and numbers that are none. */
static float *hard_pixels(size_t count)
{
    float *pixels = numbers(count);
    for (size_t index = 0; index < count; index += 7)
        pixels[index] = index % 3 ? 0.5F : -0.5F;
    pixels[5 * PANEL + 3] = NAN;
    return pixels;
}

/* The place of a window's winner, as PyTorch finds it. */
static size_t winner(const float *pixels, size_t side, size_t corner, size_t channel)
{
    size_t best = corner;
    for (size_t index = 0; index < POOL_KERNEL * POOL_KERNEL; index++) {
        size_t place = corner + index / POOL_KERNEL * side + index % POOL_KERNEL;
        float value = pixels[place * PANEL + channel];
        if (value > pixels[best * PANEL + channel] || isnan(value))
            best = place;
    }
    return best;
}

static void check_pool(const struct plane_kernels *kernels, int isa)
{
    (void)isa;
    enum { SIDE = 13, PLACES = 6 };
    const float *pixels = hard_pixels(SIDE * SIDE * PANEL), *bias = numbers(PANEL);
    const float *gradient = numbers(PLACES * PLACES * PANEL);
    float *pooled = zeros(PLACES * PLACES * PANEL), *back = zeros(SIDE * SIDE * PANEL);
    float *expected = zeros(SIDE * SIDE * PANEL), *sum = zeros(PANEL);
    uint8_t *winners = (uint8_t *)zeros(PLACES * PLACES * PANEL);
    kernels->pool(pixels, SIDE, PANEL, bias, pooled, winners, PANEL);
    kernels->pool_gradient(gradient, winners, PANEL, SIDE, PANEL, back, sum);
    for (size_t index = 0; index < PLACES * PLACES * PANEL; index++) {
        size_t channel = index % PANEL, place = index / PANEL;
        size_t corner = place / PLACES * POOL_STRIDE * SIDE + place % PLACES * POOL_STRIDE;
        size_t best = winner(pixels, SIDE, corner, channel);
        float value = pixels[best * PANEL + channel] + bias[channel];
        if (isnan(value)) {
            assert_true(isnan(pooled[index]));
        } else {
            assert_true(pooled[index] == (value > 0 ? value : 0));
        }
        if (!(value <= 0))
            expected[best * PANEL + channel] += gradient[index];
    }
    for (size_t index = 0; index < SIDE * SIDE * PANEL; index++)
        assert_true(fabsf(back[index] - expected[index]) < 1e-6F);
    for (size_t channel = 0; channel < PANEL; channel++) {
        double total = 0;
        for (size_t place = 0; place < SIDE * SIDE; place++)
            total += expected[place * PANEL + channel];
        assert_true(fabs(total - sum[channel]) < 1e-5);
    }
}

static void pooling_takes_the_first_of_the_largest_and_keeps_nan(void **unused)
{
    (void)unused;
    for_each_isa(check_pool);
}

static void check_rectify(const struct plane_kernels *kernels, int isa)
{
    (void)isa;
    enum { PIXELS = 11 };
    const float *pixels = hard_pixels(PIXELS * PANEL), *bias = numbers(PANEL);
    const float *gradient = numbers(PIXELS * PANEL);
    float *output = zeros(PIXELS * PANEL), *back = zeros(PIXELS * PANEL), *sum = zeros(PANEL);
    kernels->rectify(pixels, PIXELS, bias, output, PANEL);
    kernels->rectify_gradient(output, gradient, PANEL, PIXELS, back, sum);
    for (size_t index = 0; index < PIXELS * PANEL; index++) {
        float value = pixels[index] + bias[index % PANEL];
        assert_true(isnan(value) ? isnan(output[index]) : output[index] == fmaxf(value, 0));
        assert_true(back[index] == (value <= 0 ? 0 : gradient[index]));
    }
}

static void relu_keeps_what_is_positive_and_nan(void **unused)
{
    (void)unused;
    for_each_isa(check_rectify);
}

static double norm_scale(const float *pixel, size_t channels, size_t channel)
{
    double sum = 0;
    for (size_t near = channel < 2 ? 0 : channel - 2; near <= channel + 2 && near < channels;
         near++)
        sum += (double)pixel[near] * pixel[near];
    return 2 + 1e-4 / 5 * sum;
}

static void check_norm(const struct plane_kernels *kernels, int isa)
{
    enum { PIXELS = 5, CHANNELS = 96 };
    float *from = numbers(PIXELS * CHANNELS), *to = zeros(PIXELS * CHANNELS);
    float *gradient = numbers(PIXELS * CHANNELS), *back = zeros(PIXELS * CHANNELS);
    struct comparison output = {0}, input = {0};
    for (size_t index = 0; index < PIXELS * CHANNELS; index++)
        from[index] *= 100; /* so that the squares count */
    memcpy(back, gradient, PIXELS * CHANNELS * sizeof *back);
    kernels->normalize(from, PIXELS, CHANNELS, to);
    kernels->normalize_gradient(from, PIXELS, CHANNELS, back);
    for (size_t index = 0; index < PIXELS * CHANNELS; index++) {
        size_t channel = index % CHANNELS;
        const float *pixel = from + index - channel, *dy = gradient + index - channel;
        double scale = norm_scale(pixel, CHANNELS, channel), sum = 0;
        for (size_t near = channel < 2 ? 0 : channel - 2; near <= channel + 2 && near < CHANNELS;
             near++)
            sum += dy[near] * (double)pixel[near] * pow(norm_scale(pixel, CHANNELS, near), -1.75);
        compare(&output, to[index], pixel[channel] * pow(scale, -0.75));
        compare(&input, back[index],
                dy[channel] * pow(scale, -0.75) - 1.5 * 1e-4 / 5 * pixel[channel] * sum);
    }
    check(&output, TOLERANCE, "normalization", isa);
    check(&input, TOLERANCE, "normalization's gradient", isa);
}

static void normalization_and_its_gradient_are_those_of_the_formula(void **unused)
{
    (void)unused;
    for_each_isa(check_norm);
}

static void check_direct(const struct plane_kernels *kernels, int isa)
{
    enum { SIDE = DIRECT_SIDE, TAPS = DIRECT_KERNEL * DIRECT_KERNEL, CHANNELS = DIRECT_CHANNELS };
    const float *image = numbers(SIDE * SIDE), *taps = numbers(TAPS * CHANNELS);
    const float *gradient = numbers(SIDE * SIDE * CHANNELS);
    float *pixels = zeros(SIDE * SIDE * CHANNELS), *taps_gradient_got = zeros(TAPS * CHANNELS);
    struct comparison output = {0}, weights = {0};
    kernels->direct(image, taps, CHANNELS, pixels);
    kernels->direct_taps(image, gradient, CHANNELS, taps_gradient_got);
    double *expected = calloc(TAPS * CHANNELS, sizeof *expected);
    assert_non_null(expected);
    for (size_t index = 0; index < SIDE * SIDE * CHANNELS; index++) {
        size_t channel = index % CHANNELS, y = index / CHANNELS / SIDE, x = index / CHANNELS % SIDE;
        double sum = 0;
        for (size_t tap = 0; tap < TAPS; tap++) {
            size_t row = y + tap / DIRECT_KERNEL, column = x + tap % DIRECT_KERNEL;
            if (row < DIRECT_PADDING || column < DIRECT_PADDING || row - DIRECT_PADDING >= SIDE ||
                column - DIRECT_PADDING >= SIDE)
                continue;
            double value = image[(row - DIRECT_PADDING) * SIDE + column - DIRECT_PADDING];
            sum += value * taps[tap * CHANNELS + channel];
            expected[tap * CHANNELS + channel] += value * gradient[index];
        }
        compare(&output, pixels[index], sum);
    }
    for (size_t index = 0; index < TAPS * CHANNELS; index++)
        compare(&weights, taps_gradient_got[index], expected[index]);
    free(expected);
    check(&output, TOLERANCE, "direct convolution", isa);
    check(&weights, TOLERANCE, "direct convolution's gradient", isa);
}

static void the_direct_convolution_is_that_of_the_definition(void **unused)
{
    (void)unused;
    for_each_isa(check_direct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(winograd_convolves_forward_and_backward),
        cmocka_unit_test(fourier_convolves_forward_and_backward),
        cmocka_unit_test(products_have_any_number_of_images_and_panels),
        cmocka_unit_test(pooling_takes_the_first_of_the_largest_and_keeps_nan),
        cmocka_unit_test(relu_keeps_what_is_positive_and_nan),
        cmocka_unit_test(normalization_and_its_gradient_are_those_of_the_formula),
        cmocka_unit_test(the_direct_convolution_is_that_of_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
