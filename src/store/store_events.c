// SPDX-License-Identifier: MIT
/* What happened in runs, listed, and told in few lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/rows.h"
#include "store/store_curves.h"
#include "store/store_parts.h"

static void take_event(struct query *query, struct run_event *event)
{
    event->at = query_real(query);
    event->step = query_size(query);
    event->seconds = query_real(query);
    query_text(query, event->kind, sizeof event->kind);
    query_text(query, event->detail, sizeof event->detail);
    event->before = query_real(query);
    event->after = query_real(query);
}

bool store_list_events(struct store *store, int64_t id, struct run_event **events, size_t *count,
                       struct error *err)
{
    struct rows rows = {.size = sizeof(struct run_event)};
    struct query query = query_begin(
        &store->database, "SELECT at, step, seconds, kind, detail, before, after FROM events"
                          " WHERE run = ? ORDER BY id");
    query_bind_integer(&query, id);
    while (!rows.failed && query_next(&query)) {
        struct run_event *event = rows_append(&rows, err);
        if (event)
            take_event(&query, event);
    }
    bool good = query_end(&query, rows.failed ? NULL : err) && !rows.failed;
    *events = rows_end(&rows, good, count);
    return good;
}

bool store_add_event(struct store *store, int64_t id, const struct run_event *event,
                     struct error *err)
{
    if (!store_begin(store, err))
        return false;
    if (event_write(&store->database, id, event, err))
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}

static bool is_saved(const struct run_event *event)
{
    return strcmp(event->kind, RUN_EVENT_SAVED) == 0;
}

size_t run_events_sum_up(const struct run_event *events, size_t count, struct run_event *sum)
{
    size_t last = 0;
    while (is_saved(&events[0]) && last + 1 < count && is_saved(&events[last + 1]))
        last++;
    *sum = events[last];
    if (last > 0)
        (void)snprintf(sum->detail, sizeof sum->detail, "%zu checkpoints since step %" PRIu64,
                       last + 1, events[0].step);
    return last + 1;
}
