// SPDX-License-Identifier: MIT
#include "store/store_anatomy.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/bytes.h"
#include "store/store_parts.h"

enum { POINT_BYTES = 3 * 4, TREND_BYTES = ANATOMY_TREND_MAX * POINT_BYTES };

/* What was there goes first, layers included. */
static bool write_head(struct database *database, int64_t run, const struct anatomy *anatomy,
                       struct error *err)
{
    struct query query = query_begin(database, "DELETE FROM anatomies WHERE run = ?");
    query_bind_integer(&query, run);
    if (!query_run(&query, err))
        return false;
    query = query_begin(database, "INSERT INTO anatomies (run, norms_step, step_seconds, idle_step,"
                                  " idle_images) VALUES (?, ?, ?, ?, ?)");
    query_bind_integer(&query, run);
    query_bind_size(&query, anatomy->norms_step);
    query_bind_real(&query, anatomy->step_seconds);
    query_bind_size(&query, anatomy->idle_step);
    query_bind_size(&query, anatomy->idle_images);
    return query_run(&query, err);
}

static void bind_layer(struct query *query, const struct anatomy_layer *layer)
{
    query_bind_text(query, layer->kind);
    query_bind_text(query, layer->name);
    query_bind_size(query, layer->output.channels);
    query_bind_size(query, layer->output.height);
    query_bind_size(query, layer->output.width);
    query_bind_size(query, layer->weight_count);
    query_bind_integer(query, layer->filters);
    query_bind_size(query, layer->stage);
    query_bind_real(query, layer->forward_seconds);
    query_bind_real(query, layer->backward_seconds);
    query_bind_real(query, (double)layer->norms.weights);
    query_bind_real(query, (double)layer->norms.gradients);
    query_bind_real(query, (double)layer->norms.updates);
    query_bind_integer(query, layer->idleness);
    query_bind_real(query, layer->idle);
}

bool anatomy_write(struct database *database, int64_t run, const struct anatomy *anatomy,
                   struct error *err)
{
    if (!write_head(database, run, anatomy, err))
        return false;
    struct query query = query_begin(
        database, "INSERT INTO layers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                  " ?)");
    for (size_t number = 0; number < anatomy->layer_count; number++) {
        unsigned char trend[TREND_BYTES], *at = trend;
        for (size_t place = 0; place < anatomy->trend_count; place++) {
            const struct anatomy_norms *norms = &anatomy->layers[number].trend[place];
            put_float(&at, norms->weights);
            put_float(&at, norms->gradients);
            put_float(&at, norms->updates);
        }
        query_bind_integer(&query, run);
        query_bind_size(&query, number);
        bind_layer(&query, &anatomy->layers[number]);
        query_bind_bytes(&query, trend, anatomy->trend_count * POINT_BYTES);
        query_repeat(&query);
    }
    return query_end(&query, err);
}

/* An anatomy under construction, with room for its names. */
struct sketch {
    struct anatomy anatomy;
    char texts[ANATOMY_LAYERS_MAX][2][NETWORK_NAME_SIZE];
};

static void take_trend(struct query *query, struct anatomy *anatomy, struct anatomy_layer *layer)
{
    size_t size;
    const unsigned char *at = query_bytes(query, &size);
    size_t count = size / POINT_BYTES;
    if (count > ANATOMY_TREND_MAX)
        count = ANATOMY_TREND_MAX;
    for (size_t place = 0; place < count; place++) {
        layer->trend[place].weights = get_float(&at);
        layer->trend[place].gradients = get_float(&at);
        layer->trend[place].updates = get_float(&at);
    }
    anatomy->trend_count = count;
}

static void take_layer(struct query *query, struct sketch *sketch)
{
    size_t number = sketch->anatomy.layer_count++;
    struct anatomy_layer *layer = &sketch->anatomy.layers[number];
    char(*texts)[NETWORK_NAME_SIZE] = sketch->texts[number];
    query_text(query, texts[0], sizeof texts[0]);
    query_text(query, texts[1], sizeof texts[1]);
    layer->kind = texts[0];
    layer->name = texts[1];
    layer->output.channels = (size_t)query_size(query);
    layer->output.height = (size_t)query_size(query);
    layer->output.width = (size_t)query_size(query);
    layer->weight_count = (size_t)query_size(query);
    layer->filters = query_integer(query) != 0;
    layer->stage = (size_t)query_size(query);
    layer->forward_seconds = query_real(query);
    layer->backward_seconds = query_real(query);
    layer->norms.weights = (float)query_real(query);
    layer->norms.gradients = (float)query_real(query);
    layer->norms.updates = (float)query_real(query);
    int64_t idleness = query_integer(query);
    if (idleness == ANATOMY_DEAD || idleness == ANATOMY_SATURATED)
        layer->idleness = (enum anatomy_idleness)idleness;
    layer->idle = query_real(query);
    take_trend(query, &sketch->anatomy, layer);
}

static bool read_layers(struct database *database, int64_t run, struct sketch *sketch,
                        struct error *err)
{
    struct query query = query_begin(
        database, "SELECT kind, name, channels, height, width, weight_count, filters, stage,"
                  " forward_seconds, backward_seconds, weights, gradients, updates, idleness, idle,"
                  " trend FROM layers WHERE run = ? ORDER BY layer");
    query_bind_integer(&query, run);
    while (sketch->anatomy.layer_count < ANATOMY_LAYERS_MAX && query_next(&query))
        take_layer(&query, sketch);
    for (size_t number = 0; number < sketch->anatomy.layer_count; number++) {
        struct anatomy_layer *layer = &sketch->anatomy.layers[number];
        if (layer->stage >= sketch->anatomy.layer_count)
            layer->stage = number;
    }
    return query_end(&query, err);
}

static bool read_head(struct database *database, int64_t run, struct anatomy *anatomy, bool *found,
                      struct error *err)
{
    struct query query = query_begin(
        database,
        "SELECT norms_step, step_seconds, idle_step, idle_images FROM anatomies WHERE run = ?");
    query_bind_integer(&query, run);
    *found = query_next(&query);
    if (*found) {
        anatomy->norms_step = query_size(&query);
        anatomy->step_seconds = query_real(&query);
        anatomy->idle_step = query_size(&query);
        anatomy->idle_images = (size_t)query_size(&query);
    }
    return query_end(&query, err);
}

bool store_read_anatomy(struct store *store, int64_t id, const struct anatomy **anatomy,
                        struct error *err)
{
    bool found;
    struct sketch *sketch = memory_array(1, sizeof *sketch, err);
    *anatomy = NULL;
    if (!sketch)
        return false;
    bool good = read_head(&store->database, id, &sketch->anatomy, &found, err) &&
                (!found || read_layers(&store->database, id, sketch, err));
    if (good && found) {
        *anatomy = anatomy_restore(&sketch->anatomy, err);
        good = *anatomy;
    }
    free(sketch);
    return good;
}
