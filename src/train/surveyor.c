// SPDX-License-Identifier: MIT
#include "fmnist/train/surveyor.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "train/observer.h"

struct surveyor {
    const struct network_spec *spec;
    struct pool *pool;
    struct network *network;
    struct split *split;
    struct observer *observer;
};

struct surveyor *surveyor_create(const struct network_spec *spec, const struct dataset *dataset,
                                 uint64_t seed, pool_poll poll, void *context, struct error *err)
{
    struct surveyor *surveyor = memory_array(1, sizeof *surveyor, err);
    if (!surveyor)
        return NULL;
    surveyor->spec = spec;
    surveyor->pool = pool_create(1, err);
    if (surveyor->pool)
        surveyor->network = network_create(spec, 1, seed, ISA_REFERENCE, surveyor->pool, err);
    if (surveyor->network)
        surveyor->split = split_create(dataset_train(dataset)->count, seed, err);
    if (surveyor->split)
        surveyor->observer = observer_create(surveyor->network, dataset, surveyor->split, err);
    if (!surveyor->observer) {
        surveyor_destroy(surveyor);
        return NULL;
    }
    pool_set_poll(surveyor->pool, poll, context);
    return surveyor;
}

void surveyor_destroy(struct surveyor *surveyor)
{
    if (!surveyor)
        return;
    observer_destroy(surveyor->observer);
    split_destroy(surveyor->split);
    network_destroy(surveyor->network);
    pool_destroy(surveyor->pool);
    free(surveyor);
}

bool surveyor_take_weights(struct surveyor *surveyor, const struct checkpoint *checkpoint,
                           struct error *err)
{
    if (checkpoint->spec != surveyor->spec) {
        error_set(err, ERROR_FORMAT, "this is a checkpoint of %s, not of %s",
                  network_spec_title(checkpoint->spec), network_spec_title(surveyor->spec));
        return false;
    }
    for (size_t index = 0; index < checkpoint->parameter_count; index++) {
        const struct checkpoint_parameter *from = &checkpoint->parameters[index];
        memcpy(network_parameter(surveyor->network, index)->value, from->value,
               from->count * sizeof *from->value);
    }
    return observer_reset(surveyor->observer, err);
}

bool surveyor_look(struct surveyor *surveyor, const struct observation *wish, uint64_t step,
                   struct error *err)
{
    observer_ask(surveyor->observer, wish);
    enum observer_event event = observer_look(surveyor->observer, step, true, err);
    return event == OBSERVER_SAW || event == OBSERVER_NOTHING;
}

const struct anatomy *surveyor_anatomy(const struct surveyor *surveyor)
{
    return observer_anatomy(surveyor->observer);
}

const struct study *surveyor_study(const struct surveyor *surveyor)
{
    return observer_study(surveyor->observer);
}
