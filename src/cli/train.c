// SPDX-License-Identifier: MIT
/* The command `train`: a training without screens. */
#include <errno.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report.h"

/* One run of the command. */
struct training {
    const struct options *options;
    FILE *out; /* for people; stderr where stdout is for JSON */
    struct trainer *trainer;
    struct progress progress;
    const struct snapshot *snapshot; /* the newest, with a reference */
    int signal_number;               /* that ended it, or 0 */
};

/* The run goes on after this snapshot. */
static bool training_goes_on(const struct snapshot *snapshot)
{
    return snapshot->state == TRAINER_LOADING || snapshot->state == TRAINER_TRAINING ||
           snapshot->state == TRAINER_EVALUATING;
}

/* Follows the training until it ends or a signal ends it. */
static bool training_follow(struct training *training, struct error *err)
{
    int descriptor = trainer_descriptor(training->trainer);
    for (;;) {
        int signal_number;
        if (!interrupt_wait(descriptor, &signal_number, err))
            return false;
        if (signal_number) {
            training->signal_number = signal_number;
            trainer_stop(training->trainer);
            continue;
        }
        trainer_acknowledge(training->trainer);
        snapshot_release(training->snapshot);
        training->snapshot = trainer_snapshot(training->trainer);
        progress_update(&training->progress, training->snapshot);
        if (!training_goes_on(training->snapshot) || ferror(training->out))
            return true;
    }
}

/* Writes the result; false with `err` set where there is none or it cannot be written. */
static bool training_report(const struct training *training, struct error *err)
{
    const struct snapshot *snapshot = training->snapshot;
    if (snapshot->failure.code != ERROR_NONE) {
        *err = snapshot->failure;
        return false;
    }
    if (!snapshot->dataset)
        return true; /* interrupted while loading */
    report_write(training->out, snapshot);
    if (fflush(training->out) != 0 || ferror(training->out)) {
        error_set_errno(err, errno, "cannot write the result");
        return false;
    }
    return !training->options->json ||
           report_write_json(stdout, snapshot, training->signal_number != 0, err);
}

static int train_run(const struct options *options)
{
    struct error err = {0};
    struct training training = {.options = options, .out = options->json ? stderr : stdout};
    interrupt_begin();
    training.trainer = trainer_create(&options->trainer, &err);
    if (!training.trainer)
        return command_fail(&err);
    training.snapshot = trainer_snapshot(training.trainer);
    progress_begin(&training.progress, training.out);
    bool good = training_follow(&training, &err);
    progress_end(&training.progress);
    good = good && training_report(&training, &err);
    snapshot_release(training.snapshot);
    trainer_destroy(training.trainer);
    if (!good)
        return command_fail(&err);
    return training.signal_number ? STATUS_SIGNAL + training.signal_number : STATUS_DONE;
}

const struct command COMMAND_TRAIN = {
    .name = "train",
    .summary = "train without screens and print the result",
    .options = "model epochs batch lr seed threads isa data sample json",
    .run = train_run,
};
