// SPDX-License-Identifier: MIT
/* The program with screens. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/recording.h"
#include "cli/summary.h"
#include "tui/plain.h"

/* A run with its screens. */
struct dashboard {
    const struct options *options;
    struct recording recording;
    struct trainer *trainer;
    struct app_result result;
};

/* Shows the trainer until the user leaves. */
static bool dashboard_show(struct dashboard *dashboard, struct error *err)
{
    const struct options *options = dashboard->options;
    struct session session = trainer_session(dashboard->trainer);
    struct app_settings app = options->app;
    app.store = dashboard->recording.store;
    app.can_resume = app.store;
    return options->plain ? plain_run(session, stdout, &dashboard->result, err)
                          : app_run(session, &app, &dashboard->result, err);
}

/* Tells how the run ended; the exit status. */
static int dashboard_tell(const struct dashboard *dashboard,
                          const struct trainer_settings *settings)
{
    const struct snapshot *snapshot = trainer_snapshot(dashboard->trainer);
    int status = STATUS_DONE;
    summary_write(stdout, snapshot, &dashboard->recording, settings);
    if (fflush(stdout) != 0)
        status = STATUS_FAILED;
    if (snapshot->state == TRAINER_FAILED)
        status = command_fail(&snapshot->failure);
    snapshot_release(snapshot);
    return status;
}

/* Trains and shows it, then sees to it that all is kept; the exit status. */
static int dashboard_train(struct dashboard *dashboard, const struct trainer_settings *settings)
{
    struct error err = {0}, keeping = {0};
    dashboard->trainer = trainer_create(settings, &err);
    bool good = dashboard->trainer;
    if (good) {
        recording_connect(&dashboard->recording, dashboard->trainer);
        good = dashboard_show(dashboard, &err);
        recording_disconnect(&dashboard->recording);
        trainer_end(dashboard->trainer);
    }
    bool kept = recording_end(&dashboard->recording, dashboard->result.signal != 0, &keeping);
    int status = good ? dashboard_tell(dashboard, settings) : command_fail(&err);
    trainer_destroy(dashboard->trainer);
    return kept ? status : command_fail(&keeping);
}

/* One run, from its beginning or from where it was resumed. */
static int dashboard_once(const struct options *options, struct app_result *result)
{
    struct error err = {0};
    struct dashboard dashboard = {.options = options};
    struct trainer_settings settings = options->trainer;
    if (!recording_begin(&dashboard.recording, options, &settings, &err))
        return command_fail(&err);
    int status = dashboard_train(&dashboard, &settings);
    *result = dashboard.result;
    return status;
}

/* What the user wants who goes on with another run. */
static struct options options_for_run(const struct options *options, const char *run)
{
    struct options resuming = *options;
    memset(resuming.settings, 0, sizeof resuming.settings); /* they were for the first run */
    resuming.trainer.data_directory = NULL;
    resuming.trainer.sample = false;
    resuming.resume = true;
    resuming.resume_run = run;
    return resuming;
}

/* Runs, one after the other, as long as the user chooses another one on the screen. */
static int dashboard_run(const struct options *options)
{
    struct app_result result = {0};
    int status = dashboard_once(options, &result);
    while (result.resume) {
        char run[24];
        (void)snprintf(run, sizeof run, "%lld", (long long)result.resume);
        struct options resuming = options_for_run(options, run);
        result.resume = 0;
        status = dashboard_once(&resuming, &result);
    }
    if (result.signal)
        app_raise(result.signal);
    return status;
}

const struct command COMMAND_DASHBOARD = {
    .name = "dashboard",
    .summary = "train and show it on a screen (the default on a terminal)",
    .options = "model epochs batch lr seed threads isa data sample"
               " store no-store name keep resume save-every"
               " glyphs ascii color background no-mouse plain test-card",
    .run = dashboard_run,
};
