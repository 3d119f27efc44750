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

static void note_saved(struct recorder_inbox *inbox, size_t model, const struct recorder_save *save)
{
    pthread_mutex_lock(&inbox->lock);
    struct learner_record *record = &inbox->records[model];
    if (inbox->record_lives[model] == save->life) {
        record->saved = true;
        record->saved_step = save->checkpoint->place.step;
        record->saves++;
        record->failure = (struct error){0};
    }
    pthread_mutex_unlock(&inbox->lock);
}

/* Records that a checkpoint could not be written, in the store as well as that goes. */
static void note_failed(struct run_recorder *recorder, size_t model, int64_t run,
                        const struct recorder_save *save, const struct error *failure)
{
    struct recorder_inbox *inbox = &recorder->inbox;
    struct run_event event = {.at = store_now(), .kind = "unsaved"};
    event.step = save->checkpoint->place.step;
    event.seconds = save->checkpoint->place.seconds;
    text_copy(event.detail, sizeof event.detail, failure->message);
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
        checkpoints_thin(store, run, recorder->keep, &failure)) {
        note_saved(&recorder->inbox, model, save);
        return SAVED;
    }
    if (failure.code == ERROR_FULL || database_passing(&store->database)) {
        *err = failure;
        return NO_ROOM;
    }
    note_failed(recorder, model, run, save, &failure);
    return FAILED;
}

/* Writes one of the two, and releases it unless there was no room. */
static bool write_and_release(struct run_recorder *recorder, size_t model, int64_t run,
                              struct recorder_save *save, bool *changed, struct error *err)
{
    if (!save->checkpoint)
        return true;
    if (write_save(recorder, model, run, save, err) == NO_ROOM)
        return false;
    *changed = true;
    save_release(save);
    return true;
}

static bool write_both(struct run_recorder *recorder, size_t model, int64_t run,
                       struct recorder_saves *saves, bool *changed, struct error *err)
{
    return write_and_release(recorder, model, run, &saves->best, changed, err) &&
           write_and_release(recorder, model, run, &saves->newest, changed, err);
}

void recorder_take_saves(struct run_recorder *recorder)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        recorder->saves[model] = recorder->inbox.saves[model];
        recorder->inbox.saves[model] = (struct recorder_saves){0};
    }
}

/* Puts back what is not outdated by something newer, and releases the rest. */
static void put_back(struct recorder_inbox *inbox, size_t model, struct recorder_saves *taken)
{
    pthread_mutex_lock(&inbox->lock);
    struct recorder_saves *saves = &inbox->saves[model];
    if (!saves->newest.checkpoint) {
        *saves = *taken;
        *taken = (struct recorder_saves){0};
    } else if (!saves->best.checkpoint && !saves->newest.checkpoint->best &&
               saves->newest.life == taken->newest.life) {
        struct recorder_save *best = taken->best.checkpoint ? &taken->best : &taken->newest;
        if (best->checkpoint && best->checkpoint->best) {
            saves->best = *best;
            *best = (struct recorder_save){0};
        }
    }
    pthread_mutex_unlock(&inbox->lock);
    saves_release(taken);
}

/* Those of a life that has ended; its run is given out of the hands then. */
static bool write_ended(struct run_recorder *recorder, struct recorder_item *item, bool *changed,
                        struct error *err)
{
    if (item->run && !write_both(recorder, item->model, item->run, &item->saves, changed, err))
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
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        if (recorder->saves[model].newest.checkpoint)
            put_back(&recorder->inbox, model, &recorder->saves[model]);
}

/* Writes what was taken of a model, where its life is recorded. */
static bool write_taken(struct run_recorder *recorder, size_t model, bool *changed,
                        struct error *err)
{
    const struct recorded_life *life = &recorder->lives[model];
    struct recorder_saves *saves = &recorder->saves[model];
    if (!life->run || !life->taken_up || saves->newest.life != life->life) {
        saves_release(saves);
        return true;
    }
    return write_both(recorder, model, life->run, saves, changed, err);
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

bool recorder_write_saves(struct run_recorder *recorder, bool *changed, struct error *err)
{
    sweep_folders(recorder);
    double start = clock_seconds();
    bool good = write_all_ended(recorder, changed, err);
    for (size_t model = 0; good && model < SNAPSHOT_MODELS_MAX; model++)
        good = write_taken(recorder, model, changed, err);
    double end = clock_seconds();
    if (*changed)
        recorder->saves_at = end + (end - start) / SAVE_SHARE;
    return good;
}
