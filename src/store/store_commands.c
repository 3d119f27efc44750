// SPDX-License-Identifier: MIT
#include "store/store_commands.h"

#include <string.h>

enum { KIND_SIZE = 16, OLD_SECONDS = 60 };

/* What may be sent. */
static const char *const KINDS[] = {
    [RUN_PAUSE] = "pause",        [RUN_RESUME] = "resume",       [RUN_STEP] = "step",
    [RUN_REACH] = "reach",        [RUN_END_EPOCH] = "end epoch", [RUN_EVALUATE] = "evaluate",
    [RUN_LEARNING_RATE] = "rate", [RUN_EPOCHS] = "epochs",       [RUN_SAVE] = "save",
    [RUN_STOP] = "stop",
};

static const char *kind_name(enum run_command_kind kind)
{
    return (size_t)kind < sizeof KINDS / sizeof *KINDS ? KINDS[kind] : NULL;
}

static bool find_kind(const char *name, enum run_command_kind *kind)
{
    for (size_t number = 0; number < sizeof KINDS / sizeof *KINDS; number++)
        if (KINDS[number] && strcmp(KINDS[number], name) == 0) {
            *kind = (enum run_command_kind)number;
            return true;
        }
    return false;
}

bool store_send_command(struct store *store, int64_t id, const struct run_command *command,
                        struct error *err)
{
    struct run_row run;
    const char *kind = kind_name(command->kind);
    if (!kind) {
        error_set(err, ERROR_USAGE, "this cannot be asked of another program");
        return false;
    }
    if (!store_read_run(store, id, &run, err))
        return false;
    if (!run.live) {
        error_set(err, ERROR_USAGE, "run %lld is %s: nobody would obey", (long long)id,
                  run_state_name(run.state));
        return false;
    }
    if (!store_begin(store, err))
        return false;
    struct query query =
        query_begin(&store->database,
                    "INSERT INTO commands (run, at, kind, number, rate) VALUES (?, ?, ?, ?, ?)");
    query_bind_integer(&query, id);
    query_bind_real(&query, store_now());
    query_bind_text(&query, kind);
    query_bind_size(&query, command->number);
    query_bind_real(&query, command->learning_rate);
    if (query_run(&query, err))
        return database_commit(&store->database, err);
    database_roll_back(&store->database);
    return false;
}

/* The oldest that waits: sets *id to its row, 0 where there is none. */
static bool find_waiting(struct database *database, int64_t run, int64_t *id, double *at,
                         char kind[KIND_SIZE], struct run_command *command)
{
    struct query query =
        query_begin(database, "SELECT id, at, kind, number, rate FROM commands"
                              " WHERE run = ? AND taken_at IS NULL ORDER BY id LIMIT 1");
    query_bind_integer(&query, run);
    *id = 0;
    if (query_next(&query)) {
        *id = query_integer(&query);
        *at = query_real(&query);
        query_text(&query, kind, KIND_SIZE);
        command->number = query_size(&query);
        command->learning_rate = query_real(&query);
    }
    return query_end(&query, NULL) && *id != 0;
}

static bool mark_taken(struct store *store, int64_t id)
{
    if (!store_begin(store, NULL))
        return false;
    struct query query =
        query_begin(&store->database, "UPDATE commands SET taken_at = ? WHERE id = ?");
    query_bind_real(&query, store_now());
    query_bind_integer(&query, id);
    if (query_run(&query, NULL))
        return database_commit(&store->database, NULL);
    database_roll_back(&store->database);
    return false;
}

bool command_take(struct store *store, int64_t run, struct run_command *command)
{
    int64_t id;
    double at;
    char kind[KIND_SIZE];
    *command = (struct run_command){0};
    while (find_waiting(&store->database, run, &id, &at, kind, command)) {
        if (!mark_taken(store, id))
            return false;
        if (find_kind(kind, &command->kind) && store_now() - at < OLD_SECONDS)
            return true;
    }
    return false;
}
