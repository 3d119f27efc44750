// SPDX-License-Identifier: MIT
/* Checkpoints on their way to files. */
#include "base/clock.h"
#include "store/recorder_parts.h"
#include "store/run_lock.h"
#include "store/store_parts.h"

/* Writing checkpoints takes at most this part of the time while the training goes on. */
static const double SAVE_SHARE = 0.1;

/* What became of a checkpoint. */
enum outcome {
    SAVED,
    FAILED,  /* and that is told */
    NO_ROOM, /* now */
};

/* `all`: so are those before it. */
static void note_saved(struct recorder_inbox *inbox, size_t model, const struct recorder_save *save,
                       bool all)
{
    pthread_mutex_lock(&inbox->lock);
    struct learner_record *record = &inbox->records[model];
    if (inbox->record_lives[model] == save->life) {
        record->saved = true;
        record->saved_step = save->checkpoint->place.step;
        record->saves++;
        if (all)
            record->failure = (struct error){0};
    }
    pthread_mutex_unlock(&inbox->lock);
}

/* Whether the model's last checkpoint could not be written either. */
static bool failed_before(struct recorder_inbox *inbox, size_t model)
{
    pthread_mutex_lock(&inbox->lock);
    bool failed = inbox->records[model].failure.code != ERROR_NONE;
    pthread_mutex_unlock(&inbox->lock);
    return failed;
}

/* Records that a checkpoint could not be written, in the store as well as that goes, there once for
 * all in a row. */
static void note_failed(struct run_recorder *recorder, size_t model, int64_t run,
                        const struct recorder_save *save, const struct error *failure)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    struct run_event event = {.at = store_now(), .kind = "unsaved"};
    event.step = save->checkpoint->place.step;
    event.seconds = save->checkpoint->place.seconds;
    text_copy(event.detail, sizeof event.detail, failure->message);
    if (!failed_before(inbox, model))
        (void)store_add_event(recorder->store, run, &event, NULL);
    pthread_mutex_lock(&inbox->lock);
    if (inbox->record_lives[model] == save->life)
        inbox->records[model].failure = *failure;
    else
        recorder->failure = *failure;
    pthread_mutex_unlock(&inbox->lock);
}

static enum outcome write_save(struct run_recorder *recorder, size_t model, int64_t run,
                               const struct recorder_save *save, struct error *err)
{
    struct error failure = {0};
    struct store *store = recorder->store;
    store->database.failure = 0;
    if (checkpoint_store(store, run, save->checkpoint, &save->mark, &failure) &&
        checkpoints_thin(store, run, recorder->keep, &failure))
        return SAVED;
    if (failure.code == ERROR_FULL || database_passing(&store->database)) {
        *err = failure;
        return NO_ROOM;
    }
    note_failed(recorder, model, run, save, &failure);
    return FAILED;
}

/* Writes them one after the other and releases what is written or lost. What stays are those that
 * there was no room for, and a best one that failed: it is tried again beside the next. */
static bool write_list(struct run_recorder *recorder, size_t model, int64_t run,
                       struct waiting_saves *saves, bool *changed, struct error *err)
{
    bool room = true, all = true;
    for (size_t place = 0; room && place < saves->count; place++) {
        struct recorder_save *save = &saves->list[place];
        enum outcome outcome = write_save(recorder, model, run, save, err);
        room = outcome != NO_ROOM;
        *changed = *changed || room;
        save->failed = outcome == FAILED;
        all = all && !save->failed;
        if (outcome == SAVED)
            note_saved(&recorder->inbox, model, save, all);
        if (outcome == SAVED || (outcome == FAILED && !save->checkpoint->best))
            recorder_save_release(save);
    }
    waiting_saves_close_gaps(saves);
    return room;
}

void recorder_take_saves(struct run_recorder *recorder, enum recorder_share share)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        if (share != RECORDER_ALL &&
            !waiting_saves_any(&inbox->saves[model], share == RECORDER_URGENT))
            continue;
        recorder->saves[model] = inbox->saves[model];
        inbox->saves[model].count = 0;
        inbox->saving = inbox->saving || recorder->saves[model].count > 0;
    }
}

/* Where those of the life are to wait: with its end, where that has come since. */
static struct waiting_saves *waiting_place(struct recorder_inbox *inbox, size_t model,
                                           unsigned life)
{
    for (size_t place = 0; place < inbox->item_count; place++) {
        struct recorder_item *item = &inbox->items[place];
        if (!item->evaluation && item->model == model && item->life == life)
            return &item->saves;
    }
    return &inbox->saves[model];
}

static void put_back(struct recorder_inbox *inbox, size_t model, struct waiting_saves *taken)
{
    if (taken->count > 0)
        waiting_saves_put_back(waiting_place(inbox, model, taken->list[0].life), taken);
}

/* Those of a life that has ended; its run is given out of the hands then. */
static bool write_ended(struct run_recorder *recorder, struct recorder_item *item, bool *changed,
                        struct error *err)
{
    if (item->run && !write_list(recorder, item->model, item->run, &item->saves, changed, err))
        return false;
    run_lock_release(item->lock);
    item_release(item);
    return true;
}

/* The batch is empty then, or begins with what could not be written. */
static bool write_all_ended(struct run_recorder *recorder, bool *changed, struct error *err)
{
    size_t done = 0;
    while (done < recorder->batch_count &&
           write_ended(recorder, &recorder->batch[done], changed, err))
        done++;
    recorder->batch_count -= done;
    for (size_t place = 0; place < recorder->batch_count; place++)
        recorder->batch[place] = recorder->batch[place + done];
    return recorder->batch_count == 0;
}

void recorder_return_saves(struct run_recorder *recorder)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    pthread_mutex_lock(&inbox->lock);
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        put_back(inbox, model, &recorder->saves[model]);
    inbox->saving = false;
    pthread_mutex_unlock(&inbox->lock);
}

/* Writes what was taken of a model, where its life is recorded. */
static bool write_taken(struct run_recorder *recorder, size_t model, bool *changed,
                        struct error *err)
{
    struct recorded_life *life = &recorder->lives[model];
    struct waiting_saves *saves = &recorder->saves[model];
    if (saves->count > 0 && (!life->run || !life->taken_up || saves->list[0].life != life->life))
        waiting_saves_release(saves);
    if (saves->count > 0)
        run_lock_renew(recorder->store->directory, life->run, &life->lock);
    return write_list(recorder, model, life->run, saves, changed, err);
}

/* Removes what programs that were killed left in the runs' folders. That it cannot does no harm. */
static void sweep_folders(struct run_recorder *recorder)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        struct recorded_life *life = &recorder->lives[model];
        if (!life->run || !life->taken_up || life->swept)
            continue;
        (void)checkpoints_sweep(recorder->store, life->run, NULL);
        life->swept = true;
    }
}

static void set_saves_at(struct recorder_inbox *inbox, double time)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->saves_at = time;
    pthread_mutex_unlock(&inbox->lock);
}

bool recorder_write_saves(struct run_recorder *recorder, bool *changed, struct error *err)
{
    sweep_folders(recorder);
    double start = clock_seconds();
    bool good = write_all_ended(recorder, changed, err);
    for (size_t model = 0; good && model < SNAPSHOT_MODELS_MAX; model++)
        good = write_taken(recorder, model, changed, err);
    double end = clock_seconds();
    if (*changed)
        set_saves_at(&recorder->inbox, end + (end - start) / SAVE_SHARE);
    return good;
}
