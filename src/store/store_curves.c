// SPDX-License-Identifier: MIT
/* Training steps (in blocks), the points of validation, and events. */
#include "store/store_curves.h"

#include <string.h>

#include "store/bytes.h"
#include "store/rows.h"
#include "store/store_parts.h"

enum {
    BLOCK_STEPS = 512, /* steps from n * BLOCK_STEPS + 1 on are in a block of their own */
    STEP_NUMBERS = 4,
    STEP_BYTES = STEP_NUMBERS * 4,
};

static const char *const EVENT_NAMES[] = {[EVENT_RATE] = "rate", [EVENT_PAUSE] = "paused"};

static uint32_t step_of(const struct history *history, size_t index)
{
    return history_step(history, index)->step;
}

/* Whether two neighbours among the points belong to one block. */
static bool same_block(const struct history *history, size_t index)
{
    uint32_t step = step_of(history, index), next = step_of(history, index + 1);
    return next == step + 1 && (step - 1) / BLOCK_STEPS == (next - 1) / BLOCK_STEPS;
}

static bool write_block(struct database *database, int64_t run, const struct history *history,
                        size_t begin, size_t end, struct error *err)
{
    unsigned char data[BLOCK_STEPS * STEP_BYTES], *at = data;
    for (size_t index = begin; index < end; index++) {
        const struct step_point *point = history_step(history, index);
        put_float(&at, point->loss);
        put_float(&at, point->accuracy);
        put_float(&at, point->learning_rate);
        put_float(&at, point->seconds);
    }
    struct query query = query_begin(
        database, "INSERT OR REPLACE INTO steps (run, first, count, data) VALUES (?, ?, ?, ?)");
    query_bind_integer(&query, run);
    query_bind_size(&query, step_of(history, begin));
    query_bind_size(&query, end - begin);
    query_bind_bytes(&query, data, (end - begin) * STEP_BYTES);
    return query_run(&query, err);
}

/* The first block, which may be there in part, is written again. */
static bool write_steps(struct database *database, int64_t run, const struct history *history,
                        size_t from, size_t to, struct error *err)
{
    size_t begin = from;
    while (begin > 0 && begin < to && same_block(history, begin - 1))
        begin--;
    while (begin < to) {
        size_t end = begin + 1;
        while (end < to && same_block(history, end - 1))
            end++;
        if (!write_block(database, run, history, begin, end, err))
            return false;
        begin = end;
    }
    return true;
}

static bool write_epoch(struct database *database, int64_t run, size_t number,
                        const struct epoch_point *point, struct error *err)
{
    struct query query = query_begin(
        database, "INSERT OR REPLACE INTO epochs (run, number, step, epoch, validation_loss,"
                  " validation_accuracy, train_loss, train_accuracy, learning_rate,"
                  " images_per_second, seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_bind_integer(&query, run);
    query_bind_size(&query, number);
    query_bind_size(&query, point->step);
    query_bind_real(&query, (double)point->epoch);
    query_bind_real(&query, (double)point->loss);
    query_bind_real(&query, (double)point->accuracy);
    query_bind_real(&query, (double)point->train_loss);
    query_bind_real(&query, (double)point->train_accuracy);
    query_bind_real(&query, (double)point->learning_rate);
    query_bind_real(&query, (double)point->images_per_second);
    query_bind_real(&query, (double)point->seconds);
    return query_run(&query, err);
}

#define INSERT_EVENT                                                                               \
    "INSERT OR REPLACE INTO events (run, at, kind, step, seconds, before, after, detail, number)"  \
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

static bool write_event_point(struct database *database, int64_t run, size_t number,
                              const struct event_point *event, struct error *err)
{
    struct query query = query_begin(database, INSERT_EVENT);
    query_bind_integer(&query, run);
    query_bind_real(&query, store_now());
    query_bind_text(&query, EVENT_NAMES[event->kind]);
    query_bind_size(&query, event->step);
    query_bind_real(&query, (double)event->seconds);
    query_bind_real(&query, (double)event->rate_before);
    query_bind_real(&query, (double)event->rate);
    query_bind_text(&query, "");
    query_bind_size(&query, number);
    return query_run(&query, err);
}

bool event_write(struct database *database, int64_t run, const struct run_event *event,
                 struct error *err)
{
    struct query query = query_begin(database, INSERT_EVENT);
    query_bind_integer(&query, run);
    query_bind_real(&query, event->at);
    query_bind_text(&query, event->kind);
    query_bind_size(&query, event->step);
    query_bind_real(&query, event->seconds);
    query_bind_real(&query, event->before);
    query_bind_real(&query, event->after);
    query_bind_text(&query, event->detail);
    query_bind_null(&query);
    return query_run(&query, err);
}

bool curves_write(struct database *database, int64_t run, const struct history *history,
                  struct history_counts from, struct history_counts to, struct error *err)
{
    if (!write_steps(database, run, history, from.steps, to.steps, err))
        return false;
    for (size_t number = from.epochs; number < to.epochs; number++)
        if (!write_epoch(database, run, number, history_epoch(history, number), err))
            return false;
    for (size_t number = from.events; number < to.events; number++)
        if (!write_event_point(database, run, number, history_event(history, number), err))
            return false;
    return true;
}

/* Runs a statement whose parameters are a run and a number. */
static bool run_with(struct database *database, const char *sql, int64_t run, uint64_t number,
                     struct error *err)
{
    struct query query = query_begin(database, sql);
    query_bind_integer(&query, run);
    query_bind_size(&query, number);
    return query_run(&query, err);
}

bool curves_cut(struct database *database, int64_t run, struct curve_end end, struct error *err)
{
    return run_with(database, "DELETE FROM steps WHERE run = ?1 AND first > ?2", run, end.step,
                    err) &&
           run_with(database,
                    "UPDATE steps SET count = ?2 - first + 1,"
                    " data = substr(data, 1, 16 * (?2 - first + 1))"
                    " WHERE run = ?1 AND first + count - 1 > ?2",
                    run, end.step, err) &&
           run_with(database, "DELETE FROM epochs WHERE run = ?1 AND number >= ?2", run, end.epochs,
                    err) &&
           run_with(database, "DELETE FROM events WHERE run = ?1 AND number >= ?2", run, end.events,
                    err);
}

/* Appends those steps of a block that come after `*last` and up to `end`. */
static bool append_block(struct query *query, uint64_t end, struct history *history, uint64_t *last,
                         size_t *count, struct error *err)
{
    size_t size;
    uint64_t first = query_size(query);
    const unsigned char *at = query_bytes(query, &size);
    for (uint64_t step = first; step < first + size / STEP_BYTES && step <= end; step++) {
        struct step_point point = {.step = (uint32_t)step};
        point.loss = get_float(&at);
        point.accuracy = get_float(&at);
        point.learning_rate = get_float(&at);
        point.seconds = get_float(&at);
        if (step <= *last)
            continue;
        if (!history_add_step(history, &point, err))
            return false;
        *last = step;
        ++*count;
    }
    return true;
}

static bool read_steps(struct database *database, int64_t run, uint64_t end,
                       struct history *history, size_t *count, struct error *err)
{
    uint64_t last = *count > 0 ? step_of(history, *count - 1) : 0;
    bool good = true;
    struct query query = query_begin(
        database, "SELECT first, data FROM steps WHERE run = ? AND first > ? ORDER BY first");
    query_bind_integer(&query, run);
    query_bind_integer(&query, (int64_t)last - BLOCK_STEPS);
    while (good && query_next(&query))
        good = append_block(&query, end, history, &last, count, err);
    return query_end(&query, good ? err : NULL) && good;
}

/* The first columns are the number and the step; they are bound in this order. */
static struct query begin_points(struct database *database, const char *sql, int64_t run,
                                 size_t from, uint64_t to, uint64_t step)
{
    struct query query = query_begin(database, sql);
    query_bind_integer(&query, run);
    query_bind_size(&query, from);
    query_bind_size(&query, to < INT64_MAX ? to : INT64_MAX);
    query_bind_size(&query, step < INT64_MAX ? step : INT64_MAX);
    return query;
}

static bool read_epochs(struct database *database, int64_t run, struct curve_end end,
                        struct history *history, size_t *count, struct error *err)
{
    bool good = true;
    struct query query = begin_points(
        database,
        "SELECT step, epoch, validation_loss, validation_accuracy, train_loss, train_accuracy,"
        " learning_rate, images_per_second, seconds FROM epochs"
        " WHERE run = ? AND number >= ? AND number < ? AND step <= ? ORDER BY number",
        run, *count, end.epochs, end.step);
    while (good && query_next(&query)) {
        struct epoch_point point = {.step = (uint32_t)query_size(&query)};
        point.epoch = (float)query_real(&query);
        point.loss = (float)query_real(&query);
        point.accuracy = (float)query_real(&query);
        point.train_loss = (float)query_real(&query);
        point.train_accuracy = (float)query_real(&query);
        point.learning_rate = (float)query_real(&query);
        point.images_per_second = (float)query_real(&query);
        point.seconds = (float)query_real(&query);
        good = history_add_epoch(history, &point, err);
        *count += good;
    }
    return query_end(&query, good ? err : NULL) && good;
}

static enum event_kind take_kind(struct query *query)
{
    char kind[RUN_EVENT_SIZE];
    query_text(query, kind, sizeof kind);
    return strcmp(kind, EVENT_NAMES[EVENT_PAUSE]) == 0 ? EVENT_PAUSE : EVENT_RATE;
}

static bool read_events(struct database *database, int64_t run, struct curve_end end,
                        struct history *history, size_t *count, struct error *err)
{
    bool room = true;
    struct query query =
        begin_points(database,
                     "SELECT step, kind, seconds, before, after FROM events"
                     " WHERE run = ? AND number >= ? AND number < ? AND step <= ? ORDER BY number",
                     run, *count, end.events, end.step);
    while (room && query_next(&query)) {
        struct event_point event = {.step = (uint32_t)query_size(&query)};
        event.kind = take_kind(&query);
        event.seconds = (float)query_real(&query);
        event.rate_before = (float)query_real(&query);
        event.rate = (float)query_real(&query);
        room = history_add_event(history, &event, err);
        *count += room;
    }
    return query_end(&query, room ? err : NULL) && (room || *count >= HISTORY_EVENTS_MAX);
}

bool curves_read(struct database *database, int64_t run, struct curve_end end,
                 struct history *history, struct history_counts *counts, struct error *err)
{
    return read_steps(database, run, end.step, history, &counts->steps, err) &&
           read_epochs(database, run, end, history, &counts->epochs, err) &&
           read_events(database, run, end, history, &counts->events, err);
}

bool store_read_history(struct store *store, int64_t id, uint64_t last_step,
                        struct history *history, struct history_counts *counts, struct error *err)
{
    struct curve_end end = {.step = last_step, .epochs = UINT64_MAX, .events = UINT64_MAX};
    return curves_read(&store->database, id, end, history, counts, err);
}
