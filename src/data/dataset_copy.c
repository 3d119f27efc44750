// SPDX-License-Identifier: MIT
/* A data set in one piece of memory, which processes can share. */
#include <string.h>

#include "base/memory.h"
#include "data/dataset_parts.h"

/* What lies before the bytes: pixels and labels of the training part, then of the test part. */
struct header {
    size_t train_count, test_count;
    struct classes classes;
    bool sample;
    char sha256[DATASET_HEX_SIZE];
    char source[DATASET_PATH_SIZE];
};

static size_t set_size(size_t count)
{
    return count * (DATASET_PIXELS + 1);
}

size_t dataset_copy_size(const struct dataset *dataset)
{
    return sizeof(struct header) + set_size(dataset->train.count) + set_size(dataset->test.count);
}

/* Copies a part; returns the end of the copy. */
static uint8_t *copy_set(uint8_t *bytes, const struct image_set *set)
{
    memcpy(bytes, set->pixels, set->count * DATASET_PIXELS);
    memcpy(bytes + set->count * DATASET_PIXELS, set->labels, set->count);
    return bytes + set_size(set->count);
}

void dataset_copy(const struct dataset *dataset, void *memory)
{
    struct header *header = memory;
    *header = (struct header){.train_count = dataset->train.count,
                              .test_count = dataset->test.count,
                              .classes = dataset->classes,
                              .sample = dataset->sample};
    memcpy(header->sha256, dataset->sha256, sizeof header->sha256);
    memcpy(header->source, dataset->source, sizeof header->source);
    (void)copy_set(copy_set((uint8_t *)(header + 1), &dataset->train), &dataset->test);
}

static struct image_set find_set(const uint8_t *bytes, size_t count)
{
    return (struct image_set){count, bytes, bytes + count * DATASET_PIXELS};
}

struct dataset *dataset_at(const void *memory, struct error *err)
{
    const struct header *header = memory;
    const uint8_t *bytes = (const uint8_t *)(header + 1);
    struct dataset *dataset = memory_array(1, sizeof *dataset, err);
    if (!dataset)
        return NULL;
    dataset->train = find_set(bytes, header->train_count);
    dataset->test = find_set(bytes + set_size(header->train_count), header->test_count);
    dataset->classes = header->classes;
    dataset->sample = header->sample;
    memcpy(dataset->sha256, header->sha256, sizeof dataset->sha256);
    memcpy(dataset->source, header->source, sizeof dataset->source);
    return dataset;
}
