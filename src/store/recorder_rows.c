// SPDX-License-Identifier: MIT
/* What the trainer told, as rows. */
#include <string.h>

#include "store/recorder_parts.h"
#include "store/run_lock.h"
#include "store/store_parts.h"
#include "store/store_runs.h"

/* Whether the snapshot's archive has kept an evaluation, or is older than it. */
static bool is_kept(const struct archive *archive, const struct evaluation *evaluation)
{
    if (evaluation->part == EVALUATION_TEST || !archive || archive->count == 0 ||
        archive->evaluations[archive->count - 1]->step < evaluation->step)
        return true;
    for (size_t place = 0; place < archive->count; place++)
        if (archive->evaluations[place]->step == evaluation->step)
            return true;
    return false;
}

/* The last snapshot of that life; NULL where there is none. */
static const struct snapshot *snapshot_of(const struct run_recorder *recorder, size_t model,
                                          unsigned life)
{
    if (recorder->snapshot->learners[model].life == life)
        return recorder->snapshot;
    for (size_t place = 0; place < recorder->batch_count; place++) {
        const struct recorder_item *item = &recorder->batch[place];
        if (item->last && item->model == model && item->life == life)
            return item->last;
    }
    return NULL;
}

static bool write_evaluation(struct run_recorder *recorder, const struct recorder_item *item,
                             struct error *err)
{
    const struct snapshot *snapshot = snapshot_of(recorder, item->model, item->life);
    if (!snapshot)
        return true; /* nothing else is known of that life */
    if (!recorder_ensure_run(recorder, snapshot, item->model, err))
        return false;
    struct database *database = &recorder->store->database;
    int64_t run = recorder->lives[item->model].run;
    const struct archive *archive = snapshot->learners[item->model].archive;
    bool answers = is_kept(archive, item->evaluation);
    return evaluation_write(database, run, item->evaluation, answers, err) &&
           evaluations_thin(database, run, archive, err);
}

/* Writes the end of a life that was restarted, and hands its run over to the item: the lock is
 * given back after its checkpoints have been written. */
static bool write_restart(struct run_recorder *recorder, struct recorder_item *item,
                          struct error *err)
{
    struct recorded_life *life = &recorder->lives[item->model];
    bool recorded = life->run && life->life == item->life;
    if (!recorded && item->last->learners[item->model].step == 0)
        return true;
    if (!recorder_write_learner(recorder, item->last, item->model, err) ||
        !recorder_add_event(recorder, life, "restarted", "", err))
        return false;
    struct run_row row = life->row;
    if (row.state != RUN_STATE_FINISHED)
        row.state = RUN_STATE_STOPPED;
    row.updated_at = row.ended_at = store_now();
    item->run = life->run;
    item->lock = life->lock;
    *life = (struct recorded_life){.lock = -1};
    return run_update(&recorder->store->database, &row, err);
}

static bool write_item(struct run_recorder *recorder, struct recorder_item *item, struct error *err)
{
    if (item->written)
        return true;
    return item->evaluation ? write_evaluation(recorder, item, err)
                            : write_restart(recorder, item, err);
}

/* Records a switch from the model that was active before. */
static bool write_switch(struct run_recorder *recorder, struct error *err)
{
    const struct snapshot *snapshot = recorder->snapshot;
    const struct recorded_life *before = &recorder->lives[recorder->active];
    bool switched = recorder->active_known && recorder->active != snapshot->active;
    recorder->active_known = true;
    recorder->active = snapshot->active;
    return !switched || !before->run ||
           recorder_add_event(recorder, before, "switched",
                              snapshot->learners[snapshot->active].name, err);
}

/* Records a notice of the trainer that is worth it. */
static bool write_notice(struct run_recorder *recorder, struct error *err)
{
    const struct snapshot *snapshot = recorder->snapshot;
    const struct recorded_life *life = &recorder->lives[snapshot->active];
    bool diverged = snapshot->failure.code == ERROR_NUMBERS;
    bool waits = snapshot->state == TRAINER_WAITING;
    bool told = recorder->notice_told;
    recorder->notice_told = diverged || waits;
    return told || !recorder->notice_told || !life->run ||
           recorder_add_event(recorder, life, diverged ? "NaN" : "waiting",
                              snapshot->failure.message, err);
}

static bool write_all(struct run_recorder *recorder, struct error *err)
{
    const struct snapshot *snapshot = recorder->snapshot;
    for (size_t place = 0; place < recorder->batch_count; place++)
        if (!write_item(recorder, &recorder->batch[place], err))
            return false;
    for (size_t model = 0; model < snapshot->learner_count; model++)
        if (snapshot->learners[model].started &&
            !recorder_write_learner(recorder, snapshot, model, err))
            return false;
    return write_switch(recorder, err) && write_notice(recorder, err);
}

/* Where the lives are, to be gone back to. */
struct before {
    struct recorded_life lives[SNAPSHOT_MODELS_MAX];
    bool notice_told, active_known;
    size_t active;
};

static struct before remember(const struct run_recorder *recorder)
{
    struct before before = {.notice_told = recorder->notice_told,
                            .active_known = recorder->active_known,
                            .active = recorder->active};
    memcpy(before.lives, recorder->lives, sizeof before.lives);
    return before;
}

/* Gives a lock back that was not held before. */
static void release_new(const struct before *before, int lock)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        if (before->lives[model].lock == lock)
            return;
    run_lock_release(lock);
}

static void go_back(struct run_recorder *recorder, const struct before *before)
{
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++)
        release_new(before, recorder->lives[model].lock);
    for (size_t place = 0; place < recorder->batch_count; place++) {
        struct recorder_item *item = &recorder->batch[place];
        if (item->written)
            continue;
        release_new(before, item->lock);
        item->lock = -1;
        item->run = 0;
    }
    memcpy(recorder->lives, before->lives, sizeof before->lives);
    recorder->notice_told = before->notice_told;
    recorder->active_known = before->active_known;
    recorder->active = before->active;
}

bool recorder_write_rows(struct run_recorder *recorder, struct error *err)
{
    struct database *database = &recorder->store->database;
    struct before before = remember(recorder);
    if (!recorder->snapshot || !recorder->facts.known)
        return true;
    if (!database_begin(database, err))
        return false;
    if (write_all(recorder, err) && database_commit(database, err))
        return true;
    database_roll_back(database);
    go_back(recorder, &before);
    return false;
}

/* How the run of a model ended, given how the trainer did. */
static enum run_state end_state(const struct run_recorder *recorder, size_t model)
{
    const struct snapshot *snapshot = recorder->snapshot;
    if (snapshot->learners[model].finished)
        return RUN_STATE_FINISHED;
    if (snapshot->state == TRAINER_FAILED && model == snapshot->active)
        return RUN_STATE_FAILED;
    return recorder->interrupted ? RUN_STATE_INTERRUPTED : RUN_STATE_STOPPED;
}

static bool write_end(struct run_recorder *recorder, size_t model, struct error *err)
{
    const struct recorded_life *life = &recorder->lives[model];
    struct run_row row = life->row;
    if (!life->run || !life->taken_up)
        return true;
    row.state = end_state(recorder, model);
    row.updated_at = row.ended_at = store_now();
    return recorder_add_event(recorder, life, run_state_name(row.state), row.message, err) &&
           run_update(&recorder->store->database, &row, err);
}

bool recorder_write_ends(struct run_recorder *recorder, struct error *err)
{
    struct database *database = &recorder->store->database;
    if (!recorder->snapshot)
        return true;
    if (!database_begin(database, err))
        return false;
    bool good = true;
    for (size_t model = 0; good && model < SNAPSHOT_MODELS_MAX; model++)
        good = write_end(recorder, model, err);
    if (good)
        return database_commit(database, err);
    database_roll_back(database);
    return false;
}
