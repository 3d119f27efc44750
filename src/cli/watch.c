// SPDX-License-Identifier: MIT
/* The command `watch`: a run of another process, or one that has ended, on the screens. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/command.h"
#include "fmnist/store/watcher.h"
#include "tui/plain.h"
#include "tui/title.h"

/* The newest run that is being trained, else the newest of all. */
static bool choose_run(struct store *store, struct run_row *run, struct error *err)
{
    struct run_row *runs;
    size_t count, chosen = 0;
    if (!store_list_runs(store, &runs, &count, err))
        return false;
    for (size_t place = 1; place < count; place++)
        if (runs[place].live || !runs[chosen].live)
            chosen = place;
    if (count > 0)
        *run = runs[chosen];
    else
        error_set(err, ERROR_USAGE, "no run is stored in %s yet", store_directory(store));
    free(runs);
    return count > 0;
}

/* Finds the runs that were named, or the one that is most likely meant. */
static bool find_runs(const struct options *options, struct watcher_settings *settings,
                      struct error *err)
{
    struct run_row run = {.id = 0}, other = {.id = 0};
    struct store *store = store_open(options->store_directory, STORE_READ, err);
    bool good = store;
    if (good && options->argument_count == 0)
        good = choose_run(store, &run, err);
    else if (good)
        good = store_find_run(store, options->arguments[0], &run, err);
    if (good && options->argument_count > 1)
        good = store_find_run(store, options->arguments[1], &other, err);
    store_close(store);
    if (good)
        settings->run = run.id;
    settings->other = other.id;
    return good;
}

/* What stays to be read after the screens: how far each run is. */
static void write_end(FILE *out, const struct snapshot *snapshot)
{
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        if (!learner->started)
            continue;
        (void)fprintf(out, "run %s: %s, %.3g of %zu epochs", learner->record.run, learner->title,
                      (double)learner->step / (double)learner->steps_per_epoch, learner->epochs);
        if (snapshot->origin == SNAPSHOT_WATCHED && model == snapshot->active)
            (void)fprintf(out, ", %s", title_state(snapshot->state));
        if (learner->best_epoch > 0)
            (void)fprintf(out, ", best validation accuracy %.2f %%", 100 * learner->best_accuracy);
        if (learner->test)
            (void)fprintf(out, ", test %.2f %%", 100 * learner->test->accuracy);
        (void)fputc('\n', out);
    }
}

/* Shows the run until the user leaves; the exit status, and how it ended. */
static int watch_show(struct watcher *watcher, const struct options *options,
                      const struct app_settings *app, struct app_result *result)
{
    struct error err = {0};
    struct session session = watcher_session(watcher);
    bool good = options->plain ? plain_run(session, stdout, result, &err)
                               : app_run(session, app, result, &err);
    if (!good)
        return command_fail(&err);
    const struct snapshot *snapshot = session_snapshot(session);
    int status = STATUS_DONE;
    write_end(stdout, snapshot);
    if (snapshot->state == TRAINER_FAILED)
        status = command_fail(&snapshot->failure);
    snapshot_release(snapshot);
    return status;
}

/* Trains a stored run on, in the dashboard. */
static int resume_run(const struct options *options, int64_t run)
{
    char text[SNAPSHOT_RUN_SIZE];
    struct options resuming = *options;
    (void)snprintf(text, sizeof text, "%" PRId64, run);
    resuming.command = &COMMAND_DASHBOARD;
    resuming.resume = true;
    resuming.resume_run = text;
    return COMMAND_DASHBOARD.run(&resuming);
}

static int watch_run(const struct options *options)
{
    struct error err = {0};
    struct app_result result = {0};
    struct app_settings app = options->app;
    struct watcher_settings settings = {
        .store = options->store_directory,
        .steer = options->steer,
        .data_directory = options->trainer.data_directory,
        .sample = options->trainer.sample,
    };
    if (!find_runs(options, &settings, &err))
        return command_fail(&err);
    struct watcher *watcher = watcher_create(&settings, &err);
    if (!watcher)
        return command_fail(&err);
    app.store = store_open(options->store_directory, STORE_WRITE, NULL);
    if (!app.store) /* on read-only media the list is still there to look at */
        app.store = store_open(options->store_directory, STORE_READ, NULL);
    app.can_resume = true;
    int status = watch_show(watcher, options, &app, &result);
    store_close(app.store);
    watcher_destroy(watcher);
    if (result.signal)
        app_raise(result.signal);
    return result.resume ? resume_run(options, result.resume) : status;
}

const struct command COMMAND_WATCH = {
    .name = "watch",
    .summary = "show a run of another process, or replay one that has ended",
    .arguments = "[RUN] [RUN]",
    .least = 0,
    .most = 2,
    .options = "steer store data sample glyphs ascii color background no-mouse plain",
    .run = watch_run,
};
