// SPDX-License-Identifier: MIT
/* What is known of a run up to its last checkpoint. */
#include <stdlib.h>

#include "fmnist/store/checkpoint_file.h"
#include "store/store_checkpoints.h"
#include "store/store_parts.h"

static const struct checkpoint *load(const struct store *store, int64_t run,
                                     const struct run_checkpoint *row, struct error *err)
{
    char path[STORE_PATH_SIZE];
    if (!store_checkpoint_path(store, run, row->stem, path, sizeof path, err))
        return NULL;
    const struct checkpoint *checkpoint = checkpoint_file_load(path, CHECKPOINT_FINITE, err);
    if (!checkpoint || checkpoint->place.step == row->step)
        return checkpoint;
    error_set(err, ERROR_FORMAT, "%s: this is step %llu, not %llu", path,
              (unsigned long long)checkpoint->place.step, (unsigned long long)row->step);
    checkpoint_release(checkpoint);
    return NULL;
}

/* The newest that can be read; `failure` is why the newest of all could not, where that is another.
 */
static const struct checkpoint *load_last(const struct store *store, int64_t run,
                                          const struct run_checkpoint *rows, size_t count,
                                          struct error *failure)
{
    for (size_t place = count; place > 0; place--) {
        bool first = place == count;
        const struct checkpoint *checkpoint =
            load(store, run, &rows[place - 1], first ? failure : NULL);
        if (checkpoint)
            return checkpoint;
    }
    return NULL;
}

static const struct checkpoint *find_checkpoint(struct store *store, int64_t run,
                                                struct error *warning, struct error *err)
{
    struct run_checkpoint *rows;
    size_t count;
    struct error failure = {0};
    if (!store_list_checkpoints(store, run, &rows, &count, err))
        return NULL;
    const struct checkpoint *checkpoint = load_last(store, run, rows, count, &failure);
    free(rows);
    if (checkpoint && failure.code != ERROR_NONE)
        error_set(warning, failure.code, "run %lld goes on from step %llu, for %.400s",
                  (long long)run, (unsigned long long)checkpoint->place.step, failure.message);
    else if (count == 0)
        error_set(err, ERROR_USAGE, "run %lld has no checkpoint to go on from", (long long)run);
    else if (!checkpoint)
        error_set(err, failure.code, "run %lld has no checkpoint that can be read: %.400s",
                  (long long)run, failure.message);
    return checkpoint;
}

/* Adds curves and evaluations up to the checkpoint. */
static bool read_rest(struct store *store, int64_t run, struct learner_past *past,
                      struct error *err)
{
    struct curve_end curves;
    struct evaluation_end evaluations;
    struct history_counts counts = {0};
    past->history = history_create(err);
    if (!past->history ||
        !checkpoint_end(&store->database, run, past->checkpoint->place.step, &curves, &evaluations,
                        err) ||
        !curves_read(&store->database, run, curves, past->history, &counts, err))
        return false;
    past->step_points = counts.steps;
    past->epoch_points = counts.epochs;
    past->event_points = counts.events;
    return (evaluations.validation < 0 ||
            store_read_archive(store, run, (uint64_t)evaluations.validation, NULL, &past->archive,
                               err)) &&
           (evaluations.test < 0 ||
            store_read_test(store, run, (uint64_t)evaluations.test, &past->test, err));
}

bool store_read_past(struct store *store, int64_t id, struct learner_past *past,
                     struct error *warning, struct error *err)
{
    struct run_row run;
    *past = (struct learner_past){0};
    if (!store_read_run(store, id, &run, err))
        return false;
    past->checkpoint = find_checkpoint(store, id, warning, err);
    if (past->checkpoint && read_rest(store, id, past, err))
        return true;
    learner_past_release(past);
    return false;
}
