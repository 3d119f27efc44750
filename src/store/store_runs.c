// SPDX-License-Identifier: MIT
/* Rows of runs: listed, found, added, brought up to date, renamed. */
#include "store/store_runs.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "store/rows.h"
#include "store/run_lock.h"
#include "store/store_parts.h"

/* In the order of take_run(). */
#define SELECT_RUNS                                                                                \
    "SELECT id, name, model, state, started_at, updated_at, ended_at, resumes,"                    \
    " host, program, isa, blas_core, threads,"                                                     \
    " epochs, batch, initial_learning_rate, seed, weight_count, steps_per_epoch,"                  \
    " data_name, data_source, data_sha256, train_count, validation_count, test_count,"             \
    " step, epochs_done, seconds, learning_rate, images_per_second, eta_seconds,"                  \
    " train_loss, train_accuracy, best_accuracy, best_epoch, test_accuracy, test_loss, message,"   \
    " (SELECT count(*) FROM checkpoints WHERE run = runs.id),"                                     \
    " (SELECT max(step) FROM checkpoints WHERE run = runs.id) FROM runs "

enum { STATE_SIZE = 16 };

static const char *const STATE_NAMES[RUN_STATES] = {
    [RUN_STATE_RUNNING] = "running",         [RUN_STATE_PAUSED] = "paused",
    [RUN_STATE_WAITING] = "waiting",         [RUN_STATE_FINISHED] = "finished",
    [RUN_STATE_STOPPED] = "stopped",         [RUN_STATE_FAILED] = "failed",
    [RUN_STATE_INTERRUPTED] = "interrupted",
};

const char *run_state_name(enum run_state state)
{
    return STATE_NAMES[state];
}

static enum run_state take_state(struct query *query)
{
    char name[STATE_SIZE];
    query_text(query, name, sizeof name);
    for (size_t state = 0; state < RUN_STATES; state++)
        if (strcmp(name, STATE_NAMES[state]) == 0)
            return (enum run_state)state;
    return RUN_STATE_INTERRUPTED;
}

static double or_zero(double value)
{
    return isnan(value) ? 0 : value;
}

static void take_settings(struct query *query, struct run_row *run)
{
    query_text(query, run->host, sizeof run->host);
    query_text(query, run->program, sizeof run->program);
    query_text(query, run->isa, sizeof run->isa);
    query_text(query, run->blas_core, sizeof run->blas_core);
    run->threads = (unsigned)query_size(query);
    run->epochs = (size_t)query_size(query);
    run->batch = (size_t)query_size(query);
    run->initial_learning_rate = query_real(query);
    run->seed = query_size(query);
    run->weight_count = (size_t)query_size(query);
    run->steps_per_epoch = (size_t)query_size(query);
    query_text(query, run->data_name, sizeof run->data_name);
    query_text(query, run->data_source, sizeof run->data_source);
    query_text(query, run->data_sha256, sizeof run->data_sha256);
    run->train_count = (size_t)query_size(query);
    run->validation_count = (size_t)query_size(query);
    run->test_count = (size_t)query_size(query);
}

static void take_progress(struct query *query, struct run_row *run)
{
    run->step = query_size(query);
    run->epochs_done = query_real(query);
    run->seconds = query_real(query);
    run->learning_rate = query_real(query);
    run->images_per_second = query_real(query);
    run->eta_seconds = query_real(query);
    run->train_loss = query_real(query);
    run->train_accuracy = query_real(query);
    run->best_accuracy = or_zero(query_real(query));
    run->best_epoch = (size_t)query_size(query);
    run->test_accuracy = query_is_null(query) ? -1 : 0;
    run->test_accuracy += or_zero(query_real(query));
    run->test_loss = query_real(query);
    query_text(query, run->message, sizeof run->message);
    run->checkpoints = (size_t)query_size(query);
    run->saved_step = query_size(query);
}

/* The row that the query is at. */
static struct run_row take_run(struct query *query)
{
    struct run_row run = {.id = query_integer(query)};
    query_text(query, run.name, sizeof run.name);
    query_text(query, run.model, sizeof run.model);
    run.state = take_state(query);
    run.started_at = query_real(query);
    run.updated_at = query_real(query);
    run.ended_at = or_zero(query_real(query));
    run.resumes = (unsigned)query_size(query);
    take_settings(query, &run);
    take_progress(query, &run);
    return run;
}

/* Reads again whether and how the run ended: that was written before its lock was given back. */
static void reread_end(struct store *store, struct run_row *run)
{
    struct query query =
        query_begin(&store->database, "SELECT state, ended_at FROM runs WHERE id = ?");
    query_bind_integer(&query, run->id);
    if (query_next(&query)) {
        run->state = take_state(&query);
        run->ended_at = or_zero(query_real(&query));
    }
    (void)query_end(&query, NULL);
}

/* Finds out whether its process lives. */
static void look_alive(struct store *store, struct run_row *run)
{
    run->live = run->ended_at <= 0 && run_lock_held(store->directory, run->id);
    if (run->live || run->ended_at > 0)
        return;
    reread_end(store, run);
    if (run->ended_at > 0)
        return;
    run->ended_at = run->updated_at;
    if (run->state != RUN_STATE_FINISHED && run->state != RUN_STATE_FAILED)
        run->state = RUN_STATE_INTERRUPTED;
}

bool store_list_runs(struct store *store, struct run_row **runs, size_t *count, struct error *err)
{
    struct rows rows = {.size = sizeof(struct run_row)};
    struct query query = query_begin(&store->database, SELECT_RUNS "ORDER BY id");
    while (!rows.failed && query_next(&query)) {
        struct run_row *row = rows_append(&rows, err);
        if (row)
            *row = take_run(&query);
    }
    bool good = query_end(&query, rows.failed ? NULL : err) && !rows.failed;
    *runs = rows_end(&rows, good, count);
    for (size_t index = 0; index < *count; index++)
        look_alive(store, &(*runs)[index]);
    return good;
}

/* Takes the query's first row, and ends it. */
static bool find_one(struct store *store, struct query *query, struct run_row *run, bool *found,
                     struct error *err)
{
    *found = query_next(query);
    if (*found)
        *run = take_run(query);
    bool good = query_end(query, err);
    if (good && *found)
        look_alive(store, run);
    return good;
}

bool store_read_run(struct store *store, int64_t id, struct run_row *run, struct error *err)
{
    bool found;
    struct query query = query_begin(&store->database, SELECT_RUNS "WHERE id = ?");
    query_bind_integer(&query, id);
    if (!find_one(store, &query, run, &found, err))
        return false;
    if (!found)
        error_set(err, ERROR_USAGE, "no run %lld; see fmnist-tui runs", (long long)id);
    return found;
}

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0';
}

static bool find_named(struct store *store, const char *name, struct run_row *run,
                       struct error *err)
{
    bool found;
    struct query query =
        query_begin(&store->database, SELECT_RUNS "WHERE name = ? ORDER BY id DESC LIMIT 1");
    query_bind_text(&query, name);
    if (!find_one(store, &query, run, &found, err))
        return false;
    if (!found)
        error_set(err, ERROR_USAGE, "no run \"%.64s\"; see fmnist-tui runs", name);
    return found;
}

static bool find_newest(struct store *store, struct run_row *run, struct error *err)
{
    bool found;
    struct query query = query_begin(&store->database, SELECT_RUNS "ORDER BY id DESC LIMIT 1");
    if (!find_one(store, &query, run, &found, err))
        return false;
    if (!found)
        error_set(err, ERROR_USAGE, "no runs yet in %s", store->directory);
    return found;
}

bool store_find_run(struct store *store, const char *text, struct run_row *run, struct error *err)
{
    if (!text)
        return find_newest(store, run, err);
    if (!is_number(text))
        return find_named(store, text, run, err);
    errno = 0;
    long long id = strtoll(text, NULL, 10);
    if (errno == 0)
        return store_read_run(store, id, run, err);
    error_set(err, ERROR_USAGE, "no run %.32s; see fmnist-tui runs", text);
    return false;
}

/* A name is shown in lists, so that it must be seen; an empty one takes the name away. */
static bool check_characters(const char *name, struct error *err)
{
    size_t length;
    for (const char *place = name; *place; place += length) {
        length = utf8_length(place);
        if (length > 0 && !utf8_is_control(place))
            continue;
        error_set(err, ERROR_USAGE, "the name of a run %s",
                  length > 0 ? "has no control characters" : "must be in UTF-8");
        return false;
    }
    if (!*name || name[strspn(name, " ")] != '\0')
        return true;
    error_set(err, ERROR_USAGE, "the name of a run is not blank");
    return false;
}

bool store_check_name(const char *name, struct error *err)
{
    if (strlen(name) >= RUN_NAME_SIZE) {
        error_set(err, ERROR_USAGE, "the name of a run has at most %d bytes", RUN_NAME_SIZE - 1);
        return false;
    }
    if (is_number(name)) {
        error_set(err, ERROR_USAGE, "%s: the name of a run is not a number", name);
        return false;
    }
    return check_characters(name, err);
}

bool store_rename_run(struct store *store, int64_t id, const char *name, struct error *err)
{
    if (!store_check_name(name, err) || !store_begin(store, err))
        return false;
    struct query query = query_begin(&store->database, "UPDATE runs SET name = ? WHERE id = ?");
    query_bind_text(&query, name);
    query_bind_integer(&query, id);
    bool good = query_run(&query, err);
    if (good && sqlite3_changes(store->database.handle) == 0) {
        error_set(err, ERROR_USAGE, "no run %lld; see fmnist-tui runs", (long long)id);
        good = false;
    }
    if (good)
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}

static void bind_settings(struct query *query, const struct run_row *run)
{
    query_bind_text(query, run->host);
    query_bind_text(query, run->program);
    query_bind_text(query, run->isa);
    query_bind_text(query, run->blas_core);
    query_bind_size(query, run->threads);
}

bool run_insert(struct database *database, struct run_row *run, struct error *err)
{
    struct query query = query_begin(
        database,
        "INSERT INTO runs (host, program, isa, blas_core, threads, name, model, state,"
        " started_at, updated_at, epochs, batch, initial_learning_rate, seed, weight_count,"
        " steps_per_epoch, data_name, data_source, data_sha256, train_count, validation_count,"
        " test_count)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    bind_settings(&query, run);
    query_bind_text(&query, run->name);
    query_bind_text(&query, run->model);
    query_bind_text(&query, run_state_name(run->state));
    query_bind_real(&query, run->started_at);
    query_bind_real(&query, run->started_at);
    query_bind_size(&query, run->epochs);
    query_bind_size(&query, run->batch);
    query_bind_real(&query, run->initial_learning_rate);
    query_bind_size(&query, run->seed);
    query_bind_size(&query, run->weight_count);
    query_bind_size(&query, run->steps_per_epoch);
    query_bind_text(&query, run->data_name);
    query_bind_text(&query, run->data_source);
    query_bind_text(&query, run->data_sha256);
    query_bind_size(&query, run->train_count);
    query_bind_size(&query, run->validation_count);
    query_bind_size(&query, run->test_count);
    bool good = query_run(&query, err);
    if (good)
        run->id = sqlite3_last_insert_rowid(database->handle);
    return good;
}

bool run_take_up(struct database *database, const struct run_row *run, struct error *err)
{
    struct query query =
        query_begin(database, "UPDATE runs SET host = ?, program = ?, isa = ?, blas_core = ?,"
                              " threads = ?, ended_at = NULL, resumes = resumes + 1 WHERE id = ?");
    bind_settings(&query, run);
    query_bind_integer(&query, run->id);
    return query_run(&query, err);
}

bool run_update(struct database *database, const struct run_row *run, struct error *err)
{
    struct query query = query_begin(
        database,
        "UPDATE runs SET state = ?, updated_at = ?, ended_at = ?, epochs = ?, step = ?,"
        " epochs_done = ?, seconds = ?, learning_rate = ?, images_per_second = ?,"
        " eta_seconds = ?, train_loss = ?, train_accuracy = ?, best_accuracy = ?, best_epoch = ?,"
        " test_accuracy = ?, test_loss = ?, message = ? WHERE id = ?");
    query_bind_text(&query, run_state_name(run->state));
    query_bind_real(&query, run->updated_at);
    query_bind_real(&query, run->ended_at > 0 ? run->ended_at : NAN);
    query_bind_size(&query, run->epochs);
    query_bind_size(&query, run->step);
    query_bind_real(&query, run->epochs_done);
    query_bind_real(&query, run->seconds);
    query_bind_real(&query, run->learning_rate);
    query_bind_real(&query, run->images_per_second);
    query_bind_real(&query, run->eta_seconds);
    query_bind_real(&query, run->train_loss);
    query_bind_real(&query, run->train_accuracy);
    query_bind_real(&query, run->best_accuracy > 0 ? run->best_accuracy : NAN);
    query_bind_size(&query, run->best_epoch);
    query_bind_real(&query, run->test_accuracy >= 0 ? run->test_accuracy : NAN);
    query_bind_real(&query, run->test_accuracy >= 0 ? run->test_loss : NAN);
    query_bind_text(&query, run->message);
    query_bind_integer(&query, run->id);
    return query_run(&query, err);
}

bool store_add_run(struct store *store, struct run_row *run, struct error *err)
{
    if (!store_check_name(run->name, err) || !store_begin(store, err))
        return false;
    run->started_at = store_now();
    run->updated_at = run->ended_at = run->started_at;
    if (run_insert(&store->database, run, err) && run_update(&store->database, run, err))
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}
