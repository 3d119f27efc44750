// SPDX-License-Identifier: MIT
/*
 * Networks for checkpoint_peer.py to compare with PyTorch's:
 *
 *     checkpoint_peer train MODEL WEIGHTS STEPS    trains on the sample, at most 60 steps, and
 *                                                  writes the weights
 *     checkpoint_peer logits WEIGHTS OUT           reads weights, ours or PyTorch's, and writes
 *                                                  tensors "images", "labels" and "logits" of the
 *                                                  1,000 test images of the sample
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/data/dataset.h"
#include "fmnist/data/split.h"
#include "fmnist/nn/adam.h"
#include "fmnist/store/checkpoint_file.h"
#include "fmnist/store/safetensors.h"

enum { BATCH = 100, SEED = 1, THREADS = 2, STEPS_MAX = 60 };

static const double LEARNING_RATE = 0.001;

struct peer {
    struct dataset *dataset;
    struct pool *pool;
    struct network *network;
    struct adam *adam;
};

static bool peer_open(struct peer *peer, const struct network_spec *spec, struct error *err)
{
    peer->dataset = dataset_load_sample(err);
    peer->pool = peer->dataset ? pool_create(THREADS, err) : NULL;
    if (peer->pool)
        peer->network = network_create(spec, BATCH, SEED, isa_best(), peer->pool, err);
    if (peer->network)
        peer->adam = adam_create(peer->network, ADAM_DEFAULTS, err);
    return peer->adam;
}

static void peer_close(struct peer *peer)
{
    adam_destroy(peer->adam);
    network_destroy(peer->network);
    pool_destroy(peer->pool);
    dataset_destroy(peer->dataset);
}

/* Copies the weights from a checkpoint into the network, or the other way. */
static void copy_weights(struct peer *peer, const struct checkpoint *checkpoint, bool capture)
{
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *saved = &checkpoint->parameters[index];
        real *value = network_parameter(peer->network, index)->value;
        if (capture)
            memcpy(saved->value, value, saved->count * sizeof(float));
        else
            memcpy(value, saved->value, saved->count * sizeof(float));
    }
}

/* Numbers of the images of a batch. */
static void number_images(size_t batch, uint32_t indices[BATCH])
{
    for (size_t image = 0; image < BATCH; image++)
        indices[image] = (uint32_t)(batch * BATCH + image);
}

static bool train(const char *model, const char *path, size_t steps, struct error *err)
{
    struct peer peer = {0};
    const struct network_spec *spec = network_spec_find(model);
    struct checkpoint *checkpoint = spec ? checkpoint_create(spec, false, err) : NULL;
    bool good = checkpoint && peer_open(&peer, spec, err);
    for (size_t step = 0; good && step < steps && step < STEPS_MAX; step++) {
        uint32_t indices[BATCH];
        uint8_t labels[BATCH];
        struct network_loss loss;
        number_images(step, indices);
        batch_labels(dataset_train(peer.dataset), indices, BATCH, labels);
        network_take_images(peer.network, dataset_train(peer.dataset)->pixels, indices, BATCH);
        good = network_train(peer.network, BATCH, labels, step, &loss);
        adam_update(peer.adam, LEARNING_RATE, peer.pool);
    }
    if (good) {
        copy_weights(&peer, checkpoint, true);
        good = checkpoint_file_save(checkpoint, path, NULL, err);
    }
    checkpoint_release(checkpoint);
    peer_close(&peer);
    return good;
}

/* Computes the logits of all test images, count x 10, and their pixels, count x 28 x 28. */
static bool compute(struct peer *peer, float *logits, float *pixels)
{
    const struct image_set *test = dataset_test(peer->dataset);
    for (size_t pixel = 0; pixel < test->count * DATASET_PIXELS; pixel++)
        pixels[pixel] = (float)test->pixels[pixel] / 255;
    for (size_t batch = 0; batch < test->count / BATCH; batch++) {
        uint32_t indices[BATCH];
        number_images(batch, indices);
        network_take_images(peer->network, test->pixels, indices, BATCH);
        if (!network_forward(peer->network, BATCH, NETWORK_EVALUATE, 0))
            return false;
        memcpy(logits + batch * BATCH * NETWORK_CLASSES, network_logits(peer->network),
               sizeof *logits * BATCH * NETWORK_CLASSES);
    }
    return true;
}

static bool write_logits(struct peer *peer, const char *path, struct error *err)
{
    const struct image_set *test = dataset_test(peer->dataset);
    float *logits = memory_array(test->count * NETWORK_CLASSES, sizeof *logits, err);
    float *pixels = memory_array(test->count * DATASET_PIXELS, sizeof *pixels, err);
    const struct safetensors_tensor tensors[] = {
        {"images", SAFETENSORS_F32, 4, {test->count, 1, DATASET_HEIGHT, DATASET_WIDTH}, pixels},
        {"labels", SAFETENSORS_U8, 1, {test->count}, test->labels},
        {"logits", SAFETENSORS_F32, 2, {test->count, NETWORK_CLASSES}, logits},
    };
    struct safetensors_draft *draft = NULL;
    bool good = logits && pixels && compute(peer, logits, pixels) &&
                (draft = safetensors_prepare(tensors, 3, NULL, 0, err)) &&
                safetensors_write(draft, path, err);
    safetensors_draft_destroy(draft);
    free(pixels);
    free(logits);
    return good;
}

static bool judge(const char *weights, const char *path, struct error *err)
{
    struct peer peer = {0};
    struct checkpoint *checkpoint = checkpoint_file_load_weights(weights, CHECKPOINT_FINITE, err);
    bool good = checkpoint && peer_open(&peer, checkpoint->spec, err);
    if (good) {
        copy_weights(&peer, checkpoint, false);
        good = write_logits(&peer, path, err);
    }
    checkpoint_release(checkpoint);
    peer_close(&peer);
    return good;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    bool good = false;
    if (argc == 5 && strcmp(argv[1], "train") == 0)
        good = train(argv[2], argv[3], strtoul(argv[4], NULL, 10), &err);
    else if (argc == 4 && strcmp(argv[1], "logits") == 0)
        good = judge(argv[2], argv[3], &err);
    if (!good)
        (void)fprintf(stderr, "checkpoint_peer: %s\n", err.message[0] ? err.message : "usage");
    return good ? 0 : 1;
}
