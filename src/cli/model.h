// SPDX-License-Identifier: MIT
/*
 * A network from a checkpoint, ready to answer: what the argument CHECKPOINT of a command names.
 * That is a file where it has a slash in it or ends in .safetensors; else a run of the store, by
 * its number or name, and after @ which of its checkpoints: `best`, which is the default, `last`,
 * or a step. What is no run is a file, too, where there is one of that name.
 */
#ifndef FMNIST_CLI_MODEL_H
#define FMNIST_CLI_MODEL_H

#include <jansson.h>

#include "cli/options.h"
#include "data/classes.h"
#include "fmnist/nn/network.h"
#include "fmnist/store/run.h"
#include "fmnist/train/checkpoint.h"

enum { MODEL_PATH_SIZE = 4096, MODEL_TITLE_SIZE = 128 };

struct model {
    const struct checkpoint *checkpoint; /* weights only */
    struct pool *pool;
    struct network *network;
    char path[MODEL_PATH_SIZE]; /* of the file */
    struct run_row run;         /* that it belongs to; id 0: none that is known */
    uint64_t step;              /* of the run */
};

/* Reads and checks the checkpoint, and builds its network with the options' kernels and threads.
 * False with `err` set, one line; model_close() is needed all the same. */
bool model_open(struct model *model, const char *argument, const struct options *options,
                struct error *err);
void model_close(struct model *model);

/* Where it is from, for people: "run 12, step 8100", or the path. */
const char *model_title(const struct model *model, char text[MODEL_TITLE_SIZE]);

/* The seed of the split that it was trained on; false where nothing tells it. */
bool model_seed(const struct model *model, uint64_t *seed);

/* The names of the classes: those of --data, of the data that the run was trained on, or where
 * neither is known Fashion-MNIST's. */
bool model_classes(const struct model *model, const struct options *options,
                   struct classes *classes, struct error *err);

/* What a JSON document says of it; NULL without memory. */
json_t *model_json(const struct model *model);

#endif
