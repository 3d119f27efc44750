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

#include "tui/console.h"
#include "tui/steering.h"

struct trainer {
    char log[1024]; /* one word a command */
};

static void note(struct trainer *trainer, const char *word)
{
    size_t used = strlen(trainer->log);
    (void)snprintf(trainer->log + used, sizeof trainer->log - used, "%s%s", used ? " " : "", word);
}

static void note_number(struct trainer *trainer, const char *word, uint64_t number)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s-%llu", word, (unsigned long long)number);
    note(trainer, text);
}

static bool write_down(void *self, const struct run_command *command)
{
    static const char *const WORDS[] = {
        [RUN_PAUSE] = "pause",       [RUN_RESUME] = "resume",   [RUN_STEP] = "advance",
        [RUN_REACH] = "reach",       [RUN_EPOCHS] = "epochs",   [RUN_END_EPOCH] = "end-epoch",
        [RUN_EVALUATE] = "evaluate", [RUN_RESTART] = "restart", [RUN_SAVE] = "save",
    };
    char word[32];
    switch (command->kind) {
    case RUN_SWITCH:
        note(self, network_spec_name(network_spec_at(command->model)));
        break;
    case RUN_LEARNING_RATE:
        (void)snprintf(word, sizeof word, "%.6g", command->learning_rate);
        note(self, word);
        break;
    case RUN_STEP:
    case RUN_REACH:
    case RUN_EPOCHS:
        note_number(self, WORDS[command->kind], command->number);
        break;
    default:
        note(self, WORDS[command->kind]);
        break;
    }
    return true;
}

static struct session session_of(struct trainer *trainer)
{
    static const struct session_operations OPERATIONS = {.send = write_down};
    return (struct session){&OPERATIONS, trainer};
}

static struct snapshot snapshot_in(enum trainer_state state)
{
    return (struct snapshot){
        .state = state,
        .learner_count = 1,
        .learners = {{.name = "lenet",
                      .title = "LeNet-5",
                      .started = true,
                      .step = 1000,
                      .steps_per_epoch = 540,
                      .epoch = 2,
                      .epoch_step = 460,
                      .epochs = 15,
                      .learning_rate = 1e-3}},
    };
}

static void pressing_pause_twice_before_it_shows_goes_on(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.session = session_of(&trainer)};
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
    struct steering steering = {.session = session_of(&trainer)};
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
    struct steering steering = {.session = session_of(&trainer)};
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
    struct steering steering = {.session = session_of(&trainer)};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    snapshot.learners[0].learning_rate = 9;
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    assert_string_equal(steering.notice, "the learning rate stays at 9 (1e-08 to 10)");
    assert_string_equal(trainer.log, "");
}

static void switching_goes_through_all_models_and_round(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.session = session_of(&trainer)};
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
    struct steering steering = {.session = session_of(&trainer)};
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
    struct steering steering = {.session = session_of(&trainer)};
    struct snapshot finished = snapshot_in(TRAINER_FINISHED);
    (void)steering_act(&steering, REQUEST_PAUSE, &finished);
    assert_string_equal(trainer.log, "");
    assert_non_null(strstr(steering.notice, "all epochs are done"));
}

static void only_a_run_with_steps_and_epochs_left_is_unfinished(void **state)
{
    (void)state;
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    snapshot.learners[0].step = 0;
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
    struct steering steering = {.session = session_of(&trainer)};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    assert_false(steering_act(&steering, REQUEST_LEFT, &snapshot));
    assert_string_equal(trainer.log, "");
}

/* A steering that has seen a run at step 1000, in epoch 2 of 15. */
static struct steering steering_of(struct trainer *trainer, const struct snapshot *snapshot)
{
    struct steering steering = {.session = session_of(trainer)};
    steering_update(&steering, snapshot);
    return steering;
}

static void undoing_goes_back_through_all_changes(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    struct steering steering = steering_of(&trainer, &snapshot);
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    steering_set_rate(&steering, &snapshot, 5e-4);
    (void)steering_act(&steering, REQUEST_UNDO, &snapshot);
    (void)steering_act(&steering, REQUEST_UNDO, &snapshot);
    assert_string_equal(trainer.log, "0.0015 0.0005 0.0015 0.001");
    (void)steering_act(&steering, REQUEST_UNDO, &snapshot);
    assert_string_equal(trainer.log, "0.0015 0.0005 0.0015 0.001");
    assert_string_equal(steering.notice, "no change of the learning rate to take back");
}

static void many_changes_keep_the_newest_to_undo(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    struct steering steering = steering_of(&trainer, &snapshot);
    for (int change = 1; change <= STEERING_RATES_MAX + 5; change++)
        steering_set_rate(&steering, &snapshot, change * 1e-3);
    for (int change = STEERING_RATES_MAX + 4; change > 4; change--) {
        trainer.log[0] = '\0';
        (void)steering_act(&steering, REQUEST_UNDO, &snapshot);
        char expected[32];
        (void)snprintf(expected, sizeof expected, "%.6g", change * 1e-3);
        assert_string_equal(trainer.log, expected);
    }
}

static void a_restart_forgets_the_rates_before(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct snapshot snapshot = snapshot_in(TRAINER_TRAINING);
    struct steering steering = steering_of(&trainer, &snapshot);
    (void)steering_act(&steering, REQUEST_RATE_UP, &snapshot);
    steering_restart(&steering);
    (void)steering_act(&steering, REQUEST_UNDO, &snapshot);
    assert_string_equal(trainer.log, "0.0015 restart");
}

/* What a line typed after `:` sends, and the notice and the request it leaves. */
struct console_case {
    const char *line, *log, *notice;
    enum request request;
};

static void check_line(const struct console_case *expected, enum trainer_state state)
{
    struct trainer trainer = {""};
    struct snapshot snapshot = snapshot_in(state);
    struct steering steering = steering_of(&trainer, &snapshot);
    enum request request = console_run(expected->line, &steering, &snapshot);
    assert_string_equal(trainer.log, expected->log);
    assert_string_equal(steering.notice, expected->notice);
    assert_int_equal(request, expected->request);
}

static void each_command_sends_what_it_says(void **state)
{
    (void)state;
    static const struct console_case CASES[] = {
        {"lr 5e-4", "0.0005", "learning rate 0.0005, u takes it back", REQUEST_NONE},
        {"  :lr   0.01  ", "0.01", "learning rate 0.01, u takes it back", REQUEST_NONE},
        {"epochs 30", "epochs-30", "30 epochs in all", REQUEST_NONE},
        {"epo 2", "epochs-2", "2 epochs in all", REQUEST_NONE},
        {"run 50", "advance-50", "pauses after 50 steps more", REQUEST_NONE},
        {"goto 1234", "reach-1234", "pauses after step 1234", REQUEST_NONE},
        {"pause", "pause", "pausing ...", REQUEST_NONE},
        {"model alexnet", "alexnet", "switching to AlexNet ...", REQUEST_NONE},
        {"evaluate", "", "", REQUEST_EVALUATE},
        {"restart", "", "", REQUEST_RESTART},
        {"undo", "", "", REQUEST_UNDO},
        {"q", "", "", REQUEST_QUIT},
        {"help", "", "", REQUEST_HELP},
        {"", "", "", REQUEST_NONE},
        {"  ", "", "", REQUEST_NONE},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++)
        check_line(&CASES[index], TRAINER_TRAINING);
    check_line(&(struct console_case){"resume", "resume", "going on ...", REQUEST_NONE},
               TRAINER_PAUSED);
}

static void a_replay_is_moved_through_and_does_not_pause(void **state)
{
    (void)state;
    static const struct {
        const char *line, *log, *notice;
    } CASES[] = {
        {"goto 1234", "reach-1234", "as it was after step 1234"},
        {"goto 5", "reach-5", "as it was after step 5"}, /* behind */
        {"run 50", "advance-50", "50 steps on"},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++) {
        struct trainer trainer = {""};
        struct snapshot snapshot = snapshot_in(TRAINER_PAUSED);
        snapshot.origin = SNAPSHOT_REPLAYED;
        struct steering steering = steering_of(&trainer, &snapshot);
        assert_int_equal(console_run(CASES[index].line, &steering, &snapshot), REQUEST_NONE);
        assert_string_equal(trainer.log, CASES[index].log);
        assert_string_equal(steering.notice, CASES[index].notice);
    }
}

static void a_line_that_makes_no_sense_sends_nothing_and_says_why(void **state)
{
    (void)state;
    static const struct console_case CASES[] = {
        {"frobnicate 3", "", "no command ':frobnicate'; Tab shows them, :help too", REQUEST_NONE},
        {"e", "", "':e' may be: epochs evaluate", REQUEST_NONE},
        {"lr", "", ":lr needs more: :lr RATE", REQUEST_NONE},
        {"lr fast", "", "'fast' is no learning rate; try :lr 5e-4", REQUEST_NONE},
        {"lr 1e-3x", "", "'1e-3x' is no learning rate; try :lr 5e-4", REQUEST_NONE},
        {"lr -1", "", "the learning rate stays at 0.001 (1e-08 to 10)", REQUEST_NONE},
        {"lr nan", "", "the learning rate stays at 0.001 (1e-08 to 10)", REQUEST_NONE},
        {"lr inf", "", "the learning rate stays at 0.001 (1e-08 to 10)", REQUEST_NONE},
        {"epochs -1", "", "'-1' is no whole number; try :epochs 30", REQUEST_NONE},
        {"epochs 1", "", "LeNet-5 is in epoch 2: 2 to 100000 epochs are possible", REQUEST_NONE},
        {"epochs 99999999999999999999999", "",
         "'99999999999999999999999' is no whole number; try :epochs 30", REQUEST_NONE},
        {"run 0", "", "0 steps are none; try :run 50", REQUEST_NONE},
        {"run 5 6", "", "'5 6' is no whole number; try :run 50", REQUEST_NONE},
        {"goto 1000", "", "step 1000 is behind: it is at 1000 of 8100", REQUEST_NONE},
        {"goto 8101", "", "step 8101 is past the end: it is at 1000 of 8100", REQUEST_NONE},
        {"model vgg", "", "'vgg' is no model; try :model lenet", REQUEST_NONE},
        {"model lenet", "", "LeNet-5 is the one that trains", REQUEST_NONE},
        {"quit now", "", ":quit stands alone, without 'now'", REQUEST_NONE},
        {"resume", "", "it trains; :pause stops it", REQUEST_NONE},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++)
        check_line(&CASES[index], TRAINER_TRAINING);
    check_line(
        &(struct console_case){"pause", "", "it does not train; :resume goes on", REQUEST_NONE},
        TRAINER_PAUSED);
}

static void a_finished_run_can_only_be_made_longer(void **state)
{
    (void)state;
    static const struct console_case CASES[] = {
        {"run 5", "", "all epochs are done; :epochs 30 makes more", REQUEST_NONE},
        {"goto 2000", "", "all epochs are done; :epochs 30 makes more", REQUEST_NONE},
        {"epochs 30", "epochs-30", "30 epochs in all", REQUEST_NONE},
    };
    for (size_t index = 0; index < sizeof CASES / sizeof *CASES; index++)
        check_line(&CASES[index], TRAINER_FINISHED);
    struct trainer trainer = {""};
    struct snapshot finished = snapshot_in(TRAINER_FINISHED);
    struct steering steering = steering_of(&trainer, &finished);
    (void)steering_act(&steering, REQUEST_END_EPOCH, &finished);
    assert_string_equal(trainer.log, "");
    finished.state = TRAINER_PAUSED;
    (void)steering_act(&steering, REQUEST_END_EPOCH, &finished);
    assert_string_equal(trainer.log, "end-epoch");
}

static void while_loading_every_command_says_so(void **state)
{
    (void)state;
    static const char *const LINES[] = {"lr 1e-3", "epochs 3", "run 5", "goto 5", "model alexnet"};
    struct snapshot loading = {.state = TRAINER_LOADING};
    for (size_t index = 0; index < sizeof LINES / sizeof *LINES; index++) {
        struct trainer trainer = {""};
        struct steering steering = steering_of(&trainer, &loading);
        (void)console_run(LINES[index], &steering, &loading);
        assert_string_equal(steering.notice, "not loaded yet");
        assert_string_equal(trainer.log, "");
    }
}

static void a_replay_goes_on_from_its_end_and_back_to_any_step(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.session = session_of(&trainer)};
    struct snapshot ended = snapshot_in(TRAINER_FINISHED);
    ended.origin = SNAPSHOT_REPLAYED;
    (void)steering_act(&steering, REQUEST_PAUSE, &ended);
    (void)console_run("goto 12", &steering, &ended);
    (void)steering_act(&steering, REQUEST_END_EPOCH, &ended);
    assert_string_equal(trainer.log, "resume reach-12 end-epoch");
    (void)console_run("goto 123456", &steering, &ended);
    assert_non_null(strstr(steering.notice, "past the end"));
}

static void a_run_that_is_not_trained_here_can_be_left(void **state)
{
    (void)state;
    struct snapshot training = snapshot_in(TRAINER_TRAINING);
    assert_true(steering_unfinished(&training));
    training.origin = SNAPSHOT_WATCHED;
    assert_false(steering_unfinished(&training));
}

static void what_a_watched_run_refuses_is_not_waited_for(void **state)
{
    (void)state;
    struct trainer trainer = {""};
    struct steering steering = {.session = session_of(&trainer)};
    struct snapshot training = snapshot_in(TRAINER_TRAINING);
    training.origin = SNAPSHOT_WATCHED;
    (void)steering_act(&steering, REQUEST_PAUSE, &training);
    assert_false(steering_runs(&steering, &training));
    training.failure.code = ERROR_USAGE;
    steering_update(&steering, &training);
    assert_true(steering_runs(&steering, &training));
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
        cmocka_unit_test(undoing_goes_back_through_all_changes),
        cmocka_unit_test(many_changes_keep_the_newest_to_undo),
        cmocka_unit_test(a_restart_forgets_the_rates_before),
        cmocka_unit_test(each_command_sends_what_it_says),
        cmocka_unit_test(a_replay_is_moved_through_and_does_not_pause),
        cmocka_unit_test(a_line_that_makes_no_sense_sends_nothing_and_says_why),
        cmocka_unit_test(a_finished_run_can_only_be_made_longer),
        cmocka_unit_test(while_loading_every_command_says_so),
        cmocka_unit_test(a_replay_goes_on_from_its_end_and_back_to_any_step),
        cmocka_unit_test(a_run_that_is_not_trained_here_can_be_left),
        cmocka_unit_test(what_a_watched_run_refuses_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
