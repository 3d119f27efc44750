// SPDX-License-Identifier: MIT
/* The command `train`: a training without screens. */
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/recording.h"
#include "cli/report.h"
#include "cli/resuming.h"

/* One run of the command. */
struct training {
    const struct options *options;
    struct comm *comm;
    char directory[RANKS_PATH_SIZE]; /* of the data, as another rank has told */
    FILE *out;                       /* for people; stderr where stdout is for JSON */
    bool json;                       /* write the result so, too */
    struct recording recording;
    struct trainer *trainer;
    struct progress progress;
    const struct snapshot *snapshot; /* the newest, with a reference */
    int signal_number;               /* that ended it, or 0 */
};

/* The run goes on after this snapshot. It pauses where another program steers it, and for good
 * where it has diverged. */
static bool training_goes_on(const struct snapshot *snapshot)
{
    if (snapshot->state == TRAINER_PAUSED)
        return snapshot->failure.code != ERROR_NUMBERS;
    return snapshot->state == TRAINER_LOADING || snapshot->state == TRAINER_TRAINING ||
           snapshot->state == TRAINER_EVALUATING || snapshot->state == TRAINER_WAITING;
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
            comm_hurry(training->comm);
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
    return !training->json ||
           report_write_json(stdout, snapshot, training->signal_number != 0, err);
}

/* Says how to go on with what is kept; any rank may be the only one that still can. */
static void training_tell_rest(const struct training *training)
{
    const struct snapshot *snapshot = training->snapshot;
    if (!snapshot || comm_size(training->comm) == 1)
        return;
    const struct learner_record *record = &snapshot->learners[snapshot->active].record;
    if (!*record->run)
        return;
    /* What was written since this rank was told, or is being written, it cannot know. */
    (void)fprintf(stderr, "%s: to go on from the last checkpoint%s: ", PACKAGE_NAME,
                  record->saved ? "" : ", if there is one by now");
    resuming_write(stderr, training->comm, training->options->store_directory, record->run);
}

/* Says what went wrong; of several ranks the first one says what all know. */
static int training_fail(const struct training *training, const struct error *err)
{
    const struct comm *comm = training->comm;
    struct error own = *err;
    if (comm_rank(comm) > 0 && err->code == ERROR_USAGE)
        return STATUS_USAGE;
    if (comm_size(comm) > 1)
        error_prefix(&own, "rank %u on %s", comm_rank(comm), comm_host(comm, comm_rank(comm)));
    int status = command_fail(err->code == ERROR_USAGE ? err : &own);
    training_tell_rest(training);
    return status;
}

/* Trains with these settings; false with `err` set where there is no result. */
static bool training_train(struct training *training, const struct trainer_settings *settings,
                           struct error *err)
{
    size_t known = settings->past[network_spec_number(settings->model)].epoch_points;
    training->trainer = trainer_create(settings, err);
    if (!training->trainer)
        return false;
    recording_connect(&training->recording, training->trainer);
    training->snapshot = trainer_snapshot(training->trainer);
    progress_begin(&training->progress, training->out, known);
    if (comm_size(settings->comm) > 1)
        training->progress.live = false; /* mpirun may make a file look like a terminal */
    bool good = training_follow(training, err);
    progress_end(&training->progress);
    good = good && training_report(training, err);
    recording_disconnect(&training->recording);
    trainer_end(training->trainer);
    return good;
}

/* The same, and sees to it that all is kept; returns the exit status. What went wrong is said
 * first: who ends the ranks of a run that has failed may not wait for the disk. */
static int training_run(struct training *training, const struct trainer_settings *settings)
{
    struct error err = {0}, keeping = {0};
    double start = clock_seconds();
    bool good = training_train(training, settings, &err);
    int status = good ? STATUS_DONE : training_fail(training, &err);
    bool kept = recording_end(&training->recording, training->signal_number != 0, &keeping);
    if (good && kept)
        (void)recording_tell(&training->recording, training->snapshot, training->out);
    snapshot_release(training->snapshot);
    training->snapshot = NULL;
    trainer_destroy(training->trainer);
    if (!good)
        return status;
    if (!kept)
        return training_fail(training, &keeping);
    ranks_report(settings->comm, clock_seconds() - start, training->out);
    return training->signal_number ? STATUS_SIGNAL + training->signal_number : STATUS_DONE;
}

/* Finds out all that the settings lack; of several ranks only the first has a store. */
static bool training_prepare(struct training *training, struct trainer_settings *settings,
                             struct error *err)
{
    const struct options *options = training->options;
    if (!trainer_settings_agree(settings, err))
        return false;
    bool good = comm_rank(settings->comm) > 0 ||
                recording_begin(&training->recording, options, settings, err);
    return ranks_share(options, settings, good, training->directory, err) &&
           ranks_prepare(settings, options->threads_given, training->out, err);
}

/* With the ranks there are; only the first one says anything. */
static int train_run(const struct options *options)
{
    struct error err = {0};
    struct trainer_settings settings = options->trainer;
    struct training training = {.options = options, .out = options->json ? stderr : stdout};
    settings.comm = training.comm = comm_open(&err);
    if (!settings.comm)
        return command_fail(&err);
    if (comm_size(settings.comm) > 1) /* mpirun mixes what is not written at once */
        (void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
    interrupt_begin();
    FILE *silence = comm_rank(settings.comm) > 0 ? fopen("/dev/null", "w") : NULL;
    if (silence)
        training.out = silence;
    training.json = options->json && comm_rank(settings.comm) == 0;
    int status = training_prepare(&training, &settings, &err) ? training_run(&training, &settings)
                                                              : training_fail(&training, &err);
    if (silence)
        (void)fclose(silence);
    comm_close(settings.comm);
    return status;
}

const struct command COMMAND_TRAIN = {
    .name = "train",
    .summary = "train without screens and print the result",
    .options = "model epochs batch lr seed threads isa data fast-reduce sample"
               " store no-store name keep resume save-every json",
    .run = train_run,
};
