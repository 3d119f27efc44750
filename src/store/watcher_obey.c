// SPDX-License-Identifier: MIT
/* What commands do to the watched runs. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/watcher_parts.h"

static void tell(struct watcher *watcher, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(struct watcher *watcher, const char *format, ...)
{
    struct error notice = {.code = ERROR_USAGE};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(notice.message, sizeof notice.message, format, args);
    va_end(args);
    watcher_notice(watcher, &notice);
}

void watcher_tell_end(struct watcher *watcher, const struct watched *watched)
{
    const struct run_row *row = &watched->row;
    watcher->playing = false;
    if (row->state == RUN_STATE_FINISHED)
        tell(watcher, "run %" PRId64 " is finished; Space replays it", row->id);
    else if (row->state == RUN_STATE_FAILED)
        tell(watcher, "run %" PRId64 " failed: %.400s", row->id, row->message);
    else
        tell(watcher, "run %" PRId64 " was %s; fmnist-tui --resume %" PRId64 " goes on", row->id,
             run_state_name(row->state), row->id);
}

bool watcher_check_pair(const struct watcher *watcher, const struct run_row *row, struct error *err)
{
    for (size_t model = 0; model < network_spec_count(); model++) {
        const struct run_row *other = &watcher->runs[model].row;
        if (!watcher->runs[model].spec)
            continue;
        if (strcmp(other->model, row->model) == 0)
            error_set(err, ERROR_USAGE,
                      "runs %" PRId64 " and %" PRId64 " are both of %s: runs compare, or view 6, "
                      "puts them side by side",
                      row->id, other->id, network_spec_title(watcher->runs[model].spec));
        else if (strcmp(other->data_sha256, row->data_sha256) != 0)
            error_set(err, ERROR_USAGE,
                      "runs %" PRId64 " and %" PRId64 " were trained on different images", row->id,
                      other->id);
        else
            continue;
        return false;
    }
    return true;
}

bool watcher_open_run(struct watcher *watcher, const struct run_row *row, struct error *err)
{
    struct watched opened;
    if (!watched_open(&opened, watcher->store, row, err))
        return false;
    watcher->active = network_spec_number(opened.spec);
    watched_close(watcher_active(watcher));
    *watcher_active(watcher) = opened;
    watcher->playing = false;
    return true;
}

/* Closes runs on other data than those of the one that is shown. */
static void close_others(struct watcher *watcher)
{
    const char *sha256 = watcher_active(watcher)->row.data_sha256;
    for (size_t model = 0; model < network_spec_count(); model++)
        if (watcher->runs[model].spec && strcmp(watcher->runs[model].row.data_sha256, sha256) != 0)
            watched_close(&watcher->runs[model]);
}

static void open_another(struct watcher *watcher, int64_t id)
{
    struct run_row row;
    struct error err = {0};
    const struct dataset *before = watcher->dataset;
    if (!store_read_run(watcher->store, id, &row, &err) ||
        !watcher_load_data(watcher, &row, &err) || !watcher_open_run(watcher, &row, &err)) {
        watcher->dataset = before;
        watcher_notice(watcher, &err);
        return;
    }
    close_others(watcher);
    watcher->notice = (struct error){0};
}

static void switch_to(struct watcher *watcher, size_t model)
{
    if (model >= network_spec_count())
        return;
    if (!watcher->runs[model].spec) {
        tell(watcher, "no run of %s is shown; Enter in view 6 opens one",
             network_spec_title(network_spec_at(model)));
        return;
    }
    watcher->active = model;
    watcher->playing = false;
}

/* Moves the cursor of a run that has ended, and stays there. */
static void move(struct watcher *watcher, uint64_t step)
{
    struct error err = {0};
    watcher->playing = false;
    if (!watched_move(watcher_active(watcher), watcher->store, step, &err))
        watcher_notice(watcher, &err);
}

static void start_playing(struct watcher *watcher)
{
    struct watched *watched = watcher_active(watcher);
    if (watched_at_end(watched))
        move(watcher, 0);
    watcher->playing = watched->row.step > 0;
    watcher->played_at = clock_seconds();
    watcher->play_from = watched->cursor;
}

/* The last step of the epoch that the next step belongs to. */
static uint64_t epoch_end(const struct watched *watched)
{
    uint64_t length = watched->row.steps_per_epoch > 0 ? watched->row.steps_per_epoch : 1;
    return (watched->cursor / length + 1) * length;
}

/* Where a command leads to in a replay; false where it is not about that. */
static bool find_target(const struct watched *watched, const struct run_command *command,
                        uint64_t *step)
{
    switch (command->kind) {
    case RUN_PAUSE:
        *step = watched->cursor;
        return true;
    case RUN_RESTART:
        *step = 0;
        return true;
    case RUN_STEP:
        *step = command->number > UINT64_MAX - watched->cursor ? UINT64_MAX
                                                               : watched->cursor + command->number;
        return true;
    case RUN_REACH:
        *step = command->number;
        return true;
    case RUN_END_EPOCH:
        *step = epoch_end(watched);
        return true;
    default:
        return false;
    }
}

/* Moves to a step of a replay, or to the last one where there is no such step, which it tells. */
static void travel(struct watcher *watcher, uint64_t step, bool named)
{
    const struct watched *watched = watcher_active(watcher);
    bool beyond = step > watched->row.step;
    if (beyond && watched_at_end(watched))
        tell(watcher, "this is its last step; Space plays it from the start, R goes there");
    else
        move(watcher, step);
    if (beyond && named)
        tell(watcher, "run %" PRId64 " ended after step %" PRIu64, watched->row.id,
             watched->row.step);
}

static void replay(struct watcher *watcher, const struct run_command *command)
{
    const struct watched *watched = watcher_active(watcher);
    uint64_t step;
    if (command->kind == RUN_RESUME)
        start_playing(watcher);
    else if (find_target(watched, command, &step))
        travel(watcher, step, command->kind == RUN_REACH);
    else
        tell(watcher, "run %" PRId64 " has ended: fmnist-tui --resume %" PRId64 " trains it on",
             watched->row.id, watched->row.id);
}

/* Passes a command on to the program that trains the run. */
static void steer(struct watcher *watcher, const struct run_command *command)
{
    struct error err = {0};
    if (!watcher->writer)
        tell(watcher, "this run is only watched; fmnist-tui watch --steer passes keys on");
    else if (!store_send_command(watcher->writer, watcher_active(watcher)->row.id, command, &err))
        watcher_notice(watcher, &err);
}

void watcher_obey(struct watcher *watcher, const struct run_command *command)
{
    if (command->kind == RUN_OBSERVE) {
        watcher->wish = command->observation;
        return;
    }
    if (command->kind == RUN_REFRESH) /* from the survey, which is looked at in any case */
        return;
    watcher->unpublished = true;
    if (command->kind == RUN_STOP && command->number != WATCHER_STOP_RUN)
        watcher->stop = true;
    else if (command->kind == RUN_SWITCH)
        switch_to(watcher, command->model);
    else if (command->kind == RUN_OPEN)
        open_another(watcher, (int64_t)command->number);
    else if (watcher_active(watcher)->followed ||
             (watcher->writer && watcher_active(watcher)->row.live))
        steer(watcher, command);
    else
        replay(watcher, command);
}
