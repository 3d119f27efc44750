// SPDX-License-Identifier: MIT
#include "cli/recording.h"

#include <stdio.h>
#include <string.h>

#include "cli/option.h"
#include "cli/resuming.h"
#include "fmnist/nn/blas.h"

/* One line on stderr; what comes after it goes on. */
static void warn(const char *text)
{
    (void)fprintf(stderr, "%s: %s\n", PACKAGE_NAME, text);
}

/* What makes other bits than the run had so far, into `text`; false where nothing does. */
static bool find_difference(const struct run_row *run, const struct trainer_settings *settings,
                            char *text, size_t size)
{
    if (strcmp(run->isa, isa_name(settings->isa)) != 0)
        (void)snprintf(text, size, "kernels %s, now %s", run->isa, isa_name(settings->isa));
    else if (strcmp(run->blas_core, blas_core()) != 0)
        (void)snprintf(text, size, "OpenBLAS core %s, now %s", run->blas_core, blas_core());
    else if (strcmp(run->program, PACKAGE_VERSION) != 0)
        (void)snprintf(text, size, "version %s, now %s", run->program, PACKAGE_VERSION);
    else
        return false;
    return true;
}

/* Says where the run's bits may differ from those of one that was never stopped. */
static void warn_of_difference(const struct run_row *run, const struct trainer_settings *settings)
{
    char difference[128], text[256];
    if (!find_difference(run, settings, difference, sizeof difference))
        return;
    (void)snprintf(text, sizeof text,
                   "run %lld was computed with %s: it goes on, but not bit for bit",
                   (long long)run->id, difference);
    warn(text);
}

/* A setting that an option says must be the run's; what the file of settings or the environment say
 * holds for new runs. */
static bool check_given(const struct run_row *run, const struct options *options, struct error *err)
{
    const struct trainer_settings *asked = &options->trainer;
    if (option_given(options, "model") && strcmp(run->model, network_spec_name(asked->model)) != 0)
        error_set(err, ERROR_USAGE, "run %lld trains %s, not %s", (long long)run->id, run->model,
                  network_spec_name(asked->model));
    else if (option_given(options, "seed") && asked->seed != run->seed)
        error_set(err, ERROR_USAGE, "run %lld has seed %llu, which must stay", (long long)run->id,
                  (unsigned long long)run->seed);
    else if (option_given(options, "batch") && asked->batch != run->batch)
        error_set(err, ERROR_USAGE, "run %lld has batches of %zu images, which must stay",
                  (long long)run->id, run->batch);
    else
        return true;
    return false;
}

/* Takes over the run's settings, but for those that were given and may change. */
static bool take_settings(struct recording *recording, const struct options *options,
                          struct trainer_settings *settings, struct error *err)
{
    const struct run_row *run = &recording->resumed;
    enum isa isa;
    if (!check_given(run, options, err))
        return false;
    settings->model = network_spec_find(run->model);
    settings->seed = run->seed;
    settings->batch = run->batch;
    settings->learning_rate = run->initial_learning_rate;
    if (!option_given(options, "epochs"))
        settings->epochs = run->epochs;
    if (!option_given(options, "isa") && isa_find(run->isa, &isa) && isa_supported(isa))
        settings->isa = isa;
    settings->data_sha256 = run->data_sha256;
    if (!option_given(options, "sample") && !option_given(options, "data")) {
        settings->data_directory = NULL;
        settings->sample = strcmp(run->data_source, "embedded sample") == 0;
        if (!settings->sample)
            settings->data_directory = run->data_source;
    }
    if (!settings->model)
        error_set(err, ERROR_USAGE, "run %lld trains '%s', which there is not in this version",
                  (long long)run->id, run->model);
    return settings->model;
}

/* Finds the run to go on with and all that is known of it. */
static bool find_past(struct recording *recording, const struct options *options,
                      struct trainer_settings *settings, struct error *err)
{
    struct run_row *run = &recording->resumed;
    struct error warning = {0};
    if (!store_find_run(recording->store, options->resume_run, run, err) ||
        !take_settings(recording, options, settings, err))
        return false;
    if (run->live) {
        error_set(err, ERROR_USAGE,
                  "run %lld is in the hands of another program; watch it with: %s",
                  (long long)run->id, "fmnist-tui watch");
        return false;
    }
    struct learner_past *past = &settings->past[network_spec_number(settings->model)];
    if (!store_read_past(recording->store, run->id, past, &warning, err))
        return false;
    if (warning.code != ERROR_NONE)
        warn(warning.message);
    warn_of_difference(run, settings);
    return true;
}

/* Opens the store; without one, false where it was asked for. */
static bool open_store(struct recording *recording, const struct options *options,
                       struct error *err)
{
    bool needed = options->store_directory || options->resume;
    recording->store = store_open(options->store_directory, STORE_WRITE, err);
    if (recording->store || needed)
        return recording->store;
    char text[ERROR_MESSAGE_SIZE + 64];
    (void)snprintf(text, sizeof text, "nothing is kept: %s; where that is meant, use --no-store",
                   err->message);
    warn(text);
    *err = (struct error){0};
    return true;
}

static bool start_recorder(struct recording *recording, const struct options *options,
                           struct trainer_settings *settings, struct error *err)
{
    struct run_recorder_settings asked = {
        .store = recording->store, .name = options->run_name, .keep = options->keep};
    if (recording->resumed.id) {
        size_t model = network_spec_number(settings->model);
        asked.resumed[model] = (struct run_resumed){recording->resumed.id,
                                                    settings->past[model].checkpoint->place.step};
    }
    recording->recorder = run_recorder_create(&asked, err);
    if (!recording->recorder)
        return false;
    settings->recorder = run_recorder_interface(recording->recorder);
    return true;
}

bool recording_begin(struct recording *recording, const struct options *options,
                     struct trainer_settings *settings, struct error *err)
{
    *recording = (struct recording){.comm = settings->comm, .directory = options->store_directory};
    if (options->no_store)
        return true;
    if (!open_store(recording, options, err))
        return false;
    if (!recording->store)
        return true;
    if ((!options->resume || find_past(recording, options, settings, err)) &&
        start_recorder(recording, options, settings, err))
        return true;
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        learner_past_release(&settings->past[model]);
    store_close(recording->store);
    return false;
}

void recording_connect(struct recording *recording, struct trainer *trainer)
{
    struct session session = trainer_session(trainer);
    if (recording->recorder)
        run_recorder_connect(recording->recorder, &session);
}

void recording_disconnect(struct recording *recording)
{
    if (recording->recorder)
        run_recorder_connect(recording->recorder, NULL);
}

bool recording_end(struct recording *recording, bool interrupted, struct error *err)
{
    bool good = !recording->recorder ||
                run_recorder_finish(recording->recorder, interrupted, recording->runs, err);
    store_close(recording->store);
    recording->store = NULL;
    recording->recorder = NULL;
    return good;
}

bool recording_tell(const struct recording *recording, const struct snapshot *snapshot, FILE *out)
{
    bool kept = false;
    for (size_t model = 0; model < snapshot->learner_count; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        long long run = recording->runs[model];
        char text[24];
        if (!learner->started || learner->step == 0 || run == 0)
            continue;
        (void)fprintf(out, "%s is kept as run %lld. To go on: ", learner->title, run);
        (void)snprintf(text, sizeof text, "%lld", run);
        resuming_write(out, recording->comm, recording->directory, text);
        kept = true;
    }
    return kept;
}
