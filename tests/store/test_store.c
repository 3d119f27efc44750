// SPDX-License-Identifier: MIT
/* Opening stores, rows of runs, and what is read of them. */
#include "fmnist/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "staged_run.h"
#include "store/run_lock.h"
#include "store/schema.h"
#include "store/store_anatomy.h"
#include "store/store_checkpoints.h"
#include "store/store_commands.h"
#include "store/store_curves.h"
#include "store/store_evaluations.h"
#include "store/store_parts.h"
#include "store/store_runs.h"

enum { PATH_SIZE = 512, IMAGES = 600 };

static int64_t add_run(struct store *store)
{
    struct error err = {0};
    struct run_row row = staged_row();
    if (!store_add_run(store, &row, &err))
        fail_msg("%s", err.message);
    return row.id;
}

static struct run_row find(struct store *store, const char *text)
{
    struct error err = {0};
    struct run_row row;
    if (!store_find_run(store, text, &row, &err))
        fail_msg("%s", err.message);
    return row;
}

static void a_run_is_read_as_it_was_written(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    int64_t id = add_run(store);
    struct run_row row = find(store, "1"), wanted = staged_row();
    assert_int_equal(id, 1);
    wanted.id = 1;
    wanted.started_at = wanted.updated_at = wanted.ended_at = row.started_at;
    wanted.test_loss = row.test_loss; /* not a number */
    assert_true(row.started_at > 1e9);
    assert_string_equal(row.name, wanted.name);
    assert_string_equal(row.model, wanted.model);
    assert_string_equal(row.host, wanted.host);
    assert_string_equal(row.program, wanted.program);
    assert_string_equal(row.isa, wanted.isa);
    assert_string_equal(row.blas_core, wanted.blas_core);
    assert_string_equal(row.data_name, wanted.data_name);
    assert_string_equal(row.data_source, wanted.data_source);
    assert_string_equal(row.data_sha256, wanted.data_sha256);
    assert_string_equal(row.message, wanted.message);
    /* all else is numbers, and texts are padded alike by the initializer */
    assert_int_equal(row.state, wanted.state);
    assert_int_equal(row.threads, wanted.threads);
    assert_int_equal(row.epochs, wanted.epochs);
    assert_int_equal(row.batch, wanted.batch);
    assert_int_equal(row.seed, wanted.seed);
    assert_int_equal(row.weight_count, wanted.weight_count);
    assert_int_equal(row.steps_per_epoch, wanted.steps_per_epoch);
    assert_int_equal(row.train_count, wanted.train_count);
    assert_int_equal(row.validation_count, wanted.validation_count);
    assert_int_equal(row.test_count, wanted.test_count);
    assert_int_equal(row.step, wanted.step);
    assert_int_equal(row.best_epoch, wanted.best_epoch);
    assert_true(row.initial_learning_rate == wanted.initial_learning_rate);
    assert_true(row.epochs_done == wanted.epochs_done && row.seconds == wanted.seconds);
    assert_true(row.learning_rate == wanted.learning_rate);
    assert_true(row.images_per_second == wanted.images_per_second);
    assert_true(row.eta_seconds == wanted.eta_seconds);
    assert_true(row.train_loss == wanted.train_loss);
    assert_true(row.train_accuracy == wanted.train_accuracy);
    assert_true(row.best_accuracy == wanted.best_accuracy);
    assert_true(row.test_accuracy < 0);
    assert_false(row.live);
    store_close(store);
}

static void a_run_is_found_by_number_name_and_age(void **state)
{
    struct error err = {0};
    struct run_row row;
    struct store *store = staged_store(*state, STORE_WRITE);
    assert_false(store_find_run(store, NULL, &row, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    for (int run = 1; run <= 3; run++)
        add_run(store);
    assert_true(store_rename_run(store, 2, "second", NULL));
    assert_int_equal(find(store, NULL).id, 3);
    assert_int_equal(find(store, "2").id, 2);
    assert_int_equal(find(store, "second").id, 2);
    assert_int_equal(find(store, "first try").id, 3);
    assert_false(store_find_run(store, "12", &row, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_string_equal(err.message, "no run 12; see fmnist-tui runs");
    assert_false(store_find_run(store, "third", &row, &err));
    assert_string_equal(err.message, "no run \"third\"; see fmnist-tui runs");
    assert_false(store_find_run(store, "99999999999999999999", &row, &err));
    store_close(store);
}

static void names_that_could_be_confused_are_refused(void **state)
{
    struct error err = {0};
    struct store *store = staged_store(*state, STORE_WRITE);
    char longest[RUN_NAME_SIZE + 1];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    int64_t id = add_run(store);
    assert_false(store_rename_run(store, id, "12", &err));
    assert_false(store_rename_run(store, id, "a\tb", &err));
    assert_false(store_rename_run(store, id, "a\302\2331mb", &err)); /* CSI in one byte of 8 bits */
    assert_string_equal(err.message, "the name of a run has no control characters");
    assert_false(store_rename_run(store, id, "caf\351", &err)); /* as in Latin-1 */
    assert_string_equal(err.message, "the name of a run must be in UTF-8");
    assert_false(store_rename_run(store, id, "  ", &err));
    assert_string_equal(err.message, "the name of a run is not blank");
    assert_true(store_rename_run(store, id, "", NULL));
    assert_true(store_rename_run(store, id, "caf\303\251", NULL));
    assert_false(store_rename_run(store, id, longest, &err));
    assert_int_equal(err.code, ERROR_USAGE);
    assert_false(store_rename_run(store, 7, "fine", &err));
    assert_string_equal(err.message, "no run 7; see fmnist-tui runs");
    assert_true(store_rename_run(store, id, longest + 1, NULL));
    assert_string_equal(find(store, NULL).name, longest + 1);
    store_close(store);
}

/* In a transaction of its own. */
static void write_curves(struct store *store, int64_t id, const struct history *history,
                         struct history_counts from, struct history_counts to)
{
    assert_true(store_begin(store, NULL));
    assert_true(curves_write(&store->database, id, history, from, to, NULL));
    assert_true(database_commit(&store->database, NULL));
}

static void curves_come_back_bit_for_bit_piece_by_piece(void **state)
{
    struct store *writer = staged_store(*state, STORE_WRITE);
    struct store *reader = staged_store(*state, STORE_READ);
    struct history_counts all = {.steps = 3000, .epochs = 30, .events = 200}, written = {0};
    struct history_counts counts = {0};
    struct history *history = staged_history(all), *copy = history_create(NULL);
    int64_t id = add_run(writer);
    for (size_t piece = 1; piece <= 10; piece++) {
        struct history_counts next = {piece * piece * 30, 3 * piece, 20 * piece};
        write_curves(writer, id, history, written, next);
        written = next;
        assert_true(store_read_history(reader, id, UINT64_MAX, copy, &counts, NULL));
        assert_memory_equal(&counts, &written, sizeof counts);
    }
    assert_same_history(history, copy, all);
    history_release(copy);
    history_release(history);
    store_close(reader);
    store_close(writer);
}

static void curves_end_with_a_step(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct history_counts all = {.steps = 1200, .epochs = 12, .events = 120}, none = {0};
    struct history *history = staged_history(all), *copy = history_create(NULL);
    struct history_counts counts = {0}, half = {.steps = 600, .epochs = 6, .events = 60};
    int64_t id = add_run(store);
    write_curves(store, id, history, none, all);
    assert_true(store_read_history(store, id, 600, copy, &counts, NULL));
    assert_memory_equal(&counts, &half, sizeof counts);
    assert_true(store_begin(store, NULL));
    assert_true(run_forget_after(&store->database, id, 600, NULL));
    assert_true(database_commit(&store->database, NULL));
    assert_true(store_read_history(store, id, UINT64_MAX, copy, &counts, NULL));
    assert_memory_equal(&counts, &half, sizeof counts);
    write_curves(store, id, history, half, all);
    assert_true(store_read_history(store, id, UINT64_MAX, copy, &counts, NULL));
    assert_memory_equal(&counts, &all, sizeof counts);
    assert_same_history(history, copy, all);
    history_release(copy);
    history_release(history);
    store_close(store);
}

static void write_evaluation(struct store *store, int64_t id, const struct evaluation *evaluation,
                             bool answers)
{
    struct error err = {0};
    assert_true(store_begin(store, NULL));
    if (!evaluation_write(&store->database, id, evaluation, answers, &err))
        fail_msg("%s", err.message);
    assert_true(database_commit(&store->database, NULL));
}

static void evaluations_come_back_bit_for_bit(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    const struct evaluation *first = staged_evaluation(EVALUATION_VALIDATION, 540, IMAGES);
    const struct evaluation *second = staged_evaluation(EVALUATION_VALIDATION, 1080, IMAGES);
    const struct evaluation *test = staged_evaluation(EVALUATION_TEST, 1080, IMAGES + 1);
    const struct archive *archive, *more;
    const struct evaluation *found;
    int64_t id = add_run(store);
    write_evaluation(store, id, first, true);
    assert_true(store_read_archive(store, id, UINT64_MAX, NULL, &archive, NULL));
    assert_true(store_read_test(store, id, UINT64_MAX, &found, NULL));
    assert_null(found);
    write_evaluation(store, id, first, true); /* again */
    write_evaluation(store, id, second, true);
    write_evaluation(store, id, test, true);
    assert_true(store_read_archive(store, id, UINT64_MAX, archive, &more, NULL));
    assert_int_equal(more->count, 2);
    assert_ptr_equal(more->evaluations[0], archive->evaluations[0]);
    assert_same_evaluation(more->evaluations[0], first);
    assert_same_evaluation(more->evaluations[1], second);
    assert_true(store_read_test(store, id, UINT64_MAX, &found, NULL));
    assert_same_evaluation(found, test);
    evaluation_release(found);
    assert_true(store_read_test(store, id, 1079, &found, NULL));
    assert_null(found);
    archive_release(archive);
    assert_true(store_read_archive(store, id, 539, NULL, &archive, NULL));
    assert_null(archive);
    archive_release(more);
    evaluation_release(first);
    evaluation_release(second);
    evaluation_release(test);
    store_close(store);
}

static void figures_are_read_before_answers(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    const struct evaluation *first = staged_evaluation(EVALUATION_VALIDATION, 540, IMAGES);
    const struct evaluation *second = staged_evaluation(EVALUATION_VALIDATION, 1080, IMAGES);
    const struct evaluation *found;
    const struct archive *figures, *whole, *again;
    struct error err = {0};
    int64_t id = add_run(store);
    assert_true(store_read_figures(store, id, NULL, &figures, NULL));
    assert_null(figures);
    assert_true(store_read_validation(store, id, UINT64_MAX, &found, NULL));
    assert_null(found);
    write_evaluation(store, id, first, true);
    write_evaluation(store, id, second, true);
    assert_true(store_read_figures(store, id, NULL, &figures, NULL));
    assert_int_equal(figures->count, 2);
    for (size_t place = 0; place < 2; place++) {
        const struct evaluation *expected = place == 0 ? first : second;
        assert_false(evaluation_answered(figures->evaluations[place]));
        assert_int_equal(figures->evaluations[place]->step, expected->step);
        assert_int_equal(figures->evaluations[place]->correct, expected->correct);
        assert_memory_equal(figures->evaluations[place]->classes, expected->classes,
                            sizeof expected->classes);
    }
    assert_true(store_read_archive(store, id, UINT64_MAX, figures, &whole, NULL));
    assert_same_evaluation(whole->evaluations[0], first);
    assert_same_evaluation(whole->evaluations[1], second);
    assert_true(store_read_figures(store, id, whole, &again, NULL));
    assert_ptr_equal(again->evaluations[1], whole->evaluations[1]);
    assert_true(store_read_validation(store, id, 1079, &found, NULL));
    assert_same_evaluation(found, first);
    evaluation_release(found);
    archive_release(again);
    assert_true(database_run(&store->database, "DELETE FROM confusion WHERE step = 540", NULL));
    assert_false(store_read_figures(store, id, NULL, &again, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_null(again);
    archive_release(whole);
    archive_release(figures);
    evaluation_release(first);
    evaluation_release(second);
    store_close(store);
}

static void figures_of_evaluations_are_listed(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    const struct evaluation *first = staged_evaluation(EVALUATION_VALIDATION, 540, IMAGES);
    const struct evaluation *test = staged_evaluation(EVALUATION_TEST, 540, IMAGES);
    struct run_evaluation *list;
    size_t count;
    add_run(store);
    int64_t id = add_run(store);
    write_evaluation(store, id, test, true);
    write_evaluation(store, id, first, false);
    write_evaluation(store, 1, first, true);
    assert_true(store_list_evaluations(store, id, &list, &count, NULL));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].part, EVALUATION_VALIDATION);
    assert_int_equal(list[0].correct, first->correct);
    assert_false(list[0].answers);
    assert_true(list[1].answers);
    assert_memory_equal(list[0].confusion, first->confusion, sizeof first->confusion);
    assert_memory_equal(list[1].confusion, test->confusion, sizeof test->confusion);
    assert_memory_equal(list[1].classes, test->classes, sizeof test->classes);
    free(list);
    evaluation_release(first);
    evaluation_release(test);
    store_close(store);
}

/* Whether the answers of that step are kept. */
static bool has_answers(struct store *store, int64_t id, uint64_t step)
{
    struct run_evaluation *list;
    size_t count;
    bool found = false;
    assert_true(store_list_evaluations(store, id, &list, &count, NULL));
    for (size_t place = 0; place < count; place++)
        found = found || (list[place].step == step && list[place].answers);
    free(list);
    return found;
}

static void answers_are_thinned_as_the_archive_is(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    const struct archive *archive = NULL;
    int64_t id = add_run(store);
    for (uint64_t step = 1; step <= ARCHIVE_MAX + 2; step++) {
        const struct evaluation *evaluation = staged_evaluation(EVALUATION_VALIDATION, step, 10);
        const struct archive *more = archive_add(archive, evaluation, NULL);
        write_evaluation(store, id, evaluation, true);
        archive_release(archive);
        evaluation_release(evaluation);
        archive = more;
    }
    assert_true(store_begin(store, NULL));
    assert_true(evaluations_thin(&store->database, id, archive, NULL));
    assert_true(database_commit(&store->database, NULL));
    const struct archive *found;
    assert_true(store_read_archive(store, id, UINT64_MAX, NULL, &found, NULL));
    assert_int_equal(found->count, ARCHIVE_MAX);
    for (size_t place = 0; place < ARCHIVE_MAX; place++)
        assert_same_evaluation(found->evaluations[place], archive->evaluations[place]);
    size_t kept = 0;
    for (uint64_t step = 1; step <= ARCHIVE_MAX + 2; step++)
        kept += has_answers(store, id, step);
    assert_int_equal(kept, ARCHIVE_MAX);
    archive_release(found);
    archive_release(archive);
    store_close(store);
}

static void an_anatomy_comes_back(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct anatomy anatomy = {.norms_step = 7, .step_seconds = 0.5, .trend_count = 3};
    const struct anatomy *found;
    int64_t id = add_run(store);
    anatomy.layer_count = 2;
    anatomy.layers[0] = (struct anatomy_layer){
        .kind = "conv",
        .name = "feature_extractor.0",
        .output = {6, 28, 28},
        .weight_count = 156,
        .filters = true,
        .forward_seconds = 0.125,
        .norms = {1, 2, 3},
        .trend = {{1, 2, 3}, {4, 5, 6}, {7, 8, 0.1F}},
    };
    anatomy.layers[1] = (struct anatomy_layer){
        .kind = "tanh", .name = "", .stage = 0, .idleness = ANATOMY_SATURATED, .idle = 0.25};
    assert_true(store_read_anatomy(store, id, &found, NULL));
    assert_null(found);
    for (int again = 0; again < 2; again++) {
        assert_true(store_begin(store, NULL));
        assert_true(anatomy_write(&store->database, id, &anatomy, NULL));
        assert_true(database_commit(&store->database, NULL));
    }
    assert_true(store_read_anatomy(store, id, &found, NULL));
    assert_int_equal(found->layer_count, 2);
    assert_int_equal(found->norms_step, 7);
    assert_int_equal(found->trend_count, 3);
    for (size_t number = 0; number < 2; number++) {
        const struct anatomy_layer *a = &anatomy.layers[number], *b = &found->layers[number];
        assert_string_equal(a->kind, b->kind);
        assert_string_equal(a->name, b->name);
        assert_memory_equal(&a->output, &b->output, sizeof a->output);
        assert_memory_equal(&a->norms, &b->norms, sizeof a->norms);
        assert_memory_equal(a->trend, b->trend, sizeof a->trend);
        assert_int_equal(a->weight_count, b->weight_count);
        assert_int_equal(a->filters, b->filters);
        assert_int_equal(a->stage, b->stage);
        assert_int_equal(a->idleness, b->idleness);
        assert_true(a->idle == b->idle && a->forward_seconds == b->forward_seconds);
    }
    anatomy_release(found);
    store_close(store);
}

static void events_are_listed(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct run_event event = {.at = 5, .step = 3, .kind = "unsaved", .detail = "no room"}, *list;
    size_t count;
    int64_t id = add_run(store);
    assert_true(store_add_event(store, id, &event, NULL));
    assert_true(store_list_events(store, id, &list, &count, NULL));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].kind, "unsaved");
    assert_string_equal(list[0].detail, "no room");
    assert_int_equal(list[0].step, 3);
    free(list);
    store_close(store);
}

static void others_changes_are_seen(void **state)
{
    struct store *reader = staged_store(*state, STORE_READ);
    struct run_row *rows;
    size_t count;
    assert_true(store_list_runs(reader, &rows, &count, NULL)); /* nothing is there yet */
    assert_int_equal(count, 0);
    free(rows);
    assert_true(store_changed(reader));
    assert_false(store_changed(reader));
    struct store *writer = staged_store(*state, STORE_WRITE);
    add_run(writer);
    assert_true(store_changed(reader));
    assert_int_equal(find(reader, NULL).id, 1);
    assert_false(store_changed(reader));
    add_run(writer);
    assert_true(store_changed(reader));
    assert_false(store_changed(reader));
    assert_false(store_add_run(reader, &(struct run_row){.model = "x"}, NULL));
    store_close(writer);
    store_close(reader);
}

static void checkpoint(struct store *store, int64_t id, uint64_t step, bool best)
{
    struct error err = {0};
    struct checkpoint *whole = staged_checkpoint(step);
    struct checkpoint_mark mark = {.epoch_points = step / 100, .event_points = 0, .test_step = -1};
    whole->best = best;
    whole->accuracy = best ? 0.9 : -1;
    if (!checkpoint_store(store, id, whole, &mark, &err))
        fail_msg("%s", err.message);
    checkpoint_release(whole);
}

static void expect_checkpoints(struct store *store, int64_t id, const uint64_t *steps,
                               size_t expected)
{
    struct run_checkpoint *list;
    size_t count;
    assert_true(store_list_checkpoints(store, id, &list, &count, NULL));
    assert_int_equal(count, expected);
    for (size_t place = 0; place < count; place++) {
        char path[PATH_SIZE];
        assert_int_equal(list[place].step, steps[place]);
        assert_true(store_checkpoint_path(store, id, list[place].stem, path, sizeof path, NULL));
        assert_int_equal(access(path, R_OK), 0);
        assert_true(list[place].bytes > 44426 * 3 * sizeof(float));
    }
    free(list);
}

static void checkpoints_but_the_last_and_the_best_are_thinned(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    int64_t id = add_run(store);
    checkpoint(store, id, 100, true);
    checkpoint(store, id, 200, true);
    for (uint64_t step = 300; step <= 600; step += 100)
        checkpoint(store, id, step, false);
    assert_true(checkpoints_thin(store, id, 1, NULL));
    expect_checkpoints(store, id, (uint64_t[]){200, 500, 600}, 3);
    assert_true(checkpoints_thin(store, id, 0, NULL));
    expect_checkpoints(store, id, (uint64_t[]){200, 600}, 2);
    checkpoint(store, id, 600, false); /* again, under the other name */
    expect_checkpoints(store, id, (uint64_t[]){200, 600}, 2);
    checkpoint(store, id, 600, false);
    expect_checkpoints(store, id, (uint64_t[]){200, 600}, 2);
    store_close(store);
}

/* Expects what people read of the run's events. */
static void expect_events(struct store *store, int64_t id, const struct run_event *expected,
                          size_t expected_count)
{
    struct run_event *list, event;
    size_t count, found = 0;
    assert_true(store_list_events(store, id, &list, &count, NULL));
    for (size_t place = 0; place < count; found++) {
        place += run_events_sum_up(&list[place], count - place, &event);
        assert_true(found < expected_count);
        assert_int_equal(event.step, expected[found].step);
        assert_string_equal(event.kind, expected[found].kind);
        assert_string_equal(event.detail, expected[found].detail);
    }
    assert_int_equal(found, expected_count);
    free(list);
}

static void events_of_checkpoints_stay_and_are_summed_up(void **state)
{
    struct run_event paused = {.at = 5, .step = 300, .kind = "paused"};
    struct store *store = staged_store(*state, STORE_WRITE);
    int64_t id = add_run(store);
    for (uint64_t step = 100; step <= 300; step += 100)
        checkpoint(store, id, step, step == 200);
    assert_true(checkpoints_thin(store, id, 0, NULL));
    assert_true(store_add_event(store, id, &paused, NULL));
    checkpoint(store, id, 400, true);
    const struct run_event expected[] = {
        {.step = 300, .kind = RUN_EVENT_SAVED, .detail = "3 checkpoints since step 100"},
        {.step = 300, .kind = "paused"},
        {.step = 400, .kind = RUN_EVENT_SAVED, .detail = "best"},
    };
    expect_events(store, id, expected, sizeof expected / sizeof *expected);
    store_close(store);
}

static void damage(struct store *store, int64_t id, uint64_t step)
{
    struct run_checkpoint *list;
    size_t count;
    char path[PATH_SIZE];
    assert_true(store_list_checkpoints(store, id, &list, &count, NULL));
    for (size_t place = 0; place < count; place++)
        if (list[place].step == step) {
            assert_true(
                store_checkpoint_path(store, id, list[place].stem, path, sizeof path, NULL));
            assert_int_equal(truncate(path, 1000), 0);
        }
    free(list);
}

static void the_past_ends_with_the_last_checkpoint_that_can_be_read(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct history_counts all = {.steps = 800, .epochs = 8}, none = {0};
    struct history *history = staged_history(all);
    const struct evaluation *early = staged_evaluation(EVALUATION_VALIDATION, 200, IMAGES);
    const struct evaluation *late = staged_evaluation(EVALUATION_VALIDATION, 700, IMAGES);
    struct learner_past past;
    struct error warning = {0}, err = {0};
    int64_t id = add_run(store);
    assert_false(store_read_past(store, id, &past, &warning, &err));
    assert_string_equal(err.message, "run 1 has no checkpoint to go on from");
    write_curves(store, id, history, none, all);
    write_evaluation(store, id, early, true);
    write_evaluation(store, id, late, true);
    checkpoint(store, id, 400, false);
    checkpoint(store, id, 750, false);
    assert_true(store_read_past(store, id, &past, &warning, NULL));
    assert_int_equal(warning.code, ERROR_NONE);
    assert_int_equal(past.checkpoint->place.step, 750);
    assert_int_equal(past.step_points, 750);
    assert_int_equal(past.epoch_points, 7);
    assert_int_equal(past.archive->count, 2);
    learner_past_release(&past);

    damage(store, id, 750);
    assert_true(store_read_past(store, id, &past, &warning, NULL));
    assert_non_null(strstr(warning.message, "run 1 goes on from step 400, for "));
    struct checkpoint *wanted = staged_checkpoint(400);
    assert_same_checkpoint(past.checkpoint, wanted);
    assert_int_equal(past.step_points, 400);
    assert_int_equal(past.epoch_points, 4);
    assert_same_history(past.history, history, (struct history_counts){400, 4, 0});
    assert_int_equal(past.archive->count, 1);
    assert_same_evaluation(past.archive->evaluations[0], early);
    assert_null(past.test);
    learner_past_release(&past);

    damage(store, id, 400);
    assert_false(store_read_past(store, id, &past, &warning, &err));
    assert_non_null(strstr(err.message, "run 1 has no checkpoint that can be read: "));
    checkpoint_release(wanted);
    evaluation_release(early);
    evaluation_release(late);
    history_release(history);
    store_close(store);
}

static void an_evaluation_after_the_checkpoint_of_its_step_is_forgotten(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct history_counts all = {.steps = 200, .epochs = 2}, none = {0};
    struct history *history = staged_history(all);
    const struct evaluation *first = staged_evaluation(EVALUATION_VALIDATION, 100, IMAGES);
    const struct evaluation *second = staged_evaluation(EVALUATION_VALIDATION, 200, IMAGES);
    struct checkpoint *whole = staged_checkpoint(200);
    struct checkpoint_mark mark = {.epoch_points = 1, .test_step = -1}; /* the second is to come */
    struct learner_past past;
    int64_t id = add_run(store);
    write_curves(store, id, history, none, all);
    write_evaluation(store, id, first, true);
    write_evaluation(store, id, second, true);
    assert_true(checkpoint_store(store, id, whole, &mark, NULL));
    assert_true(store_read_past(store, id, &past, NULL, NULL));
    assert_int_equal(past.epoch_points, 1);
    assert_int_equal(past.archive->count, 1);
    learner_past_release(&past);
    assert_true(store_begin(store, NULL));
    assert_true(run_forget_after(&store->database, id, 200, NULL));
    assert_true(database_commit(&store->database, NULL));
    assert_false(has_answers(store, id, 200));
    checkpoint_release(whole);
    evaluation_release(first);
    evaluation_release(second);
    history_release(history);
    store_close(store);
}

static void a_removed_run_is_gone_with_its_files(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct error err = {0};
    struct run_row row;
    char folder[PATH_SIZE];
    int64_t id = add_run(store);
    checkpoint(store, id, 100, false);
    assert_true(store_checkpoint_directory(store, id, folder, sizeof folder, NULL));
    int lock = run_lock_take(store_directory(store), id, NULL);
    assert_true(lock >= 0);
    assert_false(store_remove_run(store, id, &err));
    assert_string_equal(err.message, "run 1 is in use by another program");
    run_lock_release(lock);
    assert_true(store_remove_run(store, id, NULL));
    assert_int_equal(access(folder, F_OK), -1);
    assert_false(store_read_run(store, id, &row, NULL));
    assert_int_equal(add_run(store), 2); /* numbers are not used again */
    store_close(store);
}

/* Says in the store that the run goes on. */
static void set_running(struct store *store, int64_t id)
{
    struct run_row row = staged_row();
    row.id = id;
    row.state = RUN_STATE_RUNNING;
    assert_true(store_begin(store, NULL));
    assert_true(run_update(&store->database, &row, NULL));
    assert_true(database_commit(&store->database, NULL));
}

static void a_run_whose_program_died_is_interrupted(void **state)
{
    struct store *store = staged_store(*state, STORE_WRITE);
    struct run_command command = {.kind = RUN_LEARNING_RATE, .learning_rate = 0.5}, taken;
    struct error err = {0};
    int64_t id = add_run(store);
    set_running(store, id);
    int lock = run_lock_take(*state, id, NULL);
    assert_int_equal(find(store, NULL).state, RUN_STATE_RUNNING);
    assert_true(find(store, NULL).live);
    assert_false(command_take(store, id, &taken));
    assert_true(store_send_command(store, id, &command, NULL));
    assert_true(command_take(store, id, &taken));
    assert_int_equal(taken.kind, RUN_LEARNING_RATE);
    assert_true(taken.learning_rate == 0.5);
    assert_false(command_take(store, id, &taken));
    run_lock_release(lock);
    assert_int_equal(find(store, NULL).state, RUN_STATE_INTERRUPTED);
    assert_false(find(store, NULL).live);
    assert_false(store_send_command(store, id, &command, &err));
    assert_string_equal(err.message, "run 1 is interrupted: nobody would obey");
    store_close(store);
}

int main(void)
{
#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, staged_folder_setup, staged_folder_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_run_is_read_as_it_was_written),
        TEST(a_run_is_found_by_number_name_and_age),
        TEST(names_that_could_be_confused_are_refused),
        TEST(curves_come_back_bit_for_bit_piece_by_piece),
        TEST(curves_end_with_a_step),
        TEST(evaluations_come_back_bit_for_bit),
        TEST(figures_are_read_before_answers),
        TEST(figures_of_evaluations_are_listed),
        TEST(answers_are_thinned_as_the_archive_is),
        TEST(an_anatomy_comes_back),
        TEST(events_are_listed),
        TEST(others_changes_are_seen),
        TEST(checkpoints_but_the_last_and_the_best_are_thinned),
        TEST(events_of_checkpoints_stay_and_are_summed_up),
        TEST(the_past_ends_with_the_last_checkpoint_that_can_be_read),
        TEST(an_evaluation_after_the_checkpoint_of_its_step_is_forgotten),
        TEST(a_removed_run_is_gone_with_its_files),
        TEST(a_run_whose_program_died_is_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
