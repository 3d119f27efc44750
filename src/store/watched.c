// SPDX-License-Identifier: MIT
#include "store/watched.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "store/moment.h"

static const double ANATOMY_SECONDS = 1; /* between two looks for a newer anatomy */
static const double ANSWERS_SECONDS = 1; /* between two looks for newer answers */

void watched_close(struct watched *watched)
{
    history_release(watched->history);
    archive_release(watched->archive);
    archive_release(watched->cursor_archive);
    evaluation_release(watched->answered);
    evaluation_release(watched->test);
    anatomy_release(watched->anatomy);
    *watched = (struct watched){.spec = NULL};
}

/* Forgets what was read: the run has gone on from an earlier step, so that later points are gone.
 */
static bool watched_forget(struct watched *watched, struct error *err)
{
    struct history *history = history_create(err);
    if (!history)
        return false;
    history_release(watched->history);
    archive_release(watched->archive);
    evaluation_release(watched->answered);
    evaluation_release(watched->test);
    watched->history = history;
    watched->counts = (struct history_counts){0};
    watched->archive = NULL;
    watched->answered = NULL;
    watched->test = NULL;
    return true;
}

/* Takes over a reference. */
static void take_archive(struct watched *watched, const struct archive *archive)
{
    archive_release(watched->archive);
    watched->archive = archive;
}

/* While the run goes on its figures, for answers take time from it; then all. */
static bool read_archive(struct watched *watched, struct store *store, struct error *err)
{
    const struct archive *archive;
    if (!(watched->followed
              ? store_read_figures(store, watched->row.id, watched->archive, &archive, err)
              : store_read_archive(store, watched->row.id, UINT64_MAX, watched->archive, &archive,
                                   err)))
        return false;
    take_archive(watched, archive);
    return true;
}

/* Reads the newest answers up to a step into the archive; NULL where there are none. */
static bool read_answers(struct watched *watched, struct store *store, uint64_t step,
                         const struct evaluation **evaluation, struct error *err)
{
    if (!store_read_validation(store, watched->row.id, step, evaluation, err))
        return false;
    if (!*evaluation)
        return true;
    const struct archive *archive = archive_replace(watched->archive, *evaluation, err);
    if (archive) {
        take_archive(watched, archive);
        return true;
    }
    evaluation_release(*evaluation);
    return false;
}

/* The answers of a past evaluation. */
static bool read_past_answers(struct watched *watched, struct store *store, uint64_t step,
                              bool *news, struct error *err)
{
    const struct evaluation *known = archive_find(watched->archive, step), *evaluation;
    if (!known || evaluation_answered(known))
        return true;
    if (!read_answers(watched, store, step, &evaluation, err))
        return false;
    evaluation_release(evaluation);
    *news = true;
    return true;
}

static bool read_newest_answers(struct watched *watched, struct store *store, bool *news,
                                struct error *err)
{
    const struct evaluation *last = watched->archive->evaluations[watched->archive->count - 1];
    const struct evaluation *evaluation;
    double now = clock_seconds();
    if (evaluation_answered(last) ||
        (watched->answered && now - watched->answered_at < ANSWERS_SECONDS))
        return true;
    watched->answered_at = now;
    if (!read_answers(watched, store, last->step, &evaluation, err))
        return false;
    evaluation_release(watched->answered);
    watched->answered = evaluation;
    *news = true;
    return true;
}

bool watched_read_answers(struct watched *watched, struct store *store, bool newest, uint64_t step,
                          bool *news, struct error *err)
{
    *news = false;
    if (!watched->followed || !watched->archive)
        return true;
    return (step == 0 || read_past_answers(watched, store, step, news, err)) &&
           (!newest || read_newest_answers(watched, store, news, err));
}

static bool read_test(struct watched *watched, struct store *store, struct error *err)
{
    const struct evaluation *test;
    bool known = watched->test && watched->test->accuracy == watched->row.test_accuracy &&
                 watched->test->loss == watched->row.test_loss;
    if (watched->row.test_accuracy < 0 || known)
        return true;
    if (!store_read_test(store, watched->row.id, UINT64_MAX, &test, err))
        return false;
    evaluation_release(watched->test);
    watched->test = test;
    return true;
}

static bool read_anatomy(struct watched *watched, struct store *store, bool ends, struct error *err)
{
    const struct anatomy *anatomy;
    double now = clock_seconds();
    bool due = watched->followed && now - watched->anatomy_at >= ANATOMY_SECONDS;
    if (watched->anatomy && !due && !ends)
        return true;
    if (!store_read_anatomy(store, watched->row.id, &anatomy, err))
        return false;
    anatomy_release(watched->anatomy);
    watched->anatomy = anatomy;
    watched->anatomy_at = now;
    return true;
}

/* Brings all that was read up to the row's step; `ends`: it was followed so far. */
static bool read_rest(struct watched *watched, struct store *store, bool ends, struct error *err)
{
    size_t evaluations = watched->counts.epochs;
    if (!store_read_history(store, watched->row.id, watched->row.step, watched->history,
                            &watched->counts, err))
        return false;
    bool evaluated = watched->counts.epochs != evaluations || !watched->archive || ends;
    return (!evaluated || read_archive(watched, store, err)) && read_test(watched, store, err) &&
           read_anatomy(watched, store, ends, err);
}

/* Whether rows of the run were taken back since it was read. */
static bool was_cut(const struct watched *watched, const struct run_row *row)
{
    size_t steps = watched->counts.steps;
    return row->resumes != watched->row.resumes || row->step < watched->row.step ||
           (steps > 0 && history_step(watched->history, steps - 1)->step > row->step);
}

static bool take_row(struct watched *watched, struct store *store, const struct run_row *row,
                     struct error *err)
{
    bool followed = row->live && row->state != RUN_STATE_FINISHED;
    bool ends = watched->followed && !followed;
    if ((!watched->history || was_cut(watched, row)) && !watched_forget(watched, err))
        return false;
    watched->row = *row;
    watched->followed = followed;
    if (!read_rest(watched, store, ends, err))
        return false;
    if (!ends && watched->cursor <= row->step)
        return true;
    return watched_move(watched, store, row->step, err);
}

bool watched_open(struct watched *watched, struct store *store, const struct run_row *row,
                  struct error *err)
{
    *watched = (struct watched){.spec = network_spec_find(row->model)};
    if (!watched->spec) {
        error_set(err, ERROR_USAGE, "run %" PRId64 " is of a model '%s', which is not known here",
                  row->id, row->model);
        return false;
    }
    if (take_row(watched, store, row, err) && watched_move(watched, store, row->step, err))
        return true;
    watched_close(watched);
    return false;
}

bool watched_refresh(struct watched *watched, struct store *store, struct error *err)
{
    struct run_row row;
    return store_read_run(store, watched->row.id, &row, err) && take_row(watched, store, &row, err);
}

bool watched_move(struct watched *watched, struct store *store, uint64_t step, struct error *err)
{
    const struct archive *archive;
    uint64_t target = step < watched->row.step ? step : watched->row.step;
    size_t epochs = moment_counts(watched->history, watched->counts, target).epochs;
    if (epochs != watched->cursor_epochs || (epochs > 0 && !watched->cursor_archive)) {
        if (!store_read_archive(store, watched->row.id, target, watched->archive, &archive, err))
            return false;
        archive_release(watched->cursor_archive);
        watched->cursor_archive = archive;
        watched->cursor_epochs = epochs;
    }
    watched->cursor = target;
    return true;
}

bool watched_at_end(const struct watched *watched)
{
    return watched->cursor >= watched->row.step;
}

enum trainer_state watched_state(const struct watched *watched)
{
    if (watched->row.state == RUN_STATE_FINISHED && watched_at_end(watched))
        return TRAINER_FINISHED;
    if (!watched->followed || watched->row.state == RUN_STATE_PAUSED)
        return TRAINER_PAUSED;
    return watched->row.state == RUN_STATE_WAITING ? TRAINER_WAITING : TRAINER_TRAINING;
}

/* The run's figures as its recorder wrote them last. */
static struct moment last_moment(const struct run_row *row)
{
    return (struct moment){
        .step = row->step,
        .learning_rate = row->learning_rate,
        .train_loss = row->train_loss,
        .train_accuracy = row->train_accuracy,
        .seconds = row->seconds,
        .images_per_second = row->images_per_second,
        .eta_seconds = row->live ? row->eta_seconds : -1,
        .best_accuracy = row->best_accuracy,
        .best_epoch = row->best_epoch,
    };
}

/* The figures at the cursor. */
static struct moment cursor_moment(const struct watched *watched)
{
    const struct moment_run run = {
        .history = watched->history,
        .counts = watched->counts,
        .batch = watched->row.batch,
        .steps_per_epoch = watched->row.steps_per_epoch,
        .epochs = watched->row.epochs,
        .initial_learning_rate = watched->row.initial_learning_rate,
    };
    return moment_at(&run, watched->cursor);
}

static void describe_evaluations(const struct watched *watched, struct learner_snapshot *snapshot)
{
    const struct archive *archive = watched->followed ? watched->archive : watched->cursor_archive;
    bool tested = watched->test && (watched->followed || watched->test->step <= watched->cursor);
    snapshot->archive = archive_share(archive);
    snapshot->answered = watched->followed ? evaluation_share(watched->answered) : NULL;
    if (archive && archive->count > 0)
        snapshot->validation = evaluation_share(archive->evaluations[archive->count - 1]);
    snapshot->test = tested ? evaluation_share(watched->test) : NULL;
}

static void describe_place(const struct run_row *row, struct learner_snapshot *snapshot)
{
    size_t in_epoch = row->steps_per_epoch > 0 ? row->steps_per_epoch : 1;
    size_t done = (size_t)(snapshot->step / in_epoch);
    bool trained = done >= row->epochs;
    snapshot->steps_per_epoch = in_epoch;
    snapshot->epochs = row->epochs;
    snapshot->epoch = trained ? row->epochs : done + 1;
    snapshot->epoch_step = trained ? in_epoch : (size_t)(snapshot->step % in_epoch);
}

void watched_describe(const struct watched *watched, struct learner_snapshot *snapshot)
{
    const struct run_row *row = &watched->row;
    bool last = watched->followed || watched_at_end(watched);
    struct moment moment = last ? last_moment(row) : cursor_moment(watched);
    struct history_counts counts = moment_counts(watched->history, watched->counts, moment.step);
    *snapshot = (struct learner_snapshot){
        .name = network_spec_name(watched->spec),
        .title = network_spec_title(watched->spec),
        .started = true,
        .finished = watched_state(watched) == TRAINER_FINISHED,
        .weight_count = row->weight_count,
        .step = moment.step,
        .learning_rate = moment.learning_rate,
        .train_loss = moment.train_loss,
        .train_accuracy = moment.train_accuracy,
        .train_seconds = moment.seconds,
        .images_per_second = moment.images_per_second,
        .eta_seconds = moment.eta_seconds,
        .best_accuracy = moment.best_accuracy,
        .best_epoch = moment.best_epoch,
        .history = history_share(watched->history),
        .step_points = counts.steps,
        .epoch_points = counts.epochs,
        .event_points = counts.events,
        .anatomy = anatomy_share(watched->anatomy),
    };
    (void)snprintf(snapshot->record.run, sizeof snapshot->record.run, "%" PRId64, row->id);
    snapshot->record.saved = row->checkpoints > 0 && row->saved_step <= moment.step;
    snapshot->record.saved_step = row->saved_step;
    describe_place(row, snapshot);
    describe_evaluations(watched, snapshot);
}
