// SPDX-License-Identifier: MIT
#include "fmnist/train/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "train/draft.h"

/* Computes the logits of the next images. */
static bool answer(struct network *network, const uint8_t *pixels, const uint32_t *images,
                   size_t batch, struct error *err)
{
    network_take_images(network, pixels, images, batch);
    (void)network_forward(network, batch, NETWORK_EVALUATE, 0);
    const float *logits = network_logits(network);
    for (size_t logit = 0; logit < batch * NETWORK_CLASSES; logit++) {
        if (isfinite(logits[logit]))
            continue;
        error_set(err, ERROR_NUMBERS, "the network's outputs are not finite numbers");
        return false;
    }
    return true;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

const struct evaluation *evaluate_network(struct network *network, const struct evaluate_task *task,
                                          struct error *err)
{
    struct draft *draft = draft_create(task->part, task->set, task->indices, task->count, err);
    while (draft && draft_done(draft) < task->count) {
        size_t batch = smaller(network_max_batch(network), task->count - draft_done(draft));
        if (!answer(network, task->set->pixels, draft_images(draft), batch, err)) {
            draft_destroy(draft);
            return NULL;
        }
        draft_add(draft, network_logits(network), batch);
        if (task->progress)
            task->progress(task->context, (double)draft_done(draft) / (double)task->count);
    }
    return draft ? draft_finish(draft, 0, 0, NULL) : NULL;
}

bool evaluate_images(struct network *network, const uint8_t *pixels, size_t count, float *logits,
                     struct error *err)
{
    size_t most = smaller(network_max_batch(network), count);
    uint32_t *images = memory_array(most, sizeof *images, err);
    bool good = images != NULL;
    for (size_t done = 0; good && done < count;) {
        size_t batch = smaller(most, count - done);
        for (size_t image = 0; image < batch; image++)
            images[image] = (uint32_t)(done + image);
        good = answer(network, pixels, images, batch, err);
        if (good)
            memcpy(logits + done * NETWORK_CLASSES, network_logits(network),
                   batch * NETWORK_CLASSES * sizeof *logits);
        done += batch;
    }
    (void)network_input(network); /* the arrays are not read any more */
    free(images);
    return good;
}
