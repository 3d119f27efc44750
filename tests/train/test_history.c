// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "fmnist/train/history.h"

enum { POINTS = 20000 }; /* several blocks */

static struct step_point step_number(size_t index)
{
    return (struct step_point){
        .step = (uint32_t)index + 1,
        .loss = 2.5F / (float)(index + 1),
        .accuracy = (float)(index % 100) / 100,
        .learning_rate = 0.001F,
        .seconds = (float)index / 16,
    };
}

static bool same_step(const struct step_point *point, struct step_point expected)
{
    return point->step == expected.step && point->loss == expected.loss &&
           point->accuracy == expected.accuracy && point->learning_rate == expected.learning_rate &&
           point->seconds == expected.seconds;
}

static void add_step(struct history *history, size_t index)
{
    struct step_point point = step_number(index);
    assert_true(history_add_step(history, &point, NULL));
}

static void every_point_stays_as_it_was_added(void **state)
{
    (void)state;
    struct history *history = history_create(NULL);
    assert_non_null(history);
    for (size_t index = 0; index < POINTS; index++)
        add_step(history, index);
    for (size_t index = 0; index < POINTS; index++)
        assert_true(same_step(history_step(history, index), step_number(index)));
    history_release(history);
}

static void points_never_move(void **state)
{
    (void)state;
    static const size_t places[] = {0, 1, 1023, 1024, 3071, 3072, 7168};
    enum { PLACES = sizeof places / sizeof *places };
    const struct step_point *seen[PLACES];
    struct history *history = history_create(NULL);
    assert_non_null(history);
    for (size_t index = 0, place = 0; index < POINTS; index++) {
        add_step(history, index);
        if (place < PLACES && index == places[place])
            seen[place++] = history_step(history, index);
    }
    for (size_t place = 0; place < PLACES; place++)
        assert_ptr_equal(history_step(history, places[place]), seen[place]);
    history_release(history);
}

static void steps_and_epochs_are_counted_apart(void **state)
{
    (void)state;
    struct history *history = history_create(NULL);
    assert_non_null(history);
    for (size_t index = 0; index < 3000; index++) {
        add_step(history, index);
        struct epoch_point epoch = {.step = (uint32_t)index, .epoch = (float)index / 2};
        if (index % 2 == 0)
            assert_true(history_add_epoch(history, &epoch, NULL));
    }
    for (size_t index = 0; index < 1500; index++) {
        assert_int_equal(history_epoch(history, index)->step, 2 * index);
        assert_true(history_epoch(history, index)->epoch == (float)index);
    }
    assert_true(same_step(history_step(history, 2999), step_number(2999)));
    history_release(history);
}

static void events_are_kept_up_to_a_bound(void **state)
{
    (void)state;
    struct history *history = history_create(NULL);
    struct error err = {0};
    assert_non_null(history);
    for (uint32_t index = 0; index < HISTORY_EVENTS_MAX; index++) {
        struct event_point event = {.kind = EVENT_RATE, .step = index, .rate = (float)index};
        assert_true(history_add_event(history, &event, &err));
    }
    assert_false(history_add_event(history, &(struct event_point){.kind = EVENT_PAUSE}, &err));
    assert_int_equal(err.code, ERROR_NONE);
    for (uint32_t index = 0; index < HISTORY_EVENTS_MAX; index++) {
        assert_int_equal(history_event(history, index)->step, index);
        assert_true(history_event(history, index)->rate == (float)index);
    }
    history_release(history);
}

static void a_reference_keeps_the_points(void **state)
{
    (void)state;
    struct history *history = history_create(NULL);
    assert_non_null(history);
    add_step(history, 0);
    const struct history *shared = history_share(history);
    assert_ptr_equal(shared, history);
    history_release(history);
    assert_true(same_step(history_step(shared, 0), step_number(0)));
    history_release(shared);
    history_release(NULL);
}

/* What a writer and a reader share; the count goes from hand to hand as it does in a snapshot. */
struct hand_over {
    struct history *history;
    atomic_size_t count;
    size_t wrong; /* reader's */
};

static void *read_all(void *argument)
{
    struct hand_over *hand_over = argument;
    size_t checked = 0;
    while (checked < POINTS) {
        size_t count = atomic_load(&hand_over->count);
        for (; checked < count; checked++)
            hand_over->wrong +=
                !same_step(history_step(hand_over->history, checked), step_number(checked)) ||
                !same_step(history_step(hand_over->history, checked / 2), step_number(checked / 2));
    }
    return NULL;
}

static void another_thread_reads_while_points_are_added(void **state)
{
    (void)state;
    struct hand_over hand_over = {.history = history_create(NULL)};
    pthread_t reader;
    assert_non_null(hand_over.history);
    assert_int_equal(pthread_create(&reader, NULL, read_all, &hand_over), 0);
    for (size_t index = 0; index < POINTS; index++) {
        add_step(hand_over.history, index);
        atomic_store(&hand_over.count, index + 1);
    }
    assert_int_equal(pthread_join(reader, NULL), 0);
    assert_int_equal(hand_over.wrong, 0);
    history_release(hand_over.history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_stays_as_it_was_added),
        cmocka_unit_test(points_never_move),
        cmocka_unit_test(steps_and_epochs_are_counted_apart),
        cmocka_unit_test(events_are_kept_up_to_a_bound),
        cmocka_unit_test(a_reference_keeps_the_points),
        cmocka_unit_test(another_thread_reads_while_points_are_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
