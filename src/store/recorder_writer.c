// SPDX-License-Identifier: MIT
/* The recorder's thread: when to write, and what to do where that fails. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/recorder_parts.h"
#include "store/run_lock.h"
#include "store/store_commands.h"
#include "store/store_parts.h"

static const double ROWS_SECONDS = 0.25;    /* between two transactions */
static const double RETRY_SECONDS = 1;      /* until something is tried again */
static const double COMMANDS_SECONDS = 0.5; /* between two looks for others' commands */

/* Nothing moves unless somebody does something. */
static bool rests(const struct snapshot *snapshot)
{
    switch (snapshot->state) {
    case TRAINER_LOADING:
    case TRAINER_TRAINING:
    case TRAINER_EVALUATING:
        return false;
    case TRAINER_PAUSED:
    case TRAINER_WAITING:
    case TRAINER_FINISHED:
    case TRAINER_STOPPED:
    case TRAINER_FAILED:
        return true;
    }
    return true;
}

static bool saves_wait(const struct recorder_inbox *inbox, bool best)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        if (waiting_saves_any(&inbox->saves[model], best))
            return true;
    return false;
}

/* When there is something to do, with the lock held. */
static double next_time(const struct run_recorder *recorder)
{
    const struct recorder_inbox *inbox = &recorder->inbox;
    const struct snapshot *newest = inbox->newest, *written = recorder->snapshot;
    double time = INFINITY;
    if (recorder->retry_at > 0)
        return recorder->retry_at;
    bool resting = newest && rests(newest);
    if (inbox->item_count > 0 || newest != written)
        time = recorder->rows_at;
    if (saves_wait(inbox, !resting && inbox->saves_at > recorder->rows_at))
        time = fmin(time, recorder->rows_at);
    else if (saves_wait(inbox, false))
        time = fmin(time, inbox->saves_at);
    if (inbox->item_count >= INBOX_MAX / 8 ||
        (resting && (!written || written->state != newest->state)))
        time = 0;
    return fmin(time, inbox->commands_at);
}

static struct timespec as_timespec(double seconds)
{
    double whole = floor(seconds);
    return (struct timespec){.tv_sec = (time_t)whole, .tv_nsec = (long)((seconds - whole) * 1e9)};
}

/* Sleeps until there is something to do; whether that is to stop. */
static bool wait_for_work(struct run_recorder *recorder)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    pthread_mutex_lock(&inbox->lock);
    double time;
    while (!inbox->stop && (time = next_time(recorder)) > clock_seconds()) {
        struct timespec until = as_timespec(time);
        if (isinf(time))
            (void)pthread_cond_wait(&inbox->arrived, &inbox->lock);
        else
            (void)pthread_cond_timedwait(&inbox->arrived, &inbox->lock, &until);
    }
    bool stop = inbox->stop;
    pthread_mutex_unlock(&inbox->lock);
    return stop;
}

/* Takes what has come; what could not be written before stays in front of it. */
static void take_batch(struct run_recorder *recorder, bool stop)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    const struct snapshot *before = recorder->snapshot;
    pthread_mutex_lock(&inbox->lock);
    for (size_t place = 0; place < inbox->item_count; place++)
        recorder->batch[recorder->batch_count++] = inbox->items[place];
    inbox->item_count = 0;
    inbox->batch_count = recorder->batch_count;
    recorder->facts = inbox->facts;
    recorder->snapshot = inbox->newest ? snapshot_share(inbox->newest) : NULL;
    bool any = !inbox->newest || rests(inbox->newest) || clock_seconds() >= inbox->saves_at;
    recorder_take_saves(recorder, stop ? RECORDER_ALL : any ? RECORDER_NEW : RECORDER_URGENT);
    pthread_mutex_unlock(&inbox->lock);
    snapshot_release(before);
}

static void send(struct run_recorder *recorder, struct run_command command)
{
    pthread_mutex_lock(&recorder->session_lock);
    if (recorder->connected)
        (void)session_send(recorder->session, command);
    pthread_mutex_unlock(&recorder->session_lock);
}

/* Says what the runs of the recorded lives are called. */
static bool name_runs(struct run_recorder *recorder)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    bool changed = false;
    pthread_mutex_lock(&inbox->lock);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        const struct recorded_life *life = &recorder->lives[model];
        struct learner_record record = {.saved = recorder->resumed[model].run == life->run,
                                        .saved_step = recorder->resumed[model].step};
        (void)snprintf(record.run, sizeof record.run, "%lld", (long long)life->run);
        if (!life->run || (inbox->record_lives[model] == life->life &&
                           strcmp(record.run, inbox->records[model].run) == 0))
            continue;
        inbox->records[model] = record;
        inbox->record_lives[model] = life->life;
        changed = true;
    }
    pthread_mutex_unlock(&inbox->lock);
    return changed;
}

/* After the rows of the batch are there: only ends of lives with checkpoints are left in it. */
static void finish_batch(struct run_recorder *recorder)
{
    size_t left = 0;
    for (size_t place = 0; place < recorder->batch_count; place++) {
        struct recorder_item *item = &recorder->batch[place];
        item->written = true;
        if (item->evaluation)
            item_release(item);
        else
            recorder->batch[left++] = *item;
    }
    recorder->batch_count = left;
}

/* Gives up what is in the batch. */
static void drop_batch(struct run_recorder *recorder, const struct error *failure)
{
    recorder->failure = *failure;
    for (size_t place = 0; place < recorder->batch_count; place++) {
        run_lock_release(recorder->batch[place].lock);
        item_release(&recorder->batch[place]);
    }
    recorder->batch_count = 0;
}

/* Has the screen show that rows could not be written. */
static void tell_failure(struct run_recorder *recorder, const struct error *failure)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    pthread_mutex_lock(&inbox->lock);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        inbox->records[model].failure = *failure;
    pthread_mutex_unlock(&inbox->lock);
}

/* Has the training wait, because there is no room, or because the store is locked and much waits;
 * or go on. Returns whether that is news for the trainer. */
static bool set_blocked(struct run_recorder *recorder, const struct error *reason)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    pthread_mutex_lock(&inbox->lock);
    enum error_code code = inbox->blocked.code;
    bool before = code != ERROR_NONE || inbox->draining;
    inbox->blocked = *reason;
    inbox->batch_count = recorder->batch_count;
    if (inbox->batch_count + inbox->item_count < INBOX_MAX / 4)
        inbox->draining = false;
    bool after = inbox->blocked.code != ERROR_NONE || inbox->draining;
    pthread_mutex_unlock(&inbox->lock);
    return before != after || code != reason->code;
}

/* What a failure means for the training; ERROR_NONE where it may go on. */
static struct error reason_to_wait(const struct run_recorder *recorder, const struct error *failure)
{
    const struct database *database = &recorder->store->database;
    int primary = database->failure & 0xff;
    struct error reason = {0};
    if (failure->code == ERROR_FULL)
        error_set(&reason, ERROR_FULL, "no room in %s: training waits; free some space",
                  recorder->store->directory);
    else if (database->failure == SQLITE_READONLY_DBMOVED)
        error_set(&reason, ERROR_SYSTEM,
                  "%s was moved or removed: training waits; put it back, or quit", database->path);
    else if (primary != SQLITE_BUSY && primary != SQLITE_LOCKED && database_passing(database))
        error_set(&reason, ERROR_SYSTEM, "%s cannot be written%s%s: training waits",
                  recorder->store->directory, database->system ? ": " : "",
                  database->system ? strerror(database->system) : "");
    return reason;
}

static bool write_rows(struct run_recorder *recorder, bool stop, bool *changed, struct error *err)
{
    recorder->store->database.failure = 0;
    recorder->rows_at = clock_seconds() + ROWS_SECONDS;
    take_batch(recorder, stop);
    if (!recorder_write_rows(recorder, err))
        return false;
    finish_batch(recorder);
    *changed = name_runs(recorder);
    return true;
}

/* Whether the trainer rests: then nobody else would have it look at changed records. */
static bool trainer_rests(struct recorder_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    bool resting = inbox->newest && rests(inbox->newest);
    pthread_mutex_unlock(&inbox->lock);
    return resting;
}

/* Writes all there is; where that fails it is tried again, or given up. */
static bool write_once(struct run_recorder *recorder, bool stop)
{
    struct error err = {0}, reason = {0};
    bool changed = false;
    bool good = write_rows(recorder, stop, &changed, &err) &&
                recorder_write_saves(recorder, &changed, &err);
    recorder_return_saves(recorder);
    bool passing = err.code == ERROR_FULL || err.code == ERROR_MEMORY ||
                   database_passing(&recorder->store->database);
    recorder->retry_at = 0;
    if (!good && passing) {
        recorder->retry_at = clock_seconds() + RETRY_SECONDS;
        reason = reason_to_wait(recorder, &err);
    } else if (!good) {
        drop_batch(recorder, &err);
        tell_failure(recorder, &err);
    }
    bool news = set_blocked(recorder, &reason);
    if (news || (changed && trainer_rests(&recorder->inbox)))
        send(recorder, (struct run_command){.kind = RUN_REFRESH});
    if (!good && stop)
        recorder->failure = err;
    return good;
}

/* Whether it is time to look for commands, and somebody would obey; sets when it is time again. */
static bool commands_due(struct run_recorder *recorder)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    pthread_mutex_lock(&recorder->session_lock);
    bool connected = recorder->connected;
    pthread_mutex_unlock(&recorder->session_lock);
    pthread_mutex_lock(&inbox->lock);
    double now = clock_seconds();
    bool due = now >= inbox->commands_at;
    if (due)
        inbox->commands_at = connected ? now + COMMANDS_SECONDS : INFINITY;
    pthread_mutex_unlock(&inbox->lock);
    return due && connected;
}

/* Passes on what other programs ask of the active model's run. */
static void look_for_commands(struct run_recorder *recorder)
{
    struct run_command command;
    const struct snapshot *snapshot = recorder->snapshot;
    if (!commands_due(recorder) || !snapshot || !store_changed(recorder->store))
        return;
    int64_t run = recorder->lives[snapshot->active].run;
    while (run && command_take(recorder->store, run, &command))
        send(recorder, command);
}

void *recorder_main(void *argument)
{
    struct run_recorder *recorder = argument;
    struct error err = {0};
    (void)store_end_dead_runs(recorder->store, NULL); /* else the next program does */
    while (!wait_for_work(recorder)) {
        (void)write_once(recorder, false);
        look_for_commands(recorder);
    }
    bool good = write_once(recorder, true);
    if (!recorder_write_ends(recorder, &err) && good)
        recorder->failure = err;
    return NULL;
}
