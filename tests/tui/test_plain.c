// SPDX-License-Identifier: MIT
/* The program without screens, and the card with what is known of the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "dashboard.h"

static struct terminal *start(void **state, const char *option)
{
    const char *const arguments[] = {option, NULL};
    return dashboard_start(
        state, (struct terminal_settings){
                   .arguments = arguments, .type = "xterm-256color", .rows = 60, .columns = 100});
}

static void check_end(struct terminal *terminal)
{
    int status = terminal_await_end(terminal);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    terminal_check_restored(terminal);
}

/* Whether anything but text was sent to the terminal. */
static bool wrote_sequences(struct terminal *terminal)
{
    size_t size;
    return strchr(terminal_bytes(terminal, &size), '\033');
}

static void events_are_sentences_and_keys_work_at_once(void **state)
{
    const char *const arguments[] = {"--plain", "--epochs", "100000", NULL};
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.arguments = arguments, .rows = 60, .columns = 100});
    terminal_await_text(terminal, "LeNet-5 trains, epoch 1 of 100000");
    terminal_await_text(terminal, "LeNet-5 after epoch 1: validation accuracy");
    terminal_type(terminal, " ");
    terminal_await_text(terminal, "LeNet-5 is paused at step");
    terminal_type(terminal, "2");
    terminal_await_text(terminal, " is taken for ");
    terminal_type(terminal, "3");
    terminal_await_text(terminal, " images are wrong, surest first.");
    terminal_type(terminal, "1");
    terminal_await_text(terminal, "LeNet-5, paused, epoch ");
    terminal_type(terminal, "+");
    terminal_await_text(terminal, "Learning rate 0.0015, u takes it back.");
    terminal_type(terminal, "?");
    terminal_await_text(terminal, "Full stop: train one batch, then pause.");
    terminal_await_text(terminal, "goto STEP: train to that step, then pause.");
    terminal_type(terminal, ":lt\177r 5e-4\r");
    terminal_await_text(terminal, "Command: lr 5e-4");
    terminal_await_text(terminal, "Learning rate 0.0005, u takes it back.");
    terminal_type(terminal, ":e\t");
    terminal_await_text(terminal, "epochs evaluate.");
    terminal_type(terminal, "v\t");
    terminal_await_text(terminal, "Command: evaluate");
    terminal_type(terminal, "\025\033");
    terminal_await_text(terminal, "No command.");
    terminal_type(terminal, ":nonsense\r");
    terminal_await_text(terminal, "No command ':nonsense'");
    terminal_type(terminal, "Q");
    terminal_await_text(terminal, "This key does nothing.");
    terminal_type(terminal, "q");
    terminal_await_text(terminal, "Quit?");
    terminal_type(terminal, "n");
    terminal_await_text(terminal, "Going on.");
    terminal_type(terminal, "qy");
    check_end(terminal);
    assert_false(wrote_sequences(terminal));
}

static void a_filter_chooses_the_mistakes_that_are_told(void **state)
{
    const char *const arguments[] = {"--plain", "--epochs", "1", NULL};
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.arguments = arguments, .rows = 60, .columns = 100});
    terminal_await_text(terminal, "LeNet-5 is finished after 54 steps.");
    terminal_type(terminal, "/true:dre\t pred:trouser\r");
    terminal_await_text(terminal, "Filter: true:dress pred:trouser");
    terminal_await_text(terminal, " mistakes are so: true:dress pred:trouser, surest first.");
    terminal_await_text(terminal, ", Dress, is taken for Trouser with ");
    assert_null(strstr(terminal_text(terminal), ", Shirt, is "));
    terminal_type(terminal, "/\025is:right trouser\r3");
    terminal_await_text(terminal, " of 600 images are so: is:right trouser, surest first.");
    terminal_await_text(terminal, ", Trouser, is right with ");
    terminal_type(terminal, "/\025p>\t");
    terminal_await_text(terminal, "since<3: the epoch since which the image is wrong.");
    terminal_type(terminal, "\r");
    terminal_await_text(terminal, "Column 3: ");
    terminal_type(terminal, "\033");
    terminal_await_text(terminal, "No other filter.");
    terminal_type(terminal, "/\025\r");
    terminal_await_text(terminal, " of 600 images are wrong, surest first.");
    terminal_type(terminal, "q");
    check_end(terminal);
}

static void keys_lead_to_other_evaluations_and_images(void **state)
{
    const char *const arguments[] = {"--plain", "--epochs", "2", NULL};
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.arguments = arguments, .rows = 60, .columns = 100});
    terminal_await_text(terminal, "LeNet-5 is finished after 108 steps.");
    terminal_type(terminal, "t");
    terminal_await_text(terminal, "q quits.\nLeNet-5 after epoch 2: test accuracy ");
    terminal_type(terminal, "3");
    terminal_await_text(terminal, " of 1000 images are wrong, surest first.");
    terminal_type(terminal, "[");
    terminal_await_text(terminal, "percent.\nLeNet-5 after epoch 1: validation accuracy ");
    terminal_type(terminal, "[");
    terminal_await_text(terminal, "This is the first evaluation.");
    terminal_type(terminal, "oa");
    terminal_await_text(terminal, " of 600 images are wrong, least sure first.");
    terminal_await_text(terminal, "\n600 images, least sure first.");
    terminal_type(terminal, "]]");
    terminal_await_text(terminal, "This is the newest evaluation.");
    terminal_type(terminal, "q");
    check_end(terminal);
}

static void a_run_is_told_to_its_end(void **state)
{
    const char *const arguments[] = {"--plain", "--epochs", "1", NULL};
    struct terminal *terminal =
        dashboard_start(state, (struct terminal_settings){.arguments = arguments, .locale = "C"});
    terminal_await_text(terminal, "LeNet-5 after epoch 1: test accuracy");
    terminal_await_text(terminal, "LeNet-5 is finished after 54 steps.");
    terminal_type(terminal, "q");
    check_end(terminal);
}

static void without_a_terminal_it_ends_with_the_run(void **state)
{
    const char *const arguments[] = {"--plain", "--epochs", "1", NULL};
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.arguments = arguments, .input_is_not_a_terminal = true});
    terminal_await_text(terminal, "LeNet-5 is finished after 54 steps.");
    check_end(terminal);
}

static void a_run_that_is_kept_can_be_saved_and_left(void **state)
{
    char folder[] = "/tmp/fmnist-plain-XXXXXX", command[96];
    assert_non_null(mkdtemp(folder));
    const char *const arguments[] = {"--plain", "--epochs", "100000", "--store", folder, NULL};
    struct terminal *terminal = dashboard_start(
        state, (struct terminal_settings){.arguments = arguments, .rows = 60, .columns = 100});
    terminal_await_text(terminal, "LeNet-5 after epoch 1: validation accuracy");
    terminal_type(terminal, " s");
    terminal_await_text(terminal, "Run 1 is saved as of step ");
    terminal_type(terminal, "q");
    terminal_await_text(terminal, "Quit? Run 1 is kept, and --resume goes on with it. y or n.");
    assert_null(strstr(terminal_text(terminal), "...."));
    terminal_type(terminal, "y");
    check_end(terminal);
    (void)snprintf(command, sizeof command, "To go on: fmnist-tui --resume 1 --store %s", folder);
    assert_non_null(strstr(terminal_text(terminal), command));
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static void signals_leave_the_terminal_as_it_was(void **state)
{
    const char *const arguments[] = {"--plain", "--epochs", "100000", NULL};
    struct terminal *terminal =
        dashboard_start(state, (struct terminal_settings){.arguments = arguments});
    terminal_await_text(terminal, "LeNet-5 after epoch");
    terminal_type(terminal, "\003");
    terminal_await_text(terminal, "Quit?");
    terminal_type(terminal, "\003");
    check_end(terminal);
}

static void the_test_card_tells_what_is_known_and_shows_all_glyphs(void **state)
{
    struct terminal *terminal = start(state, "--test-card");
    check_end(terminal);
    /* A machine under load may answer too late: the program waits 100 ms. */
    for (int more = 9; more > 0 && strstr(terminal_text(terminal), "no answer"); more--) {
        assert_int_equal(dashboard_teardown(state), 0);
        terminal = start(state, "--test-card");
        check_end(terminal);
    }
    static const char *const texts[] = {"fmnist-tui ",  "xterm-256color",  "100x60",
                                        "UTF-8",        "one column each", "colours      256",
                                        "\342\243\277", "\342\226\200",    "@"};
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
        if (!strstr(terminal_text(terminal), texts[index]))
            fail_msg("no '%s' in:\n%s", texts[index], terminal_text(terminal));
}

#define PLAIN_TEST(function) cmocka_unit_test_teardown(function, dashboard_teardown)

int main(void)
{
    dashboard_skip_without_terminals();
    const struct CMUnitTest tests[] = {
        PLAIN_TEST(events_are_sentences_and_keys_work_at_once),
        PLAIN_TEST(a_filter_chooses_the_mistakes_that_are_told),
        PLAIN_TEST(keys_lead_to_other_evaluations_and_images),
        PLAIN_TEST(a_run_is_told_to_its_end),
        PLAIN_TEST(without_a_terminal_it_ends_with_the_run),
        PLAIN_TEST(a_run_that_is_kept_can_be_saved_and_left),
        PLAIN_TEST(signals_leave_the_terminal_as_it_was),
        PLAIN_TEST(the_test_card_tells_what_is_known_and_shows_all_glyphs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
