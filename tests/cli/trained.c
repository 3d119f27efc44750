// SPDX-License-Identifier: MIT
#include "trained.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "fmnist/data/dataset.h"
#include "fmnist/nn/adam.h"
#include "fmnist/store/checkpoint_file.h"

enum { BATCH = 100, STEPS = 60 };

static void train(struct network *network, struct pool *pool)
{
    struct dataset *dataset = dataset_load_sample(NULL);
    struct adam *adam = adam_create(network, ADAM_DEFAULTS, NULL);
    assert_non_null(dataset);
    assert_non_null(adam);
    for (uint32_t step = 0; step < STEPS; step++) {
        struct network_loss loss;
        uint32_t images[BATCH];
        uint8_t labels[BATCH];
        for (uint32_t image = 0; image < BATCH; image++) {
            images[image] = step * BATCH + image;
            labels[image] = dataset_train(dataset)->labels[images[image]];
        }
        network_take_images(network, dataset_train(dataset)->pixels, images, BATCH);
        assert_true(network_train(network, BATCH, labels, step + 1, &loss));
        adam_update(adam, 0.002, pool);
    }
    adam_destroy(adam);
    dataset_destroy(dataset);
}

struct checkpoint *trained_create(bool whole)
{
    const struct network_spec *spec = network_spec_find("lenet");
    struct pool *pool = pool_create(1, NULL);
    struct network *network =
        pool ? network_create(spec, BATCH, TRAINED_SEED, isa_best(), pool, NULL) : NULL;
    struct checkpoint *checkpoint = checkpoint_create(spec, whole, NULL);
    assert_non_null(network);
    assert_non_null(checkpoint);
    train(network, pool);
    for (size_t index = 0; index < checkpoint->parameter_count; index++)
        memcpy(checkpoint->parameters[index].value, network_parameter(network, index)->value,
               checkpoint->parameters[index].count * sizeof(float));
    if (whole)
        checkpoint->place = (struct checkpoint_place){.seed = TRAINED_SEED,
                                                      .batch = BATCH,
                                                      .epochs = 1,
                                                      .learning_rate = 0.002,
                                                      .initial_learning_rate = 0.002};
    network_destroy(network);
    pool_destroy(pool);
    return checkpoint;
}

void trained_write(const struct checkpoint *checkpoint, const char *path)
{
    struct error err = {0};
    if (!checkpoint_file_save(checkpoint, path, NULL, &err))
        fail_msg("%s", err.message);
}
