// SPDX-License-Identifier: MIT
#include "stored.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store_evaluations.h"
#include "store/store_parts.h"
#include "store/store_runs.h"

enum { PATH_SIZE = 256, DESCRIPTORS = 8, STEPS_PER_EPOCH = 540, VALIDATION = 6000, TEST = 10000 };

static const double FIRST_START = 1764107100, HOUR = 3600; /* 2025-11-25 21:45 */

struct stored *stored_create(void)
{
    const char *temporary = getenv("TMPDIR");
    char path[PATH_SIZE];
    struct stored *stored = calloc(1, sizeof *stored);
    assert_non_null(stored);
    (void)snprintf(path, sizeof path, "%s/fmnist-runs-XXXXXX", temporary ? temporary : "/tmp");
    stored->folder = mkdtemp(path) ? strdup(path) : NULL;
    assert_non_null(stored->folder);
    stored->store = store_open(stored->folder, STORE_WRITE, NULL);
    assert_non_null(stored->store);
    assert_int_equal(setenv("TZ", "UTC", 1), 0);
    return stored;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void stored_destroy(struct stored *stored)
{
    store_close(stored->store);
    assert_int_equal(nftw(stored->folder, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS), 0);
    free(stored->folder);
    free(stored);
}

struct stored *stored_again(const struct stored *stored)
{
    struct stored *again = calloc(1, sizeof *again);
    assert_non_null(again);
    again->store = store_open(stored->folder, STORE_WRITE, NULL);
    assert_non_null(again->store);
    return again;
}

void stored_close(struct stored *stored)
{
    store_close(stored->store);
    free(stored);
}

bool stored_has(struct stored *stored, int64_t id)
{
    struct run_row run;
    return store_read_run(stored->store, id, &run, NULL);
}

static double accuracy_after(const struct stored_run *run, size_t epoch)
{
    double wave = 0.004 * sin((double)(3 * epoch + run->seed));
    return run->reach - (run->reach - 0.6) * exp(-(double)epoch / 3) + wave;
}

static struct run_row make_row(const struct stored_run *run, int64_t number)
{
    struct run_row row = {
        .state = run->state,
        .started_at = FIRST_START + HOUR * (double)number,
        .host = "nemo",
        .program = "0.1.0",
        .isa = "avx2",
        .blas_core = "Haswell",
        .threads = 2,
        .epochs = run->epochs,
        .batch = 100,
        .initial_learning_rate = run->learning_rate,
        .learning_rate = run->learning_rate,
        .seed = run->seed,
        .weight_count = 44426,
        .steps_per_epoch = STEPS_PER_EPOCH,
        .data_name = "Fashion-MNIST",
        .data_source = "/usr/share/datasets/fashion-mnist",
        .data_sha256 = "0123",
        .train_count = 54000,
        .validation_count = VALIDATION,
        .test_count = TEST,
        .step = run->made * STEPS_PER_EPOCH,
        .epochs_done = (double)run->made,
        .images_per_second = run->images_a_second,
        .eta_seconds = -1,
        .test_accuracy = -1,
    };
    row.seconds = (double)row.step * 100 / run->images_a_second;
    row.updated_at = row.ended_at = row.started_at + row.seconds;
    (void)snprintf(row.name, sizeof row.name, "%s", run->name);
    (void)snprintf(row.model, sizeof row.model, "%s", run->model);
    if (run->state == RUN_STATE_FINISHED)
        row.test_accuracy = run->reach - 0.006;
    for (size_t epoch = 1; epoch <= run->made; epoch++) {
        if (accuracy_after(run, epoch) <= row.best_accuracy)
            continue;
        row.best_accuracy = accuracy_after(run, epoch);
        row.best_epoch = epoch;
    }
    return row;
}

int64_t stored_add(struct stored *stored, const struct stored_run *run)
{
    struct database *database = &stored->store->database;
    struct run_row *runs, row;
    size_t count;
    assert_true(store_list_runs(stored->store, &runs, &count, NULL));
    free(runs);
    row = make_row(run, (int64_t)count);
    assert_true(database_begin(database, NULL));
    assert_true(run_insert(database, &row, NULL));
    assert_true(run_update(database, &row, NULL));
    for (size_t epoch = 1; epoch <= run->made; epoch++) {
        const struct evaluation evaluation = {
            .part = EVALUATION_VALIDATION,
            .step = epoch * STEPS_PER_EPOCH,
            .epoch = (double)epoch,
            .count = VALIDATION,
            .accuracy = accuracy_after(run, epoch),
            .loss = 1.9 * (1 - accuracy_after(run, epoch)) + 0.05,
        };
        assert_true(evaluation_write(database, row.id, &evaluation, false, NULL));
    }
    assert_true(database_commit(database, NULL));
    return row.id;
}

void stored_add_some(struct stored *stored)
{
    static const struct stored_run RUNS[] = {
        {"base", "lenet", RUN_STATE_FINISHED, 1e-3, 1, 15, 15, 0.889, 410000},
        {"", "alexnet", RUN_STATE_INTERRUPTED, 1e-3, 1, 15, 7, 0.912, 1440},
        {"slow and steady wins", "lenet", RUN_STATE_FINISHED, 3e-4, 1, 30, 30, 0.892, 405000},
        {"", "lenet", RUN_STATE_FAILED, 0.1, 2, 15, 1, 0.62, 398000},
        {"alex", "alexnet", RUN_STATE_STOPPED, 5e-4, 2, 15, 11, 0.917, 1390},
        {"", "lenet", RUN_STATE_STOPPED, 1e-3, 3, 15, 0, 0.8, 400000},
    };
    for (size_t index = 0; index < sizeof RUNS / sizeof *RUNS; index++)
        (void)stored_add(stored, &RUNS[index]);
}
