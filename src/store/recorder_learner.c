// SPDX-License-Identifier: MIT
/* A learner's run: begun or taken up, and its row, curves and anatomy as far as they have come. */
#include <string.h>
#include <unistd.h>

#include "fmnist/nn/blas.h"
#include "store/recorder_parts.h"
#include "store/run_lock.h"
#include "store/store_anatomy.h"
#include "store/store_parts.h"
#include "store/store_runs.h"

static enum run_state learner_state(const struct snapshot *snapshot, size_t model)
{
    if (snapshot->learners[model].finished)
        return RUN_STATE_FINISHED;
    if (model != snapshot->active || snapshot->state == TRAINER_PAUSED)
        return RUN_STATE_PAUSED;
    return snapshot->state == TRAINER_WAITING ? RUN_STATE_WAITING : RUN_STATE_RUNNING;
}

/* The learning rate that the life began with. */
static double initial_rate(const struct learner_snapshot *learner)
{
    for (size_t number = 0; number < learner->event_points; number++) {
        const struct event_point *event = history_event(learner->history, number);
        if (event->kind == EVENT_RATE)
            return (double)event->rate_before;
    }
    return learner->learning_rate;
}

static void describe_progress(struct run_row *row, const struct snapshot *snapshot, size_t model)
{
    const struct learner_snapshot *learner = &snapshot->learners[model];
    row->state = learner_state(snapshot, model);
    row->epochs = learner->epochs;
    row->step = learner->step;
    row->epochs_done =
        learner->steps_per_epoch ? (double)learner->step / (double)learner->steps_per_epoch : 0;
    row->seconds = learner->train_seconds;
    row->learning_rate = learner->learning_rate;
    row->images_per_second = learner->images_per_second;
    row->eta_seconds = learner->eta_seconds;
    row->train_loss = learner->train_loss;
    row->train_accuracy = learner->train_accuracy;
    row->best_accuracy = learner->best_accuracy;
    row->best_epoch = learner->best_epoch;
    row->test_accuracy = learner->test ? learner->test->accuracy : -1;
    row->test_loss = learner->test ? learner->test->loss : 0;
    if (model == snapshot->active && snapshot->failure.code != ERROR_NONE)
        text_copy(row->message, sizeof row->message, snapshot->failure.message);
}

/* All that a row says of the learner. */
static void describe(const struct run_recorder *recorder, struct run_row *row,
                     const struct snapshot *snapshot, size_t model)
{
    const struct learner_snapshot *learner = &snapshot->learners[model];
    *row = (struct run_row){0};
    text_copy(row->name, sizeof row->name, recorder->name);
    text_copy(row->model, sizeof row->model, learner->name);
    if (gethostname(row->host, sizeof row->host - 1) != 0)
        row->host[0] = '\0';
    text_copy(row->program, sizeof row->program, PACKAGE_VERSION);
    text_copy(row->isa, sizeof row->isa, isa_name(snapshot->isa));
    text_copy(row->blas_core, sizeof row->blas_core, blas_core());
    row->threads = snapshot->threads;
    row->batch = snapshot->batch;
    row->initial_learning_rate = initial_rate(learner);
    row->seed = snapshot->seed;
    row->weight_count = learner->weight_count;
    row->steps_per_epoch = learner->steps_per_epoch;
    memcpy(row->data_name, recorder->facts.data_name, sizeof row->data_name);
    memcpy(row->data_source, recorder->facts.data_source, sizeof row->data_source);
    memcpy(row->data_sha256, recorder->facts.data_sha256, sizeof row->data_sha256);
    row->train_count = snapshot->train_count;
    row->validation_count = snapshot->validation_count;
    row->test_count = snapshot->test_count;
    describe_progress(row, snapshot, model);
}

bool recorder_add_event(struct run_recorder *recorder, const struct recorded_life *life,
                        const char *kind, const char *detail, struct error *err)
{
    struct run_event event = {.at = store_now(), .step = life->row.step};
    event.seconds = life->row.seconds;
    text_copy(event.kind, sizeof event.kind, kind);
    text_copy(event.detail, sizeof event.detail, detail);
    return event_write(&recorder->store->database, life->run, &event, err);
}

/* A new run for the life that the snapshot shows, locked before others can see it. */
static bool begin_run(struct run_recorder *recorder, struct recorded_life *life,
                      const struct snapshot *snapshot, size_t model, struct error *err)
{
    struct run_row row;
    describe(recorder, &row, snapshot, model);
    row.started_at = store_now();
    if (!run_insert(&recorder->store->database, &row, err))
        return false;
    *life = (struct recorded_life){
        .run = row.id, .life = snapshot->learners[model].life, .taken_up = true};
    life->lock = run_lock_take(recorder->store->directory, row.id, err);
    return life->lock >= 0;
}

/* How many of the history's training steps the run has already. */
static size_t known_steps(const struct learner_snapshot *learner, uint64_t step)
{
    size_t known = 0;
    while (known < learner->step_points && history_step(learner->history, known)->step <= step)
        known++;
    return known;
}

/* Whether a run of that state, which nobody but this program has, was never ended. */
static bool was_cut(enum run_state state)
{
    return state == RUN_STATE_RUNNING || state == RUN_STATE_PAUSED || state == RUN_STATE_WAITING;
}

/* Goes on with a run that was locked at the start: what came after its checkpoint is dropped. */
static bool take_up_run(struct run_recorder *recorder, struct recorded_life *life,
                        const struct snapshot *snapshot, size_t model, struct error *err)
{
    struct database *database = &recorder->store->database;
    struct curve_end curves;
    struct evaluation_end evaluations;
    struct run_row row, before;
    uint64_t step = recorder->resumed[model].step;
    if (!store_read_run(recorder->store, life->run, &before, err))
        return false;
    describe(recorder, &row, snapshot, model);
    row.id = life->run;
    row.step = step;
    life->row = row; /* for the event */
    if (!checkpoint_end(database, life->run, step, &curves, &evaluations, err) ||
        !run_forget_after(database, life->run, step, err) || !run_take_up(database, &row, err) ||
        (was_cut(before.state) &&
         !recorder_add_event(recorder, life, RUN_EVENT_INTERRUPTED, RUN_DETAIL_DIED, err)) ||
        !recorder_add_event(recorder, life, "resumed", "", err))
        return false;
    life->written = (struct history_counts){known_steps(&snapshot->learners[model], step),
                                            (size_t)curves.epochs, (size_t)curves.events};
    life->row = (struct run_row){0};
    life->taken_up = true;
    return true;
}

bool recorder_ensure_run(struct run_recorder *recorder, const struct snapshot *snapshot,
                         size_t model, struct error *err)
{
    struct recorded_life *life = &recorder->lives[model];
    if (life->run && life->life == snapshot->learners[model].life)
        return life->taken_up || take_up_run(recorder, life, snapshot, model, err);
    return begin_run(recorder, life, snapshot, model, err);
}

static bool write_points(struct run_recorder *recorder, struct recorded_life *life,
                         const struct learner_snapshot *learner, struct error *err)
{
    struct history_counts counts = {learner->step_points, learner->epoch_points,
                                    learner->event_points};
    if (!curves_write(&recorder->store->database, life->run, learner->history, life->written,
                      counts, err))
        return false;
    life->written = counts;
    return true;
}

static bool write_anatomy(struct run_recorder *recorder, struct recorded_life *life,
                          const struct anatomy *anatomy, struct error *err)
{
    if (!anatomy ||
        (anatomy->norms_step == life->norms_step && anatomy->idle_step == life->idle_step &&
         anatomy->step_seconds == life->step_seconds))
        return true;
    life->norms_step = anatomy->norms_step;
    life->idle_step = anatomy->idle_step;
    life->step_seconds = anatomy->step_seconds;
    return anatomy_write(&recorder->store->database, life->run, anatomy, err);
}

/* Whether two rows tell the same of how far the run is. */
static bool same_progress(const struct run_row *a, const struct run_row *b)
{
    return a->id == b->id && a->state == b->state && a->epochs == b->epochs && a->step == b->step &&
           a->seconds == b->seconds && a->learning_rate == b->learning_rate &&
           a->images_per_second == b->images_per_second && a->eta_seconds == b->eta_seconds &&
           a->best_accuracy == b->best_accuracy && a->test_accuracy == b->test_accuracy &&
           strcmp(a->message, b->message) == 0;
}

bool recorder_write_learner(struct run_recorder *recorder, const struct snapshot *snapshot,
                            size_t model, struct error *err)
{
    const struct learner_snapshot *learner = &snapshot->learners[model];
    struct recorded_life *life = &recorder->lives[model];
    struct run_row row;
    if (!recorder_ensure_run(recorder, snapshot, model, err) ||
        !write_points(recorder, life, learner, err) ||
        !write_anatomy(recorder, life, learner->anatomy, err))
        return false;
    describe(recorder, &row, snapshot, model);
    row.id = life->run;
    if (same_progress(&row, &life->row))
        return true;
    life->row = row;
    row.updated_at = store_now();
    return run_update(&recorder->store->database, &row, err);
}
