// SPDX-License-Identifier: MIT
/* What a run's snapshots tell of its network, and that looking changes nothing. The state is the
 * data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "excerpt.h"
#include "watch.h"

enum { STEPS = 5, LENET_TANH = 1, LENET_SECOND_CONV = 3, IMAGE = 17, IDLE_IMAGES = 64 };

static const double RATE = 0.001;

/* A run of LeNet-5 that is paused after a few steps. */
static struct trainer *start_paused(const char *directory)
{
    struct error err = {0};
    struct trainer_settings settings = excerpt_settings("lenet", directory);
    settings.epochs = 1000;
    struct trainer *trainer = trainer_create(&settings, &err);
    assert_non_null(trainer);
    snapshot_release(watch_for_step(trainer, STEPS));
    trainer_pause(trainer);
    watch_until(trainer, TRAINER_PAUSED);
    return trainer;
}

static struct observation layer_wish(size_t layer)
{
    return (struct observation){.watched = true,
                                .opened = true,
                                .layer = layer,
                                .part = EVALUATION_VALIDATION,
                                .image = IMAGE};
}

static bool is_counted(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    const struct learner_snapshot *learner = watch_active(snapshot);
    return learner->anatomy->idle_images > 0 && learner->anatomy->idle_step == learner->step;
}

static bool is_studied(const struct snapshot *snapshot, const void *wish)
{
    const struct learner_snapshot *learner = watch_active(snapshot);
    return learner->study && observation_equal(&learner->study->subject, wish) &&
           learner->study->step == learner->step;
}

static bool is_not_studied(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return !watch_active(snapshot)->study;
}

static void a_single_step_is_measured(void **state)
{
    struct trainer *trainer = start_paused(*state);
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    uint64_t next = watch_active(snapshot)->step + 1;
    assert_int_equal(watch_active(snapshot)->anatomy->layer_count, 11);
    snapshot_release(snapshot);
    trainer_step(trainer);
    snapshot_release(watch_for_step(trainer, next));
    snapshot = watch_for_state(trainer, TRAINER_PAUSED);
    const struct anatomy *anatomy = watch_active(snapshot)->anatomy;
    const struct anatomy_norms *norms = &anatomy->layers[LENET_SECOND_CONV].norms;
    assert_int_equal(anatomy->norms_step, next);
    assert_true(norms->weights > 0 && norms->gradients > 0 && norms->updates > 0);
    assert_true(norms->updates < norms->weights);
    assert_true(anatomy->step_seconds > 0);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void idle_units_are_counted_when_somebody_watches(void **state)
{
    struct trainer *trainer = start_paused(*state);
    const struct observation wish = {.watched = true};
    const struct snapshot *snapshot = trainer_snapshot(trainer);
    assert_int_equal(watch_active(snapshot)->anatomy->idle_images, 0);
    snapshot_release(snapshot);
    assert_true(trainer_observe(trainer, &wish));
    snapshot = watch_for(trainer, is_counted, NULL);
    const struct anatomy *anatomy = watch_active(snapshot)->anatomy;
    assert_int_equal(anatomy->idle_images, IDLE_IMAGES);
    assert_true(anatomy->layers[LENET_TANH].idle >= 0 && anatomy->layers[LENET_TANH].idle < 1);
    uint64_t next = watch_active(snapshot)->step + 1;
    snapshot_release(snapshot);
    trainer_step(trainer); /* and again after each step that is the last one for a while */
    snapshot_release(watch_for_step(trainer, next));
    snapshot_release(watch_for(trainer, is_counted, NULL));
    trainer_destroy(trainer);
}

static void a_layer_is_studied_for_an_image_and_again_after_a_step(void **state)
{
    struct trainer *trainer = start_paused(*state);
    const struct observation wish = layer_wish(LENET_SECOND_CONV);
    assert_true(trainer_observe(trainer, &wish));
    const struct snapshot *snapshot = watch_for(trainer, is_studied, &wish);
    const struct study *study = watch_active(snapshot)->study;
    assert_int_equal(study->filters, 16);
    assert_int_equal(study->inputs, 6);
    assert_int_equal(study->kernel, 5);
    assert_int_equal(shape_size(study->maps), 16 * 8 * 8);
    assert_true(study->low < study->high);
    uint64_t next = study->step + 1;
    snapshot_release(snapshot);
    trainer_step(trainer);
    snapshot_release(watch_for_step(trainer, next));
    snapshot_release(watch_for(trainer, is_studied, &wish));
    const struct observation none = {0};
    assert_true(trainer_observe(trainer, &none));
    snapshot_release(watch_for(trainer, is_not_studied, NULL));
    trainer_destroy(trainer);
}

static void what_there_is_not_cannot_be_studied(void **state)
{
    struct trainer *trainer = start_paused(*state);
    struct observation wish = layer_wish(11);
    assert_true(trainer_observe(trainer, &wish));
    watch_answers(trainer, 2, RATE);
    snapshot_release(watch_for(trainer, is_not_studied, NULL));
    wish = layer_wish(0);
    wish.image = EXCERPT_TRAIN;
    assert_true(trainer_observe(trainer, &wish));
    watch_answers(trainer, 2, RATE);
    snapshot_release(watch_for(trainer, is_not_studied, NULL));
    trainer_destroy(trainer);
}

static bool is_alexnet(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return strcmp(watch_active(snapshot)->name, "alexnet") == 0 && watch_active(snapshot)->started;
}

static void a_switch_ends_looking_at_a_layer(void **state)
{
    struct trainer *trainer = start_paused(*state);
    const struct observation wish = layer_wish(0);
    assert_true(trainer_observe(trainer, &wish));
    snapshot_release(watch_for(trainer, is_studied, &wish));
    trainer_switch(trainer, network_spec_find("alexnet"));
    const struct snapshot *snapshot = watch_for(trainer, is_alexnet, NULL);
    assert_null(snapshot->learners[0].study);
    assert_null(snapshot->learners[1].study);
    assert_int_equal(snapshot->learners[1].anatomy->layer_count, 19);
    snapshot_release(snapshot);
    snapshot_release(watch_for(trainer, is_counted, NULL));
    trainer_destroy(trainer);
}

static bool has_forgotten(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return watch_active(snapshot)->step == 0;
}

static void a_restart_forgets(void **state)
{
    struct trainer *trainer = start_paused(*state);
    trainer_restart(trainer);
    const struct snapshot *snapshot = watch_for(trainer, has_forgotten, NULL);
    const struct anatomy *anatomy = watch_active(snapshot)->anatomy;
    assert_int_equal(anatomy->norms_step, 0);
    assert_int_equal(anatomy->trend_count, 0);
    assert_true(anatomy->layers[0].norms.weights == 0);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static const struct snapshot *run(const char *directory, const struct observation *wish)
{
    struct error err = {0};
    struct trainer_settings settings = excerpt_settings("lenet", directory);
    settings.epochs = 3;
    struct trainer *trainer = trainer_create(&settings, &err);
    assert_non_null(trainer);
    assert_true(trainer_observe(trainer, wish));
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FINISHED);
    trainer_destroy(trainer);
    return snapshot;
}

static void looking_changes_no_bit(void **state)
{
    const struct observation none = {0}, wish = layer_wish(0);
    const struct snapshot *plain = run(*state, &none), *watched = run(*state, &wish);
    const struct learner_snapshot *expected = watch_active(plain), *got = watch_active(watched);
    assert_int_equal(got->step_points, expected->step_points);
    assert_int_equal(expected->step_points, 3 * EXCERPT_EPOCH);
    for (size_t point = 0; point < expected->step_points; point++)
        assert_true(history_step(got->history, point)->loss ==
                    history_step(expected->history, point)->loss);
    assert_true(got->test->loss == expected->test->loss);
    assert_non_null(got->study);
    assert_null(expected->study);
    snapshot_release(watched);
    snapshot_release(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_step_is_measured),
        cmocka_unit_test(idle_units_are_counted_when_somebody_watches),
        cmocka_unit_test(a_layer_is_studied_for_an_image_and_again_after_a_step),
        cmocka_unit_test(what_there_is_not_cannot_be_studied),
        cmocka_unit_test(a_switch_ends_looking_at_a_layer),
        cmocka_unit_test(a_restart_forgets),
        cmocka_unit_test(looking_changes_no_bit),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
