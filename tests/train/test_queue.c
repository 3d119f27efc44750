// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "fmnist/train/queue.h"

static bool put(struct queue *queue, enum run_command_kind kind, size_t model)
{
    return queue_put(queue, (struct run_command){.kind = kind, .model = model});
}

static bool put_rate(struct queue *queue, double rate)
{
    return queue_put(queue, (struct run_command){.kind = RUN_LEARNING_RATE, .learning_rate = rate});
}

static struct run_command take(struct queue *queue)
{
    struct run_command command = {.kind = RUN_STOP};
    assert_true(queue_take(queue, &command));
    return command;
}

static int open_queue(void **state)
{
    *state = queue_create(NULL);
    return *state ? 0 : -1;
}

static int close_queue(void **state)
{
    queue_destroy(*state);
    return 0;
}

static void commands_come_out_in_the_order_they_went_in(void **state)
{
    struct queue *queue = *state;
    struct run_command command;
    for (size_t round = 0; round < 3 * QUEUE_SIZE; round++) { /* around the ring */
        assert_true(put(queue, RUN_SWITCH, round));
        assert_true(put(queue, RUN_PAUSE, round));
        assert_true(put_rate(queue, (double)round));
        assert_int_equal(take(queue).model, round);
        assert_int_equal(take(queue).kind, RUN_PAUSE);
        assert_true(take(queue).learning_rate == (double)round);
    }
    assert_false(queue_take(queue, &command));
}

static void a_full_queue_takes_nothing_but_stop(void **state)
{
    struct queue *queue = *state;
    for (size_t number = 0; number < QUEUE_SIZE; number++)
        assert_true(put(queue, RUN_SWITCH, number));
    assert_false(put(queue, RUN_PAUSE, 0));
    assert_false(put_rate(queue, 1));
    assert_true(put(queue, RUN_STOP, 0));
    assert_false(put(queue, RUN_STOP, 0));
    for (size_t number = 0; number < QUEUE_SIZE; number++)
        assert_int_equal(take(queue).model, number);
    assert_int_equal(take(queue).kind, RUN_STOP);
    assert_true(queue_empty(queue));
}

static void a_learning_rate_takes_the_place_of_one_right_before_it(void **state)
{
    struct queue *queue = *state;
    for (size_t number = 0; number < 2 * QUEUE_SIZE; number++)
        assert_true(put_rate(queue, (double)number));
    assert_true(put(queue, RUN_PAUSE, 0));
    assert_true(put_rate(queue, 0.5));
    assert_true(take(queue).learning_rate == 2 * QUEUE_SIZE - 1);
    assert_int_equal(take(queue).kind, RUN_PAUSE);
    assert_true(take(queue).learning_rate == 0.5);
    assert_true(queue_empty(queue));
}

static void only_other_commands_than_learning_rates_interrupt(void **state)
{
    struct queue *queue = *state;
    assert_true(queue_empty(queue));
    assert_true(put_rate(queue, 0.1));
    assert_false(queue_empty(queue));
    assert_false(queue_interrupts(queue));
    assert_true(put(queue, RUN_EVALUATE, 0));
    assert_true(queue_interrupts(queue));
    (void)take(queue);
    assert_true(queue_interrupts(queue));
    (void)take(queue);
    assert_false(queue_interrupts(queue));
    assert_true(queue_empty(queue));
}

static void a_learning_rate_is_taken_alone_only_from_the_front(void **state)
{
    struct queue *queue = *state;
    double rate = 0;
    assert_false(queue_take_rate(queue, &rate));
    assert_true(put_rate(queue, 0.25));
    assert_true(put(queue, RUN_RESTART, 0));
    assert_true(put_rate(queue, 0.5));
    assert_true(queue_take_rate(queue, &rate));
    assert_true(rate == 0.25);
    assert_false(queue_take_rate(queue, &rate)); /* never past another command */
    assert_int_equal(take(queue).kind, RUN_RESTART);
    assert_false(queue_interrupts(queue));
    assert_true(queue_take_rate(queue, &rate));
    assert_true(rate == 0.5);
    assert_true(queue_empty(queue));
}

static void *fill(void *argument)
{
    for (size_t number = 0; number < QUEUE_SIZE; number++)
        if (!put(argument, RUN_SWITCH, number))
            return argument;
    return NULL;
}

static void commands_from_another_thread_keep_their_order(void **state)
{
    struct queue *queue = *state;
    void *failed = NULL;
    (void)alarm(60); /* ends the test where queue_wait() misses a command */
    for (size_t round = 0; round < 20; round++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, fill, queue), 0);
        for (size_t number = 0; number < QUEUE_SIZE; number++) {
            queue_wait(queue);
            assert_int_equal(take(queue).model, number);
        }
        assert_int_equal(pthread_join(thread, &failed), 0);
        assert_null(failed);
        assert_true(queue_empty(queue));
    }
    (void)alarm(0);
}

static void a_wait_with_an_end_ends_without_a_command(void **state)
{
    (void)state;
    struct queue *queue = queue_create(NULL);
    assert_non_null(queue);
    double start = clock_seconds();
    queue_wait_for(queue, 0.02);
    assert_true(clock_seconds() - start >= 0.02);
    assert_true(queue_put(queue, (struct run_command){.kind = RUN_PAUSE}));
    queue_wait_for(queue, 1e6); /* at once */
    assert_false(queue_empty(queue));
    queue_destroy(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(commands_come_out_in_the_order_they_went_in, open_queue,
                                        close_queue),
        cmocka_unit_test_setup_teardown(a_full_queue_takes_nothing_but_stop, open_queue,
                                        close_queue),
        cmocka_unit_test_setup_teardown(a_learning_rate_takes_the_place_of_one_right_before_it,
                                        open_queue, close_queue),
        cmocka_unit_test_setup_teardown(only_other_commands_than_learning_rates_interrupt,
                                        open_queue, close_queue),
        cmocka_unit_test_setup_teardown(a_learning_rate_is_taken_alone_only_from_the_front,
                                        open_queue, close_queue),
        cmocka_unit_test_setup_teardown(commands_from_another_thread_keep_their_order, open_queue,
                                        close_queue),
        cmocka_unit_test(a_wait_with_an_end_ends_without_a_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
