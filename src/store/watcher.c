// SPDX-License-Identifier: MIT
#include "fmnist/store/watcher.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "fmnist/train/mailbox.h"
#include "fmnist/train/queue.h"
#include "store/watcher_parts.h"

static const double LOOK_SECONDS = 0.4;    /* between two looks at the store */
static const double FRAME_SECONDS = 0.05;  /* between two snapshots of a replay that plays */
static const double NOTICE_SECONDS = 1.5;  /* that a notice stays in the snapshots */
static const double PLAY_SECONDS_MAX = 20; /* that a replay takes, unless epochs would be slower */

void watcher_notice(struct watcher *watcher, const struct error *notice)
{
    watcher->notice = *notice;
    watcher->notice_until = clock_seconds() + NOTICE_SECONDS;
    watcher->unpublished = true;
}

/* Reads what is new of the runs, where the store has changed. */
static void look(struct watcher *watcher)
{
    struct error err = {0};
    watcher->looked_at = clock_seconds();
    if (!store_changed(watcher->store))
        return;
    for (size_t model = 0; model < network_spec_count(); model++) {
        struct watched *watched = &watcher->runs[model];
        bool followed = watched->followed;
        if (!watched->spec)
            continue;
        if (!watched_refresh(watched, watcher->store, &err))
            watcher_notice(watcher, &err);
        if (followed && !watched->followed)
            watcher_tell_end(watcher, watched);
    }
    watcher->unpublished = true;
}

/* Reads the answers that are wanted. */
static void look_for_answers(struct watcher *watcher)
{
    const struct observation *wish = &watcher->wish;
    struct error err = {0};
    for (size_t model = 0; model < network_spec_count(); model++) {
        uint64_t step = model == watcher->active ? wish->answers_step : 0;
        bool news;
        if (!watched_read_answers(&watcher->runs[model], watcher->store, wish->answers, step, &news,
                                  &err))
            watcher_notice(watcher, &err);
        watcher->unpublished = watcher->unpublished || news;
    }
}

/* Dead processes change nothing in the store, so runs that are followed are looked at anew. */
static void look_for_dead(struct watcher *watcher)
{
    struct watched *watched = watcher_active(watcher);
    struct run_row row;
    if (!watched->followed || !store_read_run(watcher->store, watched->row.id, &row, NULL) ||
        row.live)
        return;
    if (watched_refresh(watched, watcher->store, NULL))
        watcher_tell_end(watcher, watched);
    watcher->unpublished = true;
}

/* Moves a replay that plays as far as time has gone. */
static void play(struct watcher *watcher)
{
    struct watched *watched = watcher_active(watcher);
    struct error err = {0};
    double now = clock_seconds(), steps_a_second;
    if (!watcher->playing)
        return;
    steps_a_second =
        fmax((double)watched->row.steps_per_epoch, (double)watched->row.step / PLAY_SECONDS_MAX);
    uint64_t target = watcher->play_from + (uint64_t)((now - watcher->played_at) * steps_a_second);
    if (watched->followed || !watched_move(watched, watcher->store, target, &err))
        watcher->playing = false;
    if (err.code != ERROR_NONE)
        watcher_notice(watcher, &err);
    if (watched_at_end(watched))
        watcher->playing = false;
    watcher->unpublished = true;
}

/* Takes a notice back that was there for long enough. */
static void age_notice(struct watcher *watcher)
{
    if (watcher->notice.code == ERROR_NONE || clock_seconds() < watcher->notice_until)
        return;
    watcher->notice = (struct error){0};
    watcher->unpublished = true;
}

static void obey_all(struct watcher *watcher)
{
    struct run_command command;
    while (!watcher->stop && queue_take(watcher->queue, &command))
        watcher_obey(watcher, &command);
}

/* Sleeps until there is something to do. */
static void rest(const struct watcher *watcher)
{
    double seconds = watcher->looked_at + LOOK_SECONDS - clock_seconds();
    if (watcher->playing && seconds > FRAME_SECONDS)
        seconds = FRAME_SECONDS;
    if (!watcher->stop && seconds > 0)
        queue_wait_for(watcher->queue, seconds);
}

static void watch(struct watcher *watcher)
{
    watcher->phase = TRAINER_TRAINING;
    watcher_publish(watcher);
    while (!watcher->stop) {
        obey_all(watcher);
        if (clock_seconds() - watcher->looked_at >= LOOK_SECONDS) {
            look(watcher);
            look_for_dead(watcher);
        }
        look_for_answers(watcher);
        play(watcher);
        watcher_look_into(watcher);
        age_notice(watcher);
        if (watcher->unpublished)
            watcher_publish(watcher);
        rest(watcher);
    }
}

static void *watcher_main(void *argument)
{
    struct watcher *watcher = argument;
    struct error err = {0};
    if (watcher_load_data(watcher, &watcher_active(watcher)->row, &err)) {
        watch(watcher);
    } else {
        watcher->phase = TRAINER_FAILED;
        watcher->notice = err;
        watcher_publish(watcher);
    }
    return NULL;
}

static char *copy_text(const char *text, struct error *err)
{
    char *copy = strdup(text);
    if (!copy)
        error_set(err, ERROR_MEMORY, "no memory for a path");
    return copy;
}

static bool copy_settings(struct watcher *watcher, const struct watcher_settings *settings,
                          struct error *err)
{
    watcher->place.sample = settings->sample;
    if (!settings->data_directory)
        return true;
    watcher->directory = copy_text(settings->data_directory, err);
    watcher->place.directory = watcher->directory;
    return watcher->directory;
}

/* Opens the store and reads the runs. */
static bool open_runs(struct watcher *watcher, const struct watcher_settings *settings,
                      struct error *err)
{
    struct run_row row;
    watcher->store = store_open(settings->store, STORE_READ, err);
    if (!watcher->store)
        return false;
    if (settings->steer && !(watcher->writer = store_open(settings->store, STORE_WRITE, err)))
        return false;
    (void)store_changed(watcher->store); /* what follows is read in any case */
    if (settings->other && (!store_read_run(watcher->store, settings->other, &row, err) ||
                            !watcher_open_run(watcher, &row, err)))
        return false;
    if (!store_read_run(watcher->store, settings->run, &row, err))
        return false;
    if (settings->other && !watcher_check_pair(watcher, &row, err))
        return false;
    return watcher_open_run(watcher, &row, err);
}

static bool start_thread(struct watcher *watcher, struct error *err)
{
    int result = thread_start(&watcher->thread, watcher_main, watcher);
    if (result != 0)
        error_set_errno(err, result, "cannot start a thread");
    watcher->thread_runs = result == 0;
    return watcher->thread_runs;
}

struct watcher *watcher_create(const struct watcher_settings *settings, struct error *err)
{
    struct watcher *watcher = memory_array(1, sizeof *watcher, err);
    struct snapshot *first = NULL;
    if (!watcher)
        return NULL;
    watcher->phase = TRAINER_LOADING;
    watcher->queue = queue_create(err);
    watcher->survey = watcher->queue ? survey_create(watcher->queue, err) : NULL;
    if (!watcher->survey || !copy_settings(watcher, settings, err) ||
        !open_runs(watcher, settings, err))
        goto fail;
    first = snapshot_create(err);
    if (!first)
        goto fail;
    watcher_describe(watcher, first);
    watcher->mailbox = mailbox_create(first, err);
    if (!watcher->mailbox)
        goto fail;
    first = NULL;
    if (!start_thread(watcher, err))
        goto fail;
    return watcher;
fail:
    snapshot_release(first);
    watcher_destroy(watcher);
    return NULL;
}

void watcher_destroy(struct watcher *watcher)
{
    if (!watcher)
        return;
    if (watcher->thread_runs) {
        (void)queue_put(watcher->queue, (struct run_command){.kind = RUN_STOP});
        pthread_join(watcher->thread, NULL);
    }
    mailbox_destroy(watcher->mailbox);
    survey_destroy(watcher->survey);
    survey_result_release(&watcher->seen);
    queue_destroy(watcher->queue);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        watched_close(&watcher->runs[model]);
    watcher_release_data(watcher);
    store_close(watcher->store);
    store_close(watcher->writer);
    free(watcher->directory);
    free(watcher);
}

static const struct snapshot *self_snapshot(void *self)
{
    struct watcher *watcher = self;
    return mailbox_get(watcher->mailbox);
}

static int self_descriptor(const void *self)
{
    const struct watcher *watcher = self;
    return mailbox_descriptor(watcher->mailbox);
}

static void self_acknowledge(void *self)
{
    struct watcher *watcher = self;
    mailbox_acknowledge(watcher->mailbox);
}

static bool self_send(void *self, const struct run_command *command)
{
    struct watcher *watcher = self;
    struct run_command passed = *command;
    if (passed.kind == RUN_STOP)
        passed.number = WATCHER_STOP_RUN;
    return queue_put(watcher->queue, passed);
}

struct session watcher_session(struct watcher *watcher)
{
    static const struct session_operations OPERATIONS = {
        .snapshot = self_snapshot,
        .descriptor = self_descriptor,
        .acknowledge = self_acknowledge,
        .send = self_send,
    };
    return (struct session){&OPERATIONS, watcher};
}
