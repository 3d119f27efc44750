// SPDX-License-Identifier: MIT
/* A loss that becomes NaN or infinite pauses the run with a message, and the run can be saved: for
 * each network on each instruction set. The state is the data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "excerpt.h"
#include "watch.h"

/* So large that the weights after one step make infinities of sums. */
static const double RUINOUS_RATE = 1e38, RATE = 0.001;

enum { BATCH = 4 };

static struct trainer *start(const char *directory, const char *model, enum isa isa)
{
    struct error err = {0};
    struct trainer_settings settings = excerpt_settings(model, directory);
    settings.isa = isa;
    settings.batch = BATCH;
    settings.learning_rate = RUINOUS_RATE;
    struct trainer *trainer = trainer_create(&settings, &err);
    if (!trainer)
        fail_msg("%s", err.message);
    return trainer;
}

static bool diverged(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->state == TRAINER_PAUSED && snapshot->failure.code == ERROR_NUMBERS;
}

static bool quiet(const struct snapshot *snapshot, const void *context)
{
    (void)context;
    return snapshot->state == TRAINER_PAUSED && snapshot->failure.code == ERROR_NONE;
}

/* Waits for the pause; the number of steps that were made before it. */
static uint64_t watch_divergence(struct trainer *trainer, const char *title)
{
    char expected[ERROR_MESSAGE_SIZE];
    const struct snapshot *snapshot = watch_for(trainer, diverged, NULL);
    const struct learner_snapshot *learner = watch_active(snapshot);
    uint64_t step = learner->step;
    assert_int_equal(learner->step_points, step);
    (void)snprintf(expected, sizeof expected, "%s: the loss became ", title);
    assert_int_equal(strncmp(snapshot->failure.message, expected, strlen(expected)), 0);
    (void)snprintf(expected, sizeof expected, " at step %llu; a lower learning rate may help",
                   (unsigned long long)step + 1);
    assert_non_null(strstr(snapshot->failure.message, expected));
    snapshot_release(snapshot);
    return step;
}

static void check(const char *directory, const struct network_spec *spec, enum isa isa)
{
    const char *title = network_spec_title(spec);
    struct trainer *trainer = start(directory, network_spec_name(spec), isa);
    uint64_t step = watch_divergence(trainer, title);
    assert_true(step >= 1);
    trainer_set_learning_rate(trainer, RATE); /* takes the message away */
    snapshot_release(watch_for(trainer, quiet, NULL));
    trainer_resume(trainer); /* the weights are as they were, beyond help */
    assert_int_equal(watch_divergence(trainer, title), step);
    trainer_restart(trainer);
    trainer_set_learning_rate(trainer, RATE);
    trainer_resume(trainer);
    const struct snapshot *snapshot = watch_for_step(trainer, step + 2);
    assert_int_equal(snapshot->failure.code, ERROR_NONE);
    snapshot_release(snapshot);
    trainer_destroy(trainer);
}

static void a_loss_that_is_no_number_pauses_each_network_on_each_isa(void **state)
{
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa))
            continue;
        for (size_t network = 0; network < network_spec_count(); network++)
            check(*state, network_spec_at(network), (enum isa)isa);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loss_that_is_no_number_pauses_each_network_on_each_isa),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
