// SPDX-License-Identifier: MIT
/* Runs whose program died without a word. */
#include <stdlib.h>

#include "store/rows.h"
#include "store/run_lock.h"
#include "store/store_curves.h"
#include "store/store_parts.h"
#include "store/store_runs.h"

static bool list_open(struct store *store, int64_t **runs, size_t *count, struct error *err)
{
    struct rows rows = {.size = sizeof(int64_t)};
    struct query query =
        query_begin(&store->database, "SELECT id FROM runs WHERE ended_at IS NULL ORDER BY id");
    while (!rows.failed && query_next(&query)) {
        int64_t *run = rows_append(&rows, err);
        if (run)
            *run = query_integer(&query);
    }
    bool good = query_end(&query, rows.failed ? NULL : err) && !rows.failed;
    *runs = rows_end(&rows, good, count);
    return good;
}

/* What the row says, whoever lives; false where the run has ended meanwhile or is gone. */
static bool read_open(struct database *database, int64_t run, struct run_event *event, bool *cut)
{
    struct query query =
        query_begin(database, "SELECT step, seconds, state NOT IN ('finished', 'failed')"
                              " FROM runs WHERE id = ? AND ended_at IS NULL");
    query_bind_integer(&query, run);
    bool found = query_next(&query);
    if (found) {
        event->step = query_size(&query);
        event->seconds = query_real(&query);
        *cut = query_integer(&query) != 0;
    }
    return query_end(&query, NULL) && found;
}

static bool end_row(struct database *database, int64_t run, bool cut, struct error *err)
{
    struct query query = query_begin(
        database, "UPDATE runs SET ended_at = updated_at,"
                  " state = CASE ?1 WHEN 1 THEN 'interrupted' ELSE state END WHERE id = ?2");
    query_bind_integer(&query, cut);
    query_bind_integer(&query, run);
    return query_run(&query, err);
}

/* Writes how the run ended, whose lock is held. */
static bool write_end(struct store *store, int64_t run, struct error *err)
{
    struct run_event event = {.at = store_now(), .kind = RUN_EVENT_INTERRUPTED};
    struct database *database = &store->database;
    bool cut;
    text_copy(event.detail, sizeof event.detail, RUN_DETAIL_DIED);
    if (!store_begin(store, err))
        return false;
    if (read_open(database, run, &event, &cut) &&
        ((cut && !event_write(database, run, &event, err)) || !end_row(database, run, cut, err))) {
        database_roll_back(database);
        return false;
    }
    return database_commit(database, err);
}

static bool end_one(struct store *store, int64_t run, struct error *err)
{
    int lock =
        run_lock_held(store->directory, run) ? -1 : run_lock_take(store->directory, run, NULL);
    bool good = lock < 0 || write_end(store, run, err);
    run_lock_release(lock);
    return good;
}

bool store_end_dead_runs(struct store *store, struct error *err)
{
    int64_t *runs;
    size_t count;
    if (!list_open(store, &runs, &count, err))
        return false;
    bool good = true;
    for (size_t place = 0; good && place < count; place++)
        good = end_one(store, runs[place], err);
    free(runs);
    return good;
}
