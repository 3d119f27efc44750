// SPDX-License-Identifier: MIT
#include "fmnist/store/run_recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "store/recorder_parts.h"
#include "store/run_lock.h"
#include "store/store_parts.h"

static void publish(void *self, const struct snapshot *snapshot)
{
    struct run_recorder *recorder = self;
    inbox_publish(&recorder->inbox, snapshot);
}

static void evaluated(void *self, size_t model, unsigned life, const struct evaluation *evaluation)
{
    struct run_recorder *recorder = self;
    inbox_evaluated(&recorder->inbox, model, life, evaluation);
}

static void save(void *self, size_t model, unsigned life, const struct checkpoint *checkpoint)
{
    struct run_recorder *recorder = self;
    inbox_save(&recorder->inbox, model, life, checkpoint);
}

static bool busy(void *self)
{
    struct run_recorder *recorder = self;
    return inbox_busy(&recorder->inbox);
}

static bool ready(void *self, struct error *why)
{
    struct run_recorder *recorder = self;
    return inbox_ready(&recorder->inbox, why);
}

static struct learner_record describe(void *self, size_t model, unsigned life)
{
    struct run_recorder *recorder = self;
    return inbox_describe(&recorder->inbox, model, life);
}

struct recorder run_recorder_interface(struct run_recorder *recorder)
{
    static const struct recorder_operations OPERATIONS = {
        .publish = publish,
        .evaluated = evaluated,
        .save = save,
        .busy = busy,
        .ready = ready,
        .describe = describe,
    };
    return (struct recorder){&OPERATIONS, recorder};
}

/* Takes the runs that are resumed. */
static bool lock_resumed(struct run_recorder *recorder, struct error *err)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        struct recorded_life *life = &recorder->lives[model];
        life->run = recorder->resumed[model].run;
        if (!life->run)
            continue;
        life->lock = run_lock_take(recorder->store->directory, life->run, err);
        if (life->lock < 0)
            return false;
    }
    return true;
}

/* Frees all but the thread. */
static void recorder_free(struct run_recorder *recorder)
{
    for (size_t place = 0; place < recorder->batch_count; place++) {
        run_lock_release(recorder->batch[place].lock);
        item_release(&recorder->batch[place]);
    }
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        waiting_saves_release(&recorder->saves[model]);
    snapshot_release(recorder->snapshot);
    inbox_destroy(&recorder->inbox);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        run_lock_release(recorder->lives[model].lock);
    pthread_mutex_destroy(&recorder->session_lock);
    store_close(recorder->store);
    free(recorder);
}

static bool recorder_start(struct run_recorder *recorder, struct error *err)
{
    if (!lock_resumed(recorder, err))
        return false;
    int result = thread_start(&recorder->thread, recorder_main, recorder);
    if (result != 0)
        error_set_errno(err, result, "cannot start the recorder's thread");
    return result == 0;
}

/* The recorder without its thread. */
static struct run_recorder *recorder_allocate(const struct run_recorder_settings *settings,
                                              struct error *err)
{
    struct run_recorder *recorder = memory_array(1, sizeof *recorder, err);
    if (!recorder || !inbox_create(&recorder->inbox, err)) {
        free(recorder);
        return NULL;
    }
    (void)pthread_mutex_init(&recorder->session_lock, NULL);
    recorder->keep = settings->keep;
    recorder->inbox.commands_at = INFINITY;
    if (settings->name)
        text_copy(recorder->name, sizeof recorder->name, settings->name);
    memcpy(recorder->resumed, settings->resumed, sizeof recorder->resumed);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        recorder->lives[model].lock = -1;
    return recorder;
}

struct run_recorder *run_recorder_create(const struct run_recorder_settings *settings,
                                         struct error *err)
{
    if (settings->name && !store_check_name(settings->name, err))
        return NULL;
    struct run_recorder *recorder = recorder_allocate(settings, err);
    if (!recorder)
        return NULL;
    recorder->store = store_open(store_directory(settings->store), STORE_WRITE, err);
    if (recorder->store && recorder_start(recorder, err))
        return recorder;
    recorder_free(recorder);
    return NULL;
}

void run_recorder_connect(struct run_recorder *recorder, const struct session *session)
{
    pthread_mutex_lock(&recorder->session_lock);
    recorder->connected = session;
    if (session)
        recorder->session = *session;
    pthread_mutex_unlock(&recorder->session_lock);
    pthread_mutex_lock(&recorder->inbox.lock);
    if (session)
        recorder->inbox.commands_at = 0;
    pthread_cond_signal(&recorder->inbox.arrived);
    pthread_mutex_unlock(&recorder->inbox.lock);
}

/* The first failure of a last checkpoint, or what was lost otherwise. */
static struct error recorder_failure(const struct run_recorder *recorder)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        if (recorder->inbox.records[model].failure.code != ERROR_NONE)
            return recorder->inbox.records[model].failure;
    return recorder->failure;
}

bool run_recorder_finish(struct run_recorder *recorder, bool interrupted,
                         int64_t runs[SNAPSHOT_MODELS_MAX], struct error *err)
{
    pthread_mutex_lock(&recorder->inbox.lock);
    recorder->interrupted = interrupted;
    recorder->inbox.stop = true;
    pthread_cond_signal(&recorder->inbox.arrived);
    pthread_mutex_unlock(&recorder->inbox.lock);
    pthread_join(recorder->thread, NULL);
    for (size_t model = 0; runs && model < SNAPSHOT_MODELS_MAX; model++)
        runs[model] = recorder->lives[model].run;
    struct error failure = recorder_failure(recorder);
    recorder_free(recorder);
    if (failure.code != ERROR_NONE && err)
        *err = failure;
    return failure.code == ERROR_NONE;
}
