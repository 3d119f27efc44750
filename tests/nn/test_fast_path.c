// SPDX-License-Identifier: MIT
/* Whole passes of the kernels of every instruction set beside the reference path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

static const size_t BATCHES[] = {1, 7, 16, 17, 100, 128};
enum { BATCH_COUNT = sizeof BATCHES / sizeof *BATCHES, PIXELS = 28 * 28 };

/* Root of squares, relative: 1e-6 is what one convolution by transforms is off, and the layers
 * after it add to that. */
static const double TOLERANCE = 1e-5;

static struct rig_settings settings_of(size_t batch, unsigned threads, enum isa isa)
{
    return (struct rig_settings){.spec = network_spec_find("lenet"),
                                 .batch = batch,
                                 .threads = threads,
                                 .salt = 1,
                                 .isa = isa};
}

static void check_near(const real *got, const real *expected, size_t count)
{
    double values = 0, errors = 0;
    for (size_t index = 0; index < count; index++) {
        double error = (double)got[index] - (double)expected[index];
        values += (double)expected[index] * (double)expected[index];
        errors += error * error;
    }
    assert_true(sqrt(errors / values) <= TOLERANCE);
}

static void check_against_reference(size_t batch, enum isa isa)
{
    struct rig fast, reference;
    rig_open(&fast, settings_of(batch, 2, isa));
    rig_open(&reference, settings_of(batch, 1, ISA_REFERENCE));
    assert_true(rig_pass(&fast) && rig_pass(&reference));
    assert_true(fabs(fast.loss.loss - reference.loss.loss) < 1e-6 * (1 + reference.loss.loss));
    assert_int_equal(fast.loss.correct, reference.loss.correct);
    check_near(network_logits(fast.network), network_logits(reference.network),
               batch * NETWORK_CLASSES);
    for (size_t index = 0; index < network_parameter_count(fast.network); index++) {
        const struct parameter *parameter = network_parameter(fast.network, index);
        check_near(parameter->gradient, network_parameter(reference.network, index)->gradient,
                   parameter->count);
    }
    rig_close(&reference);
    rig_close(&fast);
}

static void for_all(void (*check)(size_t batch, enum isa isa))
{
    for (int isa = ISA_GENERIC; isa < ISA_COUNT; isa++)
        for (size_t number = 0; isa_supported((enum isa)isa) && number < BATCH_COUNT; number++)
            check(BATCHES[number], (enum isa)isa);
}

static void gradients_are_those_of_the_reference_path(void **state)
{
    (void)state;
    for_all(check_against_reference);
}

/* Evaluating alone, and after training left its values behind. */
static void check_evaluation(size_t batch, enum isa isa)
{
    struct rig rig;
    real trained[RIG_BATCH_MAX * NETWORK_CLASSES];
    size_t size = batch * NETWORK_CLASSES * sizeof *trained;
    rig_open(&rig, settings_of(batch, 2, isa));
    assert_true(rig_pass(&rig));
    memcpy(trained, network_logits(rig.network), size);
    assert_true(network_forward(rig.network, batch, NETWORK_EVALUATE, 0));
    assert_memory_equal(network_logits(rig.network), trained, size);
    rig_close(&rig);
}

static void evaluation_gives_the_logits_of_training(void **state)
{
    (void)state;
    for_all(check_evaluation);
}

/* The same images given as bytes and as numbers, in an order of the caller's. */
static void check_bytes(size_t batch, enum isa isa)
{
    struct rig rig;
    uint8_t *bytes = malloc(batch * PIXELS);
    uint32_t indices[RIG_BATCH_MAX];
    real logits[RIG_BATCH_MAX * NETWORK_CLASSES];
    assert_non_null(bytes);
    rig_open(&rig, settings_of(batch, 2, isa));
    for (size_t image = 0; image < batch; image++)
        indices[image] = (uint32_t)(batch - 1 - image);
    for (size_t pixel = 0; pixel < batch * PIXELS; pixel++)
        bytes[pixel] = (uint8_t)(pixel * 2654435761U >> 24);
    network_take_images(rig.network, bytes, indices, batch);
    assert_true(rig_pass(&rig));
    memcpy(logits, network_logits(rig.network), batch * NETWORK_CLASSES * sizeof *logits);
    real *gradients = rig_copy_gradients(&rig), *input = network_input(rig.network);
    for (size_t pixel = 0; pixel < batch * PIXELS; pixel++)
        input[pixel] = (real)bytes[indices[pixel / PIXELS] * (size_t)PIXELS + pixel % PIXELS] / 255;
    assert_true(rig_pass(&rig));
    assert_memory_equal(logits, network_logits(rig.network),
                        batch * NETWORK_CLASSES * sizeof *logits);
    real *again = rig_copy_gradients(&rig);
    assert_memory_equal(gradients, again, network_weight_count(rig.network) * sizeof *again);
    free(again);
    free(gradients);
    rig_close(&rig);
    free(bytes);
}

static void images_as_bytes_give_the_same_bits(void **state)
{
    (void)state;
    for_all(check_bytes);
    check_bytes(17, ISA_REFERENCE);
}

/* A pixel that is no number makes the loss none, wherever in the batch it is. */
static void check_nan(size_t batch, enum isa isa)
{
    struct rig rig;
    rig_open(&rig, settings_of(batch, 2, isa));
    network_input(rig.network)[batch * PIXELS - 400] = (real)NAN;
    assert_true(rig_pass(&rig));
    assert_true(isnan(rig.loss.loss));
    for (size_t index = 0; index < network_parameter_count(rig.network); index++)
        assert_true(isnan(network_parameter(rig.network, index)->gradient[0]));
    rig_close(&rig);
}

static void nan_in_an_image_reaches_loss_and_gradients(void **state)
{
    (void)state;
    for_all(check_nan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_those_of_the_reference_path),
        cmocka_unit_test(evaluation_gives_the_logits_of_training),
        cmocka_unit_test(images_as_bytes_give_the_same_bits),
        cmocka_unit_test(nan_in_an_image_reaches_loss_and_gradients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
