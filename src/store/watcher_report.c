// SPDX-License-Identifier: MIT
/* The watched runs as snapshots. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fmnist/nn/isa.h"
#include "fmnist/train/mailbox.h"
#include "store/watcher_parts.h"

static void report_load(void *context, double fraction)
{
    struct watcher *watcher = context;
    watcher->load_progress = fraction;
    if (watcher->phase == TRAINER_LOADING)
        watcher_publish(watcher);
}

/* Loaded before; NULL where it was not. */
static const struct dataset *find_data(const struct watcher *watcher, const char *sha256)
{
    for (const struct loaded_data *data = watcher->data; data; data = data->next)
        if (strcmp(dataset_sha256(data->dataset), sha256) == 0)
            return data->dataset;
    return NULL;
}

bool watcher_load_data(struct watcher *watcher, const struct run_row *row, struct error *err)
{
    const struct dataset *known = find_data(watcher, row->data_sha256);
    if (known) {
        watcher->dataset = known;
        return true;
    }
    struct loaded_data *loaded = memory_array(1, sizeof *loaded, err);
    if (!loaded)
        return false;
    loaded->dataset = run_data_load(row, &watcher->place, report_load, watcher, err);
    if (!loaded->dataset) {
        free(loaded);
        return false;
    }
    loaded->next = watcher->data;
    watcher->data = loaded;
    watcher->dataset = loaded->dataset;
    return true;
}

void watcher_release_data(struct watcher *watcher)
{
    while (watcher->data) {
        struct loaded_data *first = watcher->data;
        watcher->data = first->next;
        dataset_destroy(first->dataset);
        free(first);
    }
}

static enum isa isa_called(const char *name)
{
    for (int isa = 0; isa < ISA_COUNT; isa++)
        if (strcmp(isa_name((enum isa)isa), name) == 0)
            return (enum isa)isa;
    return ISA_GENERIC;
}

static enum trainer_state watcher_state(const struct watcher *watcher)
{
    if (watcher->phase != TRAINER_TRAINING)
        return watcher->phase;
    return watcher->playing ? TRAINER_TRAINING : watched_state(&watcher->runs[watcher->active]);
}

/* What the run says of itself that concerns the user now: why it waits, that its loss is no number;
 * unless the watcher has something to tell. */
static struct error current_notice(const struct watcher *watcher)
{
    const struct watched *active = &watcher->runs[watcher->active];
    struct error notice = watcher->notice;
    if (notice.code == ERROR_NONE && active->followed && *active->row.message)
        error_set(&notice, ERROR_SYSTEM, "%s", active->row.message);
    return notice;
}

void watcher_describe(const struct watcher *watcher, struct snapshot *snapshot)
{
    const struct watched *active = &watcher->runs[watcher->active];
    const struct run_row *row = &active->row;
    bool shown = watcher->phase == TRAINER_TRAINING;
    snapshot->steered = watcher->writer;
    snapshot->origin = active->followed ? SNAPSHOT_WATCHED : SNAPSHOT_REPLAYED;
    snapshot->state = watcher_state(watcher);
    snapshot->load_progress = watcher->load_progress;
    snapshot->threads = row->threads;
    snapshot->isa = isa_called(row->isa);
    snapshot->seed = row->seed;
    snapshot->batch = row->batch;
    snapshot->train_count = row->train_count;
    snapshot->validation_count = row->validation_count;
    snapshot->test_count = row->test_count;
    snapshot->dataset = watcher->dataset;
    snapshot->failure = current_notice(watcher);
    snapshot->active = watcher->active;
    snapshot->learner_count = network_spec_count();
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct network_spec *spec = network_spec_at(model);
        if (shown && watcher->runs[model].spec)
            watched_describe(&watcher->runs[model], &snapshot->learners[model]);
        else
            snapshot->learners[model] = (struct learner_snapshot){
                .name = network_spec_name(spec), .title = network_spec_title(spec)};
    }
    if (shown)
        watcher_describe_look(watcher, &snapshot->learners[watcher->active]);
}

void watcher_publish(struct watcher *watcher)
{
    struct snapshot *snapshot = snapshot_create(NULL);
    if (!snapshot)
        return; /* the next one may find memory */
    snapshot->number = ++watcher->published;
    watcher_describe(watcher, snapshot);
    watcher->unpublished = false;
    mailbox_put(watcher->mailbox, snapshot);
}
