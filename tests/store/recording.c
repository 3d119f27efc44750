// SPDX-License-Identifier: MIT
#include "recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>

#include "excerpt.h"
#include "staged_run.h"
#include "watch.h"

int folders_setup(void **state)
{
    struct folders *folders = calloc(1, sizeof *folders);
    assert_non_null(folders);
    folders->data = excerpt_create();
    folders->store = staged_folder();
    *state = folders;
    return 0;
}

int folders_teardown(void **state)
{
    struct folders *folders = *state;
    excerpt_remove(folders->data);
    staged_folder_remove(folders->store);
    free(folders);
    return 0;
}

static void must(bool good, const struct error *err)
{
    if (!good)
        fail_msg("%s", err->message);
}

struct recording recording_start(const char *folder, const struct trainer_settings *settings,
                                 struct run_recorder_settings recorder_settings, int64_t run)
{
    struct error err = {0};
    struct recording recording = {.store = staged_store(folder, STORE_WRITE)};
    struct trainer_settings with = *settings;
    size_t model = network_spec_number(settings->model);
    recorder_settings.store = recording.store;
    if (run > 0) {
        must(store_read_past(recording.store, run, &with.past[model], NULL, &err), &err);
        recorder_settings.resumed[model] =
            (struct run_resumed){run, with.past[model].checkpoint->place.step};
    }
    recording.recorder = run_recorder_create(&recorder_settings, &err);
    must(recording.recorder, &err);
    with.recorder = run_recorder_interface(recording.recorder);
    recording.trainer = trainer_create(&with, &err);
    must(recording.trainer, &err);
    struct session session = trainer_session(recording.trainer);
    run_recorder_connect(recording.recorder, &session);
    return recording;
}

bool recording_stop(struct recording *recording, bool interrupted, struct error *err)
{
    run_recorder_connect(recording->recorder, NULL);
    trainer_destroy(recording->trainer);
    return run_recorder_finish(recording->recorder, interrupted, NULL, err);
}

void recording_end(struct recording *recording)
{
    struct error err = {0};
    must(recording_stop(recording, false, &err), &err);
    store_close(recording->store);
}

static bool is_saved(const struct snapshot *snapshot, const void *context)
{
    const struct learner_record *record = &watch_active(snapshot)->record;
    return record->saved && record->saved_step >= *(const uint64_t *)context;
}

void recording_watch_saved(const struct recording *recording, uint64_t step)
{
    snapshot_release(watch_for(recording->trainer, is_saved, &step));
}
