// SPDX-License-Identifier: MIT
#include "fmnist/data/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

enum { SPLIT_PARTS = 10 }; /* one of them validates */

struct split *split_create(size_t count, uint64_t seed, struct error *err)
{
    if (count < SPLIT_PARTS || count > UINT32_MAX) {
        error_set(err, ERROR_FORMAT, "%zu training images cannot be split; at least %d are needed",
                  count, SPLIT_PARTS);
        return NULL;
    }
    struct split *split = memory_array(1, sizeof *split, err);
    uint32_t *order = split ? memory_array(count, sizeof *order, err) : NULL;
    if (!order) {
        free(split);
        return NULL;
    }
    for (size_t image = 0; image < count; image++)
        order[image] = (uint32_t)image;
    struct random random;
    random_init(&random, seed, RANDOM_SPLIT, 0);
    random_permute(&random, order, count);
    split->validation_count = count / SPLIT_PARTS;
    split->train_count = count - split->validation_count;
    split->train = order; /* one block for both */
    split->validation = order + split->train_count;
    return split;
}

void split_destroy(struct split *split)
{
    if (!split)
        return;
    free(split->train);
    free(split);
}

void split_shuffle(const struct split *split, uint64_t seed, uint32_t epoch, uint32_t *order)
{
    struct random random;
    memcpy(order, split->train, split->train_count * sizeof *order);
    random_init(&random, seed, RANDOM_SHUFFLE, epoch);
    random_permute(&random, order, split->train_count);
}

void batch_labels(const struct image_set *set, const uint32_t *indices, size_t count,
                  uint8_t *labels)
{
    for (size_t item = 0; item < count; item++)
        labels[item] = set->labels[indices[item]];
}
