// SPDX-License-Identifier: MIT
/* Trainers that are ranks of one run: they do what the first is told, give the bits of one rank,
 * and go on from its checkpoints. The state is the data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../comm/crew.h"
#include "excerpt.h"
#include "watch.h"

enum { FIRST_STOP = 4, STEPS_AFTER = EXCERPT_EPOCH / 2 }; /* the second stop: of the last epoch */

static const double RATE = 0.003;

/* Part of a run: what it begins with and leaves. */
struct part {
    const char *model, *directory;
    const struct checkpoint *start; /* NULL: at the beginning */
    size_t epochs;                  /* of the run */
    bool whole;                     /* to the end of the run, else to the second stop */
    const struct checkpoint *saved; /* the newest one; with a reference */
    unsigned saves;
};

static void ignore_snapshot(void *self, const struct snapshot *snapshot)
{
    (void)self;
    (void)snapshot;
}

static void ignore_evaluation(void *self, size_t model, unsigned life,
                              const struct evaluation *evaluation)
{
    (void)self;
    (void)model;
    (void)life;
    (void)evaluation;
}

/* On the first rank's thread, which has ended when others look. */
static void keep_checkpoint(void *self, size_t model, unsigned life,
                            const struct checkpoint *checkpoint)
{
    struct part *part = self;
    (void)model;
    (void)life;
    checkpoint_release(part->saved);
    part->saved = checkpoint_share(checkpoint);
    part->saves++;
}

static bool always_ready(void *self, struct error *why)
{
    (void)self;
    (void)why;
    return true;
}

static struct learner_record describe_none(void *self, size_t model, unsigned life)
{
    (void)self;
    (void)model;
    (void)life;
    return (struct learner_record){0};
}

static bool never_busy(void *self)
{
    (void)self;
    return false;
}

static const struct recorder_operations KEEPER = {
    .publish = ignore_snapshot,
    .evaluated = ignore_evaluation,
    .save = keep_checkpoint,
    .busy = never_busy,
    .ready = always_ready,
    .describe = describe_none,
};

static bool has_rate(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return fabs(watch_active(snapshot)->learning_rate - RATE) < 1e-9;
}

/* What a user does, on the first rank: stops twice, with another learning rate in between. */
static void steer(struct trainer *trainer, const struct part *part)
{
    uint64_t second_stop = part->epochs * EXCERPT_EPOCH - STEPS_AFTER;
    if (!part->start) {
        trainer_reach(trainer, FIRST_STOP);
        snapshot_release(watch_for_state(trainer, TRAINER_PAUSED));
        trainer_set_learning_rate(trainer, RATE);
        snapshot_release(watch_for(trainer, has_rate, NULL));
        trainer_evaluate(trainer);
        trainer_reach(trainer, second_stop);
        snapshot_release(watch_for_step(trainer, second_stop));
        snapshot_release(watch_for_state(trainer, TRAINER_PAUSED));
    }
    if (!part->whole)
        return;
    trainer_resume(trainer);
    snapshot_release(watch_for_state(trainer, TRAINER_FINISHED));
}

static void train(void *context, struct comm *comm)
{
    struct part *part = context;
    struct error err = {0};
    bool first = comm_rank(comm) == 0;
    struct trainer_settings settings = excerpt_settings(part->model, part->directory);
    settings.epochs = part->epochs;
    settings.threads = comm_rank(comm) % 2 + 1;
    settings.comm = comm;
    if (first) {
        settings.recorder = (struct recorder){&KEEPER, part};
        settings.past[network_spec_number(settings.model)].checkpoint =
            checkpoint_share(part->start);
    }
    struct trainer *trainer = trainer_create(&settings, &err);
    assert_non_null(trainer);
    if (first)
        steer(trainer, part);
    trainer_destroy(trainer); /* the others end with the first */
}

static void check_same(const struct checkpoint *one, const struct checkpoint *other)
{
    assert_int_equal(one->place.step, other->place.step);
    assert_int_equal(one->place.epochs_done, other->place.epochs_done);
    assert_memory_equal(&one->place.loss_average, &other->place.loss_average,
                        sizeof one->place.loss_average);
    assert_memory_equal(&one->place.best_accuracy, &other->place.best_accuracy,
                        sizeof one->place.best_accuracy);
    for (size_t index = 0; index < one->parameter_count; index++) {
        const struct checkpoint_parameter *a = &one->parameters[index];
        const struct checkpoint_parameter *b = &other->parameters[index];
        size_t size = a->count * sizeof *a->value;
        assert_memory_equal(a->value, b->value, size);
        assert_memory_equal(a->first_moment, b->first_moment, size);
        assert_memory_equal(a->second_moment, b->second_moment, size);
    }
}

/* A run in two parts, of `ranks` and `later` ranks, against one of a single rank. */
static void check_run(const char *model, const char *directory, size_t epochs, unsigned ranks,
                      unsigned later)
{
    struct part alone = {.model = model, .directory = directory, .epochs = epochs, .whole = true};
    struct part begun = {.model = model, .directory = directory, .epochs = epochs};
    crew_run(1, train, &alone);
    crew_run(ranks, train, &begun);
    assert_non_null(begun.saved);
    struct part ended = {.model = model,
                         .directory = directory,
                         .start = begun.saved,
                         .epochs = epochs,
                         .whole = true};
    crew_run(later, train, &ended);
    assert_int_equal(alone.saved->place.step, epochs * EXCERPT_EPOCH);
    check_same(alone.saved, ended.saved);
    checkpoint_release(alone.saved);
    checkpoint_release(begun.saved);
    checkpoint_release(ended.saved);
}

static void lenet_saved_by_four_ranks_goes_on_with_one_or_two(void **state)
{
    check_run("lenet", *state, 2, 4, 1);
    check_run("lenet", *state, 2, 4, 2);
}

static void alexnet_saved_by_three_ranks_goes_on_with_two(void **state)
{
    check_run("alexnet", *state, 1, 3, 2);
}

/* A rank whose settings differ; all are told. */
static void differ(void *context, struct comm *comm)
{
    struct error err = {0};
    struct trainer_settings settings = excerpt_settings("lenet", context);
    settings.comm = comm;
    settings.seed += comm_rank(comm) == 1;
    struct trainer *trainer = trainer_create(&settings, &err);
    assert_non_null(trainer);
    const struct snapshot *snapshot = watch_for_state(trainer, TRAINER_FAILED);
    assert_int_equal(snapshot->failure.code, ERROR_USAGE);
    assert_string_equal(snapshot->failure.message,
                        "rank 1 on host0 has --seed 2, rank 0 on host0 has 1: all ranks need the "
                        "same");
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void ranks_with_other_settings_are_refused_by_name(void **state)
{
    crew_run(3, differ, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lenet_saved_by_four_ranks_goes_on_with_one_or_two),
        cmocka_unit_test(alexnet_saved_by_three_ranks_goes_on_with_two),
        cmocka_unit_test(ranks_with_other_settings_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
