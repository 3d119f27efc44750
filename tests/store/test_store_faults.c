// SPDX-License-Identifier: MIT
/* Allocations fail, ours and SQLite's: what is asked of a store is done, or refused with a message,
 * and the store is whole. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sqlite3.h>

#include "faults.h"
#include "staged_run.h"
#include "store/store_anatomy.h"
#include "store/store_checkpoints.h"
#include "store/store_curves.h"
#include "store/store_evaluations.h"
#include "store/store_parts.h"

enum { STEPS = 100, IMAGES = 50, FIRST = 10, STRIDE = 97, KEPT = 4 };

/* SQLite's allocator, and which of its calls is to fail. */
static struct {
    sqlite3_mem_methods methods;
    size_t number, count; /* number 0: none */
} memory;

static bool memory_fails(void)
{
    return ++memory.count == memory.number;
}

static void *failing_malloc(int size)
{
    return memory_fails() ? NULL : memory.methods.xMalloc(size);
}

static void *failing_realloc(void *block, int size)
{
    return memory_fails() ? NULL : memory.methods.xRealloc(block, size);
}

static int install(void **state)
{
    (void)state;
    sqlite3_mem_methods failing;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.methods) != SQLITE_OK)
        return -1;
    failing = memory.methods;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) == SQLITE_OK ? 0 : -1;
}

/* What is written, made before anything fails. */
struct material {
    struct history *history;
    struct history_counts counts;
    const struct evaluation *evaluation, *test;
    struct checkpoint *checkpoint;
    struct anatomy anatomy;
};

static bool write_rows(struct store *store, int64_t run, const struct material *material,
                       struct error *err)
{
    struct database *database = &store->database;
    const struct history_counts none = {0};
    if (!store_begin(store, err))
        return false;
    if (curves_write(database, run, material->history, none, material->counts, err) &&
        evaluation_write(database, run, material->evaluation, true, err) &&
        evaluation_write(database, run, material->test, true, err) &&
        evaluations_thin(database, run, NULL, err) &&
        anatomy_write(database, run, &material->anatomy, err))
        return database_commit(database, err);
    database_roll_back(database);
    return false;
}

static bool write_run(struct store *store, const struct material *material, struct error *err)
{
    struct run_row row = staged_row();
    return store_add_run(store, &row, err) && write_rows(store, row.id, material, err) &&
           store_add_checkpoint(store, row.id, material->checkpoint, err) &&
           checkpoints_thin(store, row.id, 0, err) && store_rename_run(store, row.id, "other", err);
}

static bool read_past(struct store *store, int64_t run, struct error *err)
{
    struct learner_past past;
    const struct anatomy *anatomy = NULL;
    bool good = store_read_past(store, run, &past, NULL, err) &&
                store_read_anatomy(store, run, &anatomy, err);
    anatomy_release(anatomy);
    learner_past_release(&past);
    return good;
}

/* Each list must be empty where it could not be read. */
static bool read_lists(struct store *store, int64_t run, struct error *err)
{
    struct run_row *rows = NULL;
    struct run_event *events = NULL;
    struct run_evaluation *evaluations = NULL;
    struct run_checkpoint *checkpoints = NULL;
    size_t count;
    bool good = store_list_runs(store, &rows, &count, err) &&
                store_list_events(store, run, &events, &count, err) &&
                store_list_evaluations(store, run, &evaluations, &count, err) &&
                store_list_checkpoints(store, run, &checkpoints, &count, err);
    free(rows);
    free(events);
    free(evaluations);
    free(checkpoints);
    return good;
}

static bool read_run(struct store *store, struct error *err)
{
    struct run_row row;
    return store_find_run(store, NULL, &row, err) && read_past(store, row.id, err) &&
           read_lists(store, row.id, err);
}

/* Opens a store, writes a run, reads it, deletes it. */
static bool live(const char *folder, const struct material *material, struct error *err)
{
    struct run_row row;
    struct store *store = store_open(folder, STORE_WRITE, err);
    bool good = store && write_run(store, material, err) && read_run(store, err) &&
                store_find_run(store, "other", &row, err) && store_remove_run(store, row.id, err);
    store_close(store);
    return good;
}

static void assert_whole(const char *folder)
{
    struct store *store = staged_store(folder, STORE_WRITE);
    int64_t good = 0;
    assert_true(database_ask(&store->database,
                             "SELECT integrity_check = 'ok' FROM pragma_integrity_check", &good,
                             NULL));
    assert_int_equal(good, 1);
    store_close(store);
}

static struct material make_material(void)
{
    struct material material = {.counts = {STEPS, 1, KEPT}};
    material.history = staged_history(material.counts);
    material.evaluation = staged_evaluation(EVALUATION_VALIDATION, STEPS, IMAGES);
    material.test = staged_evaluation(EVALUATION_TEST, STEPS, IMAGES);
    material.checkpoint = staged_checkpoint(STEPS);
    material.anatomy.layer_count = 1;
    material.anatomy.layers[0].kind = material.anatomy.layers[0].name = "conv";
    return material;
}

static void free_material(struct material *material)
{
    history_release(material->history);
    evaluation_release(material->evaluation);
    evaluation_release(material->test);
    checkpoint_release(material->checkpoint);
}

/* Lives with call `number` failing; whether all went well, which is so where there are fewer. */
static bool live_with(void (*arm)(size_t number), size_t number, const struct material *material)
{
    struct error err = {0};
    char *folder = staged_folder();
    arm(number);
    bool good = live(folder, material, &err);
    arm(0);
    if (!good && (err.code == ERROR_NONE || err.message[0] == '\0'))
        fail_msg("call %zu failed without a message", number);
    if (!good && err.code != ERROR_MEMORY)
        print_message("call %zu: %d: %s\n", number, (int)err.code, err.message);
    assert_whole(folder);
    staged_folder_remove(folder);
    return good;
}

static void arm_ours(size_t number)
{
    if (number > 0)
        faults_arm(FAULT_ALLOCATION, number, ENOMEM);
    else
        memory.count = faults_disarm();
}

static void arm_sqlites(size_t number)
{
    memory.number = number;
    if (number > 0)
        memory.count = 0;
}

/* Has calls fail one after the other: each of the first, then some, or all with $FMNIST_FAULTS. */
static void fail_each(void (*arm)(size_t number))
{
    size_t stride = getenv("FMNIST_FAULTS") ? 1 : STRIDE;
    struct material material = make_material();
    size_t number = 1, failed = 0;
    for (; memory.count = 0, !live_with(arm, number, &material) || memory.count >= number;
         number += number < FIRST ? 1 : stride)
        failed++;
    print_message("%zu of about %zu allocations failed\n", failed, number);
    assert_true(failed > FIRST);
    free_material(&material);
}

static void our_allocations_fail(void **state)
{
    (void)state;
    fail_each(arm_ours);
}

static void sqlites_allocations_fail(void **state)
{
    (void)state;
    fail_each(arm_sqlites);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_allocations_fail),
        cmocka_unit_test(sqlites_allocations_fail),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
