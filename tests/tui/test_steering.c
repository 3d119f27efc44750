// SPDX-License-Identifier: MIT
/* Requests become the trainer's commands. A trainer of a few lines stands in for the real one: it
 * writes down what it is told, and nothing happens until the test says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tui/steering.h"

struct trainer {
    char log[256]; /* one word a command */
};

static void note(struct trainer *trainer, const char *word)
{
    size_t used = strlen(trainer->log);
    (void)snprintf(trainer->log + used, sizeof trainer->log - used, "%s%s", used ? " " : "", word);
}

void trainer_pause(struct trainer *trainer)
{
    note(trainer, "pause");
}

void trainer_resume(struct trainer *trainer)
{
    note(trainer, "resume");
}

void trainer_step(struct trainer *trainer)
{
    note(trainer, "step");
}

void trainer_evaluate(struct trainer *trainer)
{
    note(trainer, "evaluate");
}

void trainer_switch(struct trainer *trainer, const struct network_spec *model)
{
    note(trainer, network_spec_name(model));
}

void trainer_set_learning_rate(struct trainer *trainer, double learning_rate)
{
    char word[32];
    (void)snprintf(word, sizeof word, "%.6g", learning_rate);
    note(trainer, word);
}

static struct snapshot snapshot_in(enum trainer_state state)
{
    return (struct snapshot){
        .state = state,
        .learner_count = 1,
        .learners = {{.name = "lenet", .title = "LeNet-5", .started = true, .learning_rate = 1e-3}},
    };
}

static void pressing_pause_twice_before_it_shows_goes_on(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot training = snapshot_in(TRAINER_TRAINING);
    assert_true(steering_act(&steering, REQUEST_PAUSE, &training));
    assert_string_equal(steering.notice, "pausing ...");
    assert_true(steering_act(&steering, REQUEST_PAUSE, &training));
    assert_string_equal(trainer.log, "pause resume");
}

static void the_notice_goes_when_its_effect_shows(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot training = snapshot_in(TRAINER_TRAINING), paused = snapshot_in(TRAINER_PAUSED);
    (void)steering_act(&steering, REQUEST_PAUSE, &training);
    steering_update(&steering, &training);
    assert_string_equal(steering.notice, "pausing ...");
    steering_update(&steering, &paused);
    assert_string_equal(steering.notice, "");
    assert_false(steering_runs(&steering, &paused));
}

static void rates_asked_for_in_a_row_build_on_each_other(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    (void)steering_act(&steering, REQUEST_RATE_DOWN, &snapshot);
    assert_string_equal(trainer.log, "0.0015 0.00225 0.0015");
    snapshot.learners[0].learning_rate = 0.0015;
    steering_update(&steering, &snapshot);
    snapshot.learners[0].learning_rate = 0.1; /* changed by another hand */
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    assert_string_equal(trainer.log, "0.0015 0.00225 0.0015 0.15");
}

static void the_learning_rate_stays_within_bounds(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    snapshot.learners[0].learning_rate = 9;
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    assert_string_equal(steering.notice, "the learning rate stays at 9");
    assert_string_equal(trainer.log, "");
}

static void switching_goes_through_all_models_and_round(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    steering_update(&steering, &snapshot);
    (void)steering_act(&steering, REQUEST_SWITCH_MODEL, &snapshot);
    (void)steering_act(&steering, REQUEST_SWITCH_MODEL, &snapshot);
    assert_string_equal(trainer.log, "alexnet lenet");
}

static void nothing_is_sent_before_the_network_is_there(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot loading = {.state = TRAINER_LOADING};
    steering_update(&steering, &loading);
    (void)steering_act(&steering, REQUEST_SWITCH_MODEL, &loading);
    (void)steering_act(&steering, REQUEST_RATE_UP, &loading);
    assert_string_equal(trainer.log, "");
    assert_string_equal(steering.notice, "not loaded yet");
}

static void a_finished_run_says_what_can_be_done(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot finished = snapshot_in(TRAINER_FINISHED);
    (void)steering_act(&steering, REQUEST_PAUSE, &finished);
    assert_string_equal(trainer.log, "");
    assert_non_null(strstr(steering.notice, "all epochs are done"));
}

static void only_a_run_with_steps_and_epochs_left_is_unfinished(void **state)
{
    (void)state;
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    assert_false(steering_unfinished(&snapshot));
    snapshot.learners[0].step = 1;
    assert_true(steering_unfinished(&snapshot));
    snapshot.learners[0].finished = true;
    assert_false(steering_unfinished(&snapshot));
    snapshot.learners[0].finished = false;
    snapshot.state = TRAINER_FAILED;
    assert_false(steering_unfinished(&snapshot));
}

static void moving_is_not_the_trainers_business(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.trainer = &trainer};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    assert_false(steering_act(&steering, REQUEST_LEFT, &snapshot));
    assert_string_equal(trainer.log, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pressing_pause_twice_before_it_shows_goes_on),
        cmocka_unit_test(the_notice_goes_when_its_effect_shows),
        cmocka_unit_test(rates_asked_for_in_a_row_build_on_each_other),
        cmocka_unit_test(the_learning_rate_stays_within_bounds),
        cmocka_unit_test(switching_goes_through_all_models_and_round),
        cmocka_unit_test(nothing_is_sent_before_the_network_is_there),
        cmocka_unit_test(a_finished_run_says_what_can_be_done),
        cmocka_unit_test(only_a_run_with_steps_and_epochs_left_is_unfinished),
        cmocka_unit_test(moving_is_not_the_trainers_business),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
