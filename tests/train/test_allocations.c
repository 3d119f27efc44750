// SPDX-License-Identifier: MIT
/* Training steps allocate nothing, on any thread, once the first ones are made. The state is the
 * data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "allocations.h"
#include "excerpt.h"
#include "train/learner.h"

enum { BATCH = 17, WARM_UP = 1, STEPS = 2 };

static struct learner_base open_base(const struct trainer_settings *settings)
{
    struct error err = {0};
    struct learner_base base = {.settings = settings,
                                .pool = pool_create(settings->threads, &err),
                                .dataset =
                                    dataset_load(settings->data_directory, NULL, NULL, &err)};
    assert_true(base.pool && base.dataset);
    base.split = split_create(dataset_train(base.dataset)->count, settings->seed, &err);
    assert_non_null(base.split);
    return base;
}

static void close_base(struct learner_base *base)
{
    split_destroy((struct split *)(uintptr_t)base->split);
    dataset_destroy((struct dataset *)(uintptr_t)base->dataset);
    pool_destroy(base->pool);
}

static void advance(struct learner *learner, int steps)
{
    struct error err = {0};
    for (int step = 0; step < steps; step++)
        assert_int_equal(learner_advance(learner, &err), LEARNER_STEPPED);
}

static void check(const char *directory, const struct network_spec *spec, enum isa isa)
{
    struct error err = {0};
    struct trainer_settings settings = excerpt_settings(network_spec_name(spec), directory);
    settings.batch = BATCH;
    settings.isa = isa;
    struct learner_base base = open_base(&settings);
    struct learner *learner = learner_create(spec, &base, &err);
    assert_non_null(learner);
    advance(learner, WARM_UP);
    size_t before = allocations_count();
    advance(learner, STEPS);
    size_t made = allocations_count() - before;
    if (made > 0)
        fail_msg("%s on %s: %zu allocations in %d steps", network_spec_title(spec), isa_name(isa),
                 made, STEPS);
    learner_destroy(learner);
    close_base(&base);
}

static void steps_of_each_network_allocate_nothing_on_each_isa(void **state)
{
    if (!allocations_are_counted())
        skip();
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_supported((enum isa)isa))
            continue;
        for (size_t network = 0; network < network_spec_count(); network++)
            check(*state, network_spec_at(network), (enum isa)isa);
    }
}

static void allocate(void *blocks, size_t index, unsigned worker)
{
    (void)worker;
    ((void **)blocks)[index] = malloc(index + 1);
}

/* Without this the test above would pass where nothing is counted. */
static void allocations_of_all_threads_are_counted(void **state)
{
    (void)state;
    enum { BLOCKS = 100 };
    void *blocks[BLOCKS];
    struct error err = {0};
    if (!allocations_are_counted())
        skip();
    struct pool *pool = pool_create(2, &err);
    assert_non_null(pool);
    size_t before = allocations_count();
    pool_run_all(pool, BLOCKS, allocate, blocks);
    assert_int_equal(allocations_count() - before, BLOCKS);
    for (size_t block = 0; block < BLOCKS; block++)
        free(blocks[block]);
    pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_of_each_network_allocate_nothing_on_each_isa),
        cmocka_unit_test(allocations_of_all_threads_are_counted),
    };
    return cmocka_run_group_tests(tests, excerpt_setup, excerpt_teardown);
}
