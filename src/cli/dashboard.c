// SPDX-License-Identifier: MIT
/* The program with screens. */
#include "cli/command.h"
#include "cli/summary.h"
#include "tui/plain.h"

/* Shows the trainer until the user leaves; the exit status, and the signal that ended it. */
static int dashboard_show(struct trainer *trainer, const struct options *options,
                          int *signal_number)
{
    struct error err = {0};
    struct app_result result = {0};
    bool good = options->plain ? plain_run(trainer_session(trainer), stdout, &result, &err)
                               : app_run(trainer_session(trainer), &options->app, &result, &err);
    if (!good)
        return command_fail(&err);
    *signal_number = result.signal;
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    int status = STATUS_DONE;
    summary_write(stdout, snapshot, options);
    if (fflush(stdout) != 0)
        status = STATUS_FAILED;
    if (snapshot->state == TRAINER_FAILED)
        status = command_fail(&snapshot->failure);
    snapshot_release(snapshot);
    return status;
}

static int dashboard_run(const struct options *options)
{
    struct error err = {0};
    int signal_number = 0;
    struct trainer *trainer = trainer_create(&options->trainer, &err);
    if (!trainer)
        return command_fail(&err);
    int status = dashboard_show(trainer, options, &signal_number);
    trainer_destroy(trainer);
    if (signal_number)
        app_raise(signal_number);
    return status;
}

const struct command COMMAND_DASHBOARD = {
    .name = "dashboard",
    .summary = "train and show it on a screen (the default on a terminal)",
    .options = "model epochs batch lr seed threads isa data sample"
               " glyphs ascii color background no-mouse plain test-card",
    .run = dashboard_run,
};
